import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  dayFromInstant,
  fail,
  hourFromInstant,
  isGuid,
  parseWireTime,
  type HourNumber,
} from '../../kernel/index.ts';
import { actorOf, authorize, type Authenticate, type Principal } from '../../identity/index.ts';
import {
  invalidProperty,
  makeContinuationToken,
  nextLinkOf,
  queryParameters,
  readContinuationToken,
  readFields,
  readText,
  readTokenKey,
  requireText,
  type Clock,
  type Database,
  type Fields,
} from '../../platform/index.ts';
import {
  authorizeAccount,
  findPeriod,
  readAccountTree,
  sellerOf,
  type BillingAccount,
} from '../accounts/index.ts';
import { readPriceList } from '../pricing/index.ts';
import { findCharge, listCharges } from './charge-store.ts';
import { explainCharge, explainRows, type ChargeExplanation } from './explain.ts';
import { ratingOperations as operations } from './operations.ts';
import { periodNames } from './period-names.ts';
import { rerate } from './rerate.ts';
import { verifyAlone } from './verify-alone.ts';
import { whatIf } from './what-if.ts';
import {
  toWireCharge,
  toWireDifference,
  toWireExplanation,
  toWireReport,
  toWireRow,
  toWireWhatIf,
} from './wire.ts';

/** What the routes of rating need. */
export interface RatingApi {
  readonly database: Database;
  readonly clock: Clock;
  readonly authenticate: Authenticate;
}

const CHARGES = '/api/v1/charges';
const READ = 'Stackmeter.Billing/charges/read';
const WRITE = 'Stackmeter.Billing/charges/write';
/** Charges, or resources of a charge, on a page. */
const PAGE = 1000;
const RESOURCES = 100;

/** What usage costs: for those whose account it is, and those above. */
export function ratingRoutes(app: FastifyInstance, api: RatingApi): void {
  app.get(CHARGES, { config: { operation: operations.list } }, (request) => list(api, request));
  app.get<{ Params: { charge: string } }>(
    `${CHARGES}/:charge/explanation`,
    { config: { operation: operations.explain } },
    (request) => explain(api, request),
  );
  app.post('/api/v1/what-if', { config: { operation: operations.whatIf } }, async (request) => {
    const principal = await api.authenticate(request);
    const fields = readFields(request.body);
    const account = await givenAccount(api, principal, READ, readText(fields, 'accountId'));
    if (account !== undefined) await requireSeller(api, principal, account);
    const { content, problems } = readPriceList(fields['content']);
    if (content === undefined) {
      const [first] = problems;
      throw fail('PriceListInvalid', {
        problem: `${first?.place ?? '$'}: ${first?.problem ?? ''}`,
      });
    }
    const lines = await whatIf(api, {
      periodName: requireText(fields, 'period'),
      accountId: account?.accountId,
      priceListId: readText(fields, 'priceListId'),
      content,
    });
    return { lines: lines.map(toWireWhatIf) };
  });
  operatorRoutes(app, api);
}

function operatorRoutes(app: FastifyInstance, api: RatingApi): void {
  const { pool } = api.database;
  app.post(
    '/api/v1/rating/rerate',
    { config: { operation: operations.rerate } },
    async (request) => {
      const principal = await api.authenticate(request);
      const fields = readFields(request.body);
      const account = await givenAccount(api, principal, WRITE, readText(fields, 'accountId'));
      const wanted = {
        accountId: account?.accountId,
        from: readHour(fields, 'from'),
        to: readHour(fields, 'to'),
        reason: requireText(fields, 'reason'),
      };
      const changing = { clock: api.clock, actor: actorOf(principal) };
      const reports = await rerate(api, wanted, changing);
      const changed = reports.flatMap(({ changes }) => changes.map(({ period }) => period));
      const names = await periodNames(pool, changed);
      return { runs: reports.map((report) => toWireReport(report, names)) };
    },
  );
  app.get(
    '/api/v1/rating/verification',
    { config: { operation: operations.verify } },
    async (request) => {
      const principal = await api.authenticate(request);
      // It reads all that a buyer's customers ever used: for those who answer for the whole of commerce.
      authorize(principal, READ);
      const parameters = queryParameters(request);
      const account = await givenAccount(api, principal, READ, parameters.get('account'));
      const { checked, differences } = await verifyAlone(api, {
        accountId: account?.accountId,
        periodName: parameters.get('period'),
      });
      return { checked, differences: differences.map(toWireDifference) };
    },
  );
}

/** The account that was named, by who may do this to it; none named is all of them. */
async function givenAccount(
  { database }: RatingApi,
  principal: Principal,
  action: typeof READ | typeof WRITE,
  account: string | undefined,
): Promise<BillingAccount | undefined> {
  if (account !== undefined) {
    return authorizeAccount(principal, action, database.pool, account);
  }
  authorize(principal, action);
  return undefined;
}

/** What usage costs at prices that one chose tells the markups: they are for who may see the account of the seller. */
async function requireSeller(
  api: RatingApi,
  principal: Principal,
  { accountId }: BillingAccount,
): Promise<void> {
  const tree = await readAccountTree(api.database.pool);
  const seller = sellerOf(tree, accountId);
  if (seller !== undefined && (await maySee(api, principal, seller.accountId))) return;
  authorize(principal, READ);
}

async function list(api: RatingApi, request: FastifyRequest): Promise<object> {
  const { pool } = api.database;
  const principal = await api.authenticate(request);
  const parameters = queryParameters(request);
  const id = parameters.get('account');
  if (id === undefined) throw invalidProperty('account', '', 'it has to be given');
  const { accountId } = await authorizeAccount(principal, READ, pool, id);
  const name = parameters.get('period');
  const period = name === undefined ? undefined : await findPeriod(pool, accountId, name);
  if (name !== undefined && period === undefined) return { value: [] };
  const key = await readTokenKey(pool);
  const query = `charges|${accountId}|${name ?? ''}`;
  const token = parameters.get('$skiptoken');
  const after = token && readContinuationToken(key, query, token, numberOf, '$skiptoken');
  const found = await listCharges(pool, {
    accountId,
    period: period?.period,
    after: after === undefined || after === '' ? undefined : BigInt(after),
    limit: PAGE + 1,
  });
  const page = found.slice(0, PAGE);
  const names = await periodNames(
    pool,
    page.map((one) => one.period),
  );
  const last = found.length > PAGE ? page.at(-1) : undefined;
  return {
    value: page.map((one) => toWireCharge(one, names.get(one.period) ?? '')),
    ...(last && {
      nextLink: nextLinkOf(request, makeContinuationToken(key, query, [last.charge.toString()])),
    }),
  };
}

function numberOf([text]: readonly unknown[]): string | undefined {
  return typeof text === 'string' && /^[0-9]{1,18}$/.test(text) ? text : undefined;
}

function guidOf([text]: readonly unknown[]): string | undefined {
  return typeof text === 'string' && isGuid(text) ? text : undefined;
}

async function explain(
  api: RatingApi,
  request: FastifyRequest<{ Params: { charge: string } }>,
): Promise<object> {
  const { pool } = api.database;
  const principal = await api.authenticate(request);
  const number = numberOf([request.params.charge]);
  const known = number === undefined ? undefined : await findCharge(pool, BigInt(number));
  // Who may not see the account is not told whether there is such a charge.
  const notFound = fail('ChargeNotFound', { charge: request.params.charge });
  if (known === undefined) throw notFound;
  if (!(await maySee(api, principal, known.accountId))) throw notFound;
  const parameters = queryParameters(request);
  const key = await readTokenKey(pool);
  const query = `explanation|${known.charge}`;
  const token = parameters.get('$skiptoken');
  const resourcesAfter = token && readContinuationToken(key, query, token, guidOf, '$skiptoken');
  const explained = await explainCharge(pool, known.charge, { resourcesAfter, limit: RESOURCES });
  if (explained === undefined) throw notFound;
  const { next } = explained;
  const names = await periodNames(pool, [known.period]);
  const options = {
    showsChain: await showsChain(api, principal, explained),
    ...(next !== undefined && {
      nextLink: nextLinkOf(request, makeContinuationToken(key, query, [next])),
    }),
  };
  const answer = toWireExplanation(explained, names.get(known.period) ?? '', options);
  const place = linePlace(parameters);
  if (place === undefined) return answer;
  const rows = await explainRows(pool, { charge: known.charge, ...place });
  return { ...answer, rows: rows.map(toWireRow) };
}

async function showsChain(
  api: RatingApi,
  principal: Principal,
  { sale, plan }: ChargeExplanation,
): Promise<boolean> {
  if (plan.chain === '[]') return true;
  return sale !== undefined && maySee(api, principal, sale.seller.accountId);
}

async function maySee(
  { database }: RatingApi,
  principal: Principal,
  account: BillingAccount['accountId'],
): Promise<boolean> {
  try {
    await authorizeAccount(principal, READ, database.pool, account);
    return true;
  } catch (error) {
    if (isRefusal(error)) return false;
    throw error;
  }
}

function isRefusal(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'BillingAccountNotFound' || code === 'AuthorizationFailed';
}

/** @throws InvalidProperty when only one of resource and day is given, or one is none */
function linePlace(
  parameters: ReadonlyMap<string, string>,
): { readonly resourceKey: string; readonly usageDay: number } | undefined {
  const resource = parameters.get('resource');
  const day = parameters.get('day');
  if (resource === undefined && day === undefined) return undefined;
  if (resource === undefined || !isGuid(resource)) {
    throw invalidProperty('resource', resource, 'it is the key of a resource, with a day');
  }
  const time = day === undefined ? undefined : parseWireTime(day);
  const usageDay = time && dayFromInstant(time);
  if (usageDay === undefined) {
    throw invalidProperty('day', day, 'it is a day like 2026-10-01, with a resource');
  }
  return { resourceKey: resource.toLowerCase(), usageDay };
}

function readHour(fields: Fields, name: string): HourNumber {
  const text = requireText(fields, name);
  const time = parseWireTime(text);
  const hour = time && hourFromInstant(time);
  if (hour !== undefined) return hour;
  throw invalidProperty(name, text, 'it is a time on the hour, like 2026-11-01T00:00:00Z');
}
