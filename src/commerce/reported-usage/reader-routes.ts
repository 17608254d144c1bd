import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { dayNumber, dayStart, hourFromInstant, parseWireTime } from '../../kernel/index.ts';
import { allows, authorize, type Principal } from '../../identity/index.ts';
import { invalidProperty, queryParameters } from '../../platform/index.ts';
import { parseWindowName, writeAccepted } from '../../reporting/index.ts';
import { findRegistration, readStatementKey, type Registration } from '../registration/index.ts';
import { checkRange, completeRange, readAcceptedWindows } from './accepted-windows.ts';
import type { ReportedUsageApi } from './api.ts';
import { reportedUsageOperations as operations } from './operations.ts';
import { registrationNotFound } from './stamp-routes.ts';
import { makeStatement } from './statement.ts';
import { streamTotals, type ReceivedTotal } from './totals-store.ts';

interface ReaderParams {
  readonly registrationId: string;
}

const ONE = '/api/v1/reported-usage/:registrationId';
/** Windows of which sums are read at once: a year. */
const MOST_SUMMED = 366 * 24;

/** What the stamp reads as well as who runs its registration. */
export function readerRoutes(app: FastifyInstance, api: ReportedUsageApi): void {
  app.get<{ Params: ReaderParams }>(
    `${ONE}/windows`,
    { config: { operation: operations.windows } },
    async (request) => {
      const { number } = await readableRegistration(api, request);
      const range = await completeRange(api.database.pool, number, givenRange(request));
      const windows = await readAcceptedWindows(api.database.pool, number, range);
      return { windows: windows.map(writeAccepted) };
    },
  );
  app.get<{ Params: ReaderParams }>(
    `${ONE}/statement`,
    { config: { operation: operations.statement } },
    async (request) => {
      const registration = await readableRegistration(api, request);
      return makeStatement(api, registration, givenRange(request));
    },
  );
  app.get<{ Params: ReaderParams }>(
    `${ONE}/totals`,
    { config: { operation: operations.totals } },
    async (request, reply) => {
      const { number } = await readableRegistration(api, request);
      const range = await completeRange(api.database.pool, number, givenRange(request));
      checkRange(range, MOST_SUMMED);
      return reply
        .type('application/json; charset=utf-8')
        .send(Readable.from(totalsText(streamTotals(api.database.pool, number, range))));
    },
  );
  app.get('/api/v1/statement-keys', { config: { operation: operations.keys } }, async () => {
    const { kid, publicJwk } = await readStatementKey(api.database);
    return { keys: [{ ...publicJwk, kid }] };
  });
}

/**
 * The registration that the path names, for its own stamp and for who may read registrations or what
 * stamps reported on its subscription.
 *
 * @throws AuthorizationFailed to all others, whether or not there is such a registration
 */
async function readableRegistration(
  api: ReportedUsageApi,
  request: FastifyRequest<{ Params: ReaderParams }>,
): Promise<Registration> {
  const principal = await api.authenticate(request);
  const { registrationId } = request.params;
  const found = await findRegistration(api.database.pool, registrationId);
  if (found !== undefined && mayRead(principal, found)) return found;
  authorize(principal, 'Microsoft.AzureStack/registrations/read');
  throw registrationNotFound(registrationId);
}

function mayRead(principal: Principal, registration: Registration): boolean {
  const { subscriptionId, resourceGroup, principalId } = registration;
  if (principal.principalId === principalId) return true;
  const target = { subscriptionId, resourceGroup };
  return (
    allows(principal.grants, 'Microsoft.AzureStack/registrations/read', target) ||
    allows(principal.grants, 'Stackmeter.Commerce/reportedUsage/read', target)
  );
}

function givenRange(request: FastifyRequest): {
  readonly from: number | undefined;
  readonly to: number | undefined;
} {
  const parameters = queryParameters(request);
  const readOne = (name: string): number | undefined => {
    const text = parameters.get(name);
    return text === undefined ? undefined : readWindow(name, text);
  };
  return { from: readOne('from'), to: readOne('to') };
}

/** A window by its name, or the time at which it begins. @throws InvalidProperty */
export function readWindow(parameter: string, text: string): number {
  const time = parseWireTime(text);
  const window = parseWindowName(text.toUpperCase()) ?? (time && hourFromInstant(time));
  if (window !== undefined && window >= 0) return window;
  const rule = 'it has to be a window like 2026-11-23T10Z, or a time on the hour';
  throw invalidProperty(parameter, text, rule);
}

/** The answer in pieces, a day each. */
async function* totalsText(
  days: AsyncIterable<readonly ReceivedTotal[]>,
): AsyncGenerator<string, void, undefined> {
  let before = '{"totals":[';
  for await (const totals of days) {
    if (totals.length === 0) continue;
    yield before + totals.map((total) => JSON.stringify(toWireTotal(total))).join(',');
    before = ',';
  }
  yield before === ',' ? ']}' : `${before}]}`;
}

function toWireTotal(total: ReceivedTotal): readonly (string | number)[] {
  return [
    dayStart(dayNumber(total.day)).toString().slice(0, 10),
    total.subscriptionId,
    total.meterId,
    total.rows,
    total.quantity,
    total.onBaseQuantity,
    total.unpaidQuantity,
  ];
}
