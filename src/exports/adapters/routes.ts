import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import {
  fail,
  hourOf,
  isGuid,
  isWholeHour,
  parseSubscriptionId,
  parseWireTime,
  StackmeterError,
} from '../../kernel/index.ts';
import {
  actorOf,
  allows,
  keyOfPrincipal,
  type Action,
  type Authenticate,
  type Changing,
  type Principal,
} from '../../identity/index.ts';
import {
  invalidProperty,
  makeSkipToken,
  nextLinkOf,
  orConflict,
  pathOf,
  queryParameters,
  readFields,
  readParsed,
  readSkipToken,
  readText,
  readTokenKey,
  requireText,
  type Fields,
  type Operation,
} from '../../platform/index.ts';
import {
  accountsFor,
  authorizeAccount,
  readAccountTree,
  type AccountId,
} from '../../commerce/accounts/index.ts';
import { toWireAdapter, type AdapterDefinition } from './adapter.ts';
import { putAdapter, removeAdapter, replayDeadLetters } from './change.ts';
import { dryRun } from './dry-run.ts';
import { listDeadLetters } from './event-store.ts';
import { toWireDeadLetter } from './event.ts';
import { readAdapterChange } from './fields.ts';
import { adapterOperations as operations } from './operations.ts';
import type { AdapterRoom } from './room.ts';
import { findAdapter, listAdapters, readProgress } from './store.ts';
import { listDeliveries, toWireDelivery } from './window-store.ts';

const LIST = '/api/v1/billing-adapters';
const ONE = `${LIST}/:adapter`;
const READ: Action = 'Stackmeter.Billing/adapters/read';
const WRITE: Action = 'Stackmeter.Billing/adapters/write';
const PAGE = 100;

/** What the routes of adapters need. */
export interface AdapterApi extends Pick<AdapterRoom, 'database' | 'clock'> {
  readonly authenticate: Authenticate;
  /** Called when something has become due; it is sent a little later anyway. */
  readonly wake?: () => void;
}

/** Adapters of an account: for those who may do this to it, or to one above. */
export function adapterRoutes(app: FastifyInstance, api: AdapterApi): void {
  const { database } = api;
  app.get(LIST, { config: { operation: operations.list } }, async (request) => {
    const principal = await api.authenticate(request);
    const account = queryParameters(request).get('account');
    const all = await listAdapters(
      database.pool,
      account === undefined
        ? await readableAccounts(api, principal)
        : [(await authorizeAccount(principal, READ, database.pool, account)).accountId],
    );
    return { value: await toWire(api, principal, all) };
  });
  app.put<{ Params: Params }>(ONE, { config: { operation: operations.put } }, (request, reply) =>
    orConflict(() => put(api, request, reply)),
  );
  addRoute(app, api, 'GET', '', READ, operations.show, async ({ one, principal }) => {
    const [shown] = await toWire(api, principal, [one]);
    return shown;
  });
  addRoute(app, api, 'DELETE', '', WRITE, operations.remove, async ({ one, reply, changing }) => {
    await database.transaction((tx) => removeAdapter(tx, one.adapterId, changing));
    return reply.code(204).send();
  });
  addRoute(app, api, 'POST', '/dry-run', READ, operations.dryRun, ({ one, request }) => {
    const fields = readFields(request.body);
    requireText(fields, 'window');
    const window = readParsed(fields, 'window', parseHour, 'it is a full hour in UTC');
    return dryRun(database, one, window ?? 0);
  });
  listRoutes(app, api);
}

function listRoutes(app: FastifyInstance, api: AdapterApi): void {
  const { database } = api;
  addRoute(app, api, 'GET', '/dead-letters', READ, operations.deadLetters, (call) =>
    listPage(api, call, async (page) => {
      const found = await listDeadLetters(database.pool, call.one.adapterId, page);
      return found.map((one) => ({ id: one.eventId, wire: toWireDeadLetter(one) }));
    }),
  );
  addRoute(app, api, 'GET', '/deliveries', READ, operations.deliveries, (call) =>
    listPage(api, call, async (page) => {
      const found = await listDeliveries(database.pool, call.one.adapterId, page);
      return found.map((one) => ({ id: one.id, wire: toWireDelivery(one) }));
    }),
  );
  const replay = '/dead-letters/replay';
  addRoute(app, api, 'POST', replay, WRITE, operations.replay, async (call) => {
    const { one, request, reply, changing } = call;
    const eventId = readParsed(
      fieldsOf(request),
      'eventId',
      (text) => (isGuid(text) ? text : undefined),
      'it has to be a GUID',
    );
    const events = await database.transaction((tx) =>
      replayDeadLetters(tx, one.adapterId, eventId, changing),
    );
    api.wake?.();
    return reply.code(202).send({ events });
  });
}

/** Undefined: all. */
async function readableAccounts(
  { database }: AdapterApi,
  principal: Principal,
): Promise<AccountId[] | undefined> {
  if (allows(principal.grants, READ)) return undefined;
  const tree = await readAccountTree(database.pool);
  return accountsFor(principal, READ, tree).map(({ accountId }) => accountId);
}

async function toWire(
  { database }: AdapterApi,
  principal: Principal,
  all: readonly AdapterDefinition[],
): Promise<Readonly<Record<string, unknown>>[]> {
  if (all.length === 0) return [];
  const ids = all.map(({ adapterId }) => adapterId);
  const [progress, tree] = await Promise.all([
    readProgress(database.pool, ids),
    readAccountTree(database.pool),
  ]);
  const writable = new Set(accountsFor(principal, WRITE, tree).map(({ accountId }) => accountId));
  return all.map((one) => {
    const url = writable.has(one.accountId) ? 'whole' : 'origin';
    return toWireAdapter(one, url, progress.get(one.adapterId));
  });
}

interface Params {
  readonly adapter: string;
}

interface AdapterCall {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly principal: Principal;
  readonly changing: Changing;
  readonly one: AdapterDefinition;
}

function addRoute(
  app: FastifyInstance,
  api: AdapterApi,
  method: 'GET' | 'DELETE' | 'POST',
  path: string,
  action: Action,
  operation: Operation,
  handle: (call: AdapterCall) => Promise<unknown>,
): void {
  app.route<{ Params: Params }>({
    method,
    url: ONE + path,
    config: { operation },
    handler: async (request, reply) => {
      const principal = await api.authenticate(request);
      const text = request.params.adapter;
      const one = await findAdapter(api.database.pool, text);
      if (one === undefined) throw adapterNotFound(text);
      await authorizeAdapter(api, principal, action, one);
      const changing = { clock: api.clock, actor: actorOf(principal) };
      return handle({ request, reply, principal, changing, one });
    },
  });
}

/** Whose account is not there for the caller, of that the adapter is not either. */
async function authorizeAdapter(
  { database }: AdapterApi,
  principal: Principal,
  action: Action,
  { adapterId, accountId }: AdapterDefinition,
): Promise<void> {
  try {
    await authorizeAccount(principal, action, database.pool, accountId);
  } catch (error) {
    const isHidden = error instanceof StackmeterError && error.code === 'BillingAccountNotFound';
    throw isHidden ? adapterNotFound(adapterId) : error;
  }
}

function adapterNotFound(adapter: string): Error {
  return fail('AdapterNotFound', { adapter });
}

async function put(
  api: AdapterApi,
  request: FastifyRequest<{ Params: Params }>,
  reply: FastifyReply,
): Promise<unknown> {
  const { database, clock } = api;
  const principal = await api.authenticate(request);
  const adapterId = request.params.adapter;
  const fields = readFields(request.body);
  const present = await findAdapter(database.pool, adapterId);
  const asked = readText(fields, 'accountId');
  if (present !== undefined && !(await isSeen(api, principal, present))) {
    // To whom it is hidden its id is as good as new, and taken.
    await authorizeAccount(principal, WRITE, database.pool, requireText(fields, 'accountId'));
    throw fail('Conflict', { reason: `the id ${adapterId} is taken` });
  }
  const wanted = asked ?? present?.accountId;
  if (wanted === undefined) throw invalidProperty('accountId', undefined, 'it has to be given');
  const { accountId } = await authorizeAccount(principal, WRITE, database.pool, wanted);
  if (present !== undefined && accountId !== present.accountId) {
    throw invalidProperty('accountId', wanted, 'an adapter stays with its account');
  }
  const change = readAdapterChange(fields);
  const changing = { clock, actor: actorOf(principal) };
  const { adapter, madeSecret } = await database.transaction((tx) =>
    putAdapter(tx, { adapterId, accountId }, change, changing),
  );
  api.wake?.();
  const [shown] = await toWire(api, principal, [adapter]);
  const status = present === undefined ? 201 : 200;
  return reply.code(status).send({ ...shown, ...(madeSecret && { secret: madeSecret }) });
}

async function isSeen(
  { database }: AdapterApi,
  principal: Principal,
  { accountId }: AdapterDefinition,
): Promise<boolean> {
  try {
    await authorizeAccount(principal, READ, database.pool, accountId);
    return true;
  } catch (error) {
    if (error instanceof StackmeterError) return false;
    throw error;
  }
}

function parseHour(text: string): number | undefined {
  const time = parseWireTime(text);
  return time !== undefined && isWholeHour(time) ? hourOf(time) : undefined;
}

/** A body that need not be there. */
function fieldsOf({ body }: FastifyRequest): Fields {
  return body === undefined || body === null ? {} : readFields(body);
}

interface Page {
  readonly after: string | undefined;
  readonly limit: number;
}

async function listPage(
  { database }: AdapterApi,
  { request, principal }: AdapterCall,
  read: (page: Page) => Promise<readonly { readonly id: string; readonly wire: object }[]>,
): Promise<object> {
  const list = JSON.stringify([keyOfPrincipal(principal), pathOf(request).toLowerCase()]);
  const token = queryParameters(request).get('$skiptoken');
  const key = await readTokenKey(database.pool);
  const after = token === undefined ? undefined : readSkipToken(key, list, token);
  const found = await read({ after, limit: PAGE + 1 });
  const value = found.slice(0, PAGE).map(({ wire }) => wire);
  const last = found.length > PAGE ? found[PAGE - 1] : undefined;
  const id = last && parseSubscriptionId(last.id);
  if (id === undefined) return { value };
  return { value, nextLink: nextLinkOf(request, makeSkipToken(key, list, id)) };
}
