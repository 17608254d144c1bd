import { Readable } from 'node:stream';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { dayNumber, dayStart, fail, hourFromInstant, parseWireTime } from '../../kernel/index.ts';
import { allows, authorize, type Principal } from '../../identity/index.ts';
import {
  invalidProperty,
  json,
  queryParameters,
  type Database,
  type Operation,
} from '../../platform/index.ts';
import { parseWindowName, windowName } from '../../reporting/index.ts';
import { findRegistration, type Registration } from '../registration/index.ts';
import type { CommerceUsageApi } from './api.ts';
import {
  billedTotals,
  readFirstBuyers,
  registrationRatedUpTo,
  type BilledTotal,
} from './billed-totals-store.ts';
import type { HourRange } from './billing-period.ts';

interface Path {
  readonly registrationId: string;
}

const PATH = '/api/v1/billed-usage/:registrationId';
const HOURS_PER_DAY = 24;
/** Windows of which sums are read at once: a year. */
const MOST_SUMMED = 366 * HOURS_PER_DAY;

const SHARED = {
  tag: 'reported usage',
  access: 'token',
  errors: ['RegistrationNotFound'],
} as const satisfies Partial<Operation>;

const window = (description: string) => ({
  in: 'query' as const,
  required: true,
  description,
  schema: { type: 'string', examples: ['2026-11-23T10Z'] },
});

const operations = {
  progress: {
    ...SHARED,
    id: 'getBilledProgress',
    summary: 'How far the usage of a stamp has been rated',
    answers: {
      200: {
        description: 'The first window that has not; null: none has.',
        contents: json({
          type: 'object',
          required: ['registrationId', 'ratedUpTo'],
          properties: {
            registrationId: { type: 'string', format: 'uuid' },
            ratedUpTo: { type: ['string', 'null'], examples: ['2026-11-23T10Z'] },
          },
        }),
      },
    },
  },
  totals: {
    ...SHARED,
    id: 'getBilledTotals',
    summary: 'Sums of what is billed of what a stamp reported, by day, subscription and meter',
    description:
      'Of windows that have been rated, and of the sale nearest to the usage: partners above buy the same once more. At most 366 days at once.',
    parameters: [
      { name: 'from', ...window('The first window.') },
      { name: 'to', ...window('The window after the last.') },
    ],
    answers: {
      200: {
        description: 'In the order of day, subscription, meter.',
        contents: json({
          type: 'object',
          properties: {
            totals: {
              type: 'array',
              description:
                'Reported day, subscription of the stamp, meter in lower case, rows, quantity, quantity on the subscription of the registration, quantity that costs nothing.',
              items: { type: 'array', minItems: 7, maxItems: 7 },
            },
          },
        }),
      },
    },
  },
} as const satisfies Readonly<Record<string, Operation>>;

/** What is billed of what a stamp reported: for the stamp itself, and for who runs its registration. */
export function billedTotalsRoutes(app: FastifyInstance, api: CommerceUsageApi): void {
  app.get<{ Params: Path }>(
    PATH,
    { config: { operation: operations.progress } },
    async (request) => {
      const { registrationId, number } = await readableRegistration(api, request);
      const next = await registrationRatedUpTo(api.database.pool, number);
      return { registrationId, ratedUpTo: next === undefined ? null : windowName(next) };
    },
  );
  app.get<{ Params: Path }>(
    `${PATH}/totals`,
    { config: { operation: operations.totals } },
    async (request, reply) => {
      const { number } = await readableRegistration(api, request);
      const range = readRange(request);
      return reply
        .type('application/json; charset=utf-8')
        .send(Readable.from(totalsText(streamTotals(api.database, number, range))));
    },
  );
}

/**
 * The registration that the path names, for those who may read what was received of it.
 *
 * @throws AuthorizationFailed to all others, whether or not there is such a registration
 */
async function readableRegistration(
  api: CommerceUsageApi,
  request: FastifyRequest<{ Params: Path }>,
): Promise<Registration> {
  const principal = await api.authenticate(request);
  const { registrationId } = request.params;
  const found = await findRegistration(api.database.pool, registrationId);
  if (found !== undefined && mayRead(principal, found)) return found;
  authorize(principal, 'Microsoft.AzureStack/registrations/read');
  const hidden = { resourceGroup: '-', subscriptionId: '-' };
  throw fail('RegistrationNotFound', { name: registrationId, ...hidden });
}

/** Its own stamp, and who may read registrations or what stamps reported on its subscription. */
function mayRead(principal: Principal, registration: Registration): boolean {
  const { subscriptionId, resourceGroup, principalId } = registration;
  if (principal.principalId === principalId) return true;
  const target = { subscriptionId, resourceGroup };
  return (
    allows(principal.grants, 'Microsoft.AzureStack/registrations/read', target) ||
    allows(principal.grants, 'Stackmeter.Commerce/reportedUsage/read', target)
  );
}

/** @throws InvalidProperty */
function readRange(request: FastifyRequest): HourRange {
  const parameters = queryParameters(request);
  const readOne = (name: string): number => {
    const text = parameters.get(name) ?? '';
    const time = parseWireTime(text);
    const found = parseWindowName(text.toUpperCase()) ?? (time && hourFromInstant(time));
    if (found !== undefined && found >= 0) return found;
    throw invalidProperty(name, text, 'it has to be a window like 2026-11-23T10Z');
  };
  const range = { from: readOne('from'), to: readOne('to') };
  const rule = `it has to be before to, by ${MOST_SUMMED} windows at most`;
  if (range.from <= range.to && range.to - range.from <= MOST_SUMMED) return range;
  throw invalidProperty('from', windowName(range.from), rule);
}

/** A reported day at a time, so that a long range takes no more memory than a day. */
async function* streamTotals(
  database: Database,
  registration: number,
  { from, to }: HourRange,
): AsyncGenerator<readonly BilledTotal[], void, undefined> {
  const ratedUpTo = await registrationRatedUpTo(database.pool, registration);
  if (ratedUpTo === undefined) return;
  const buyers = await readFirstBuyers(database.pool);
  for (let start = from; start < to;) {
    const end = Math.min(to, (Math.floor(start / HOURS_PER_DAY) + 1) * HOURS_PER_DAY);
    yield await billedTotals(database, registration, { from: start, to: end }, buyers);
    start = end;
  }
}

/** The answer in pieces, a day each. */
async function* totalsText(
  days: AsyncIterable<readonly BilledTotal[]>,
): AsyncGenerator<string, void, undefined> {
  let before = '{"totals":[';
  for await (const totals of days) {
    if (totals.length === 0) continue;
    yield before + totals.map(toWireTotal).join(',');
    before = ',';
  }
  yield before === ',' ? ']}' : `${before}]}`;
}

function toWireTotal(total: BilledTotal): string {
  const { day, subscriptionId, meterId, rows, quantity, onBaseQuantity, unpaidQuantity } = total;
  const date = dayStart(dayNumber(day)).toString().slice(0, 10);
  const texts = JSON.stringify([date, subscriptionId, meterId]).slice(0, -1);
  return `${texts},${rows},"${quantity}","${onBaseQuantity}","${unpaidQuantity}"]`;
}
