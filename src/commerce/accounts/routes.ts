import type { FastifyInstance, FastifyRequest } from 'fastify';
import { parseSubscriptionId, type SubscriptionId } from '../../kernel/index.ts';
import { actorOf, allows, keyOfPrincipal } from '../../identity/index.ts';
import {
  invalidProperty,
  makeSkipToken,
  nextLinkOf,
  orConflict,
  queryParameters,
  readFields,
  readSkipToken,
  readTokenKey,
} from '../../platform/index.ts';
import { parseAccountId, parseAccountKind, toWireAccount, type BillingAccount } from './account.ts';
import { readAccountChange } from './account-fields.ts';
import type { AccountsApi } from './api.ts';
import { accountNotFound, accountsFor, authorizeAccount } from './authorize.ts';
import { putAccount } from './change.ts';
import {
  ACCOUNTS,
  addAccountRoutes,
  ensureAccounts,
  READ,
  WRITE,
  type AccountRoute,
} from './http.ts';
import { logoRoutes } from './logo-routes.ts';
import { accountOperations as operations } from './operations.ts';
import { toWirePeriod } from './period.ts';
import { listPeriods } from './period-store.ts';
import { preconditionOf } from './precondition.ts';
import { pricingRoutes } from './pricing-routes.ts';
import { readLineage } from './store.ts';
import { termRoutes } from './term-routes.ts';
import { readAccountTree } from './tree.ts';

/** Accounts on a page. */
const PAGE = 1000;

/** Who is billed by whom: read by those whose accounts they are, changed by the operator of commerce. */
export function accountRoutes(app: FastifyInstance, api: AccountsApi): void {
  app.get(ACCOUNTS, { config: { operation: operations.list } }, (request) => list(api, request));
  app.put<{ Params: { account: string } }>(
    `${ACCOUNTS}/:account`,
    { config: { operation: operations.put } },
    async (request, reply) => {
      const { account, created } = await put(api, request, request.params.account);
      void reply.header('etag', `"${account.etag}"`);
      return reply.code(created ? 201 : 200).send(toWireAccount(account));
    },
  );
  addAccountRoutes(app, api, [...ownRoutes(api), ...pricingRoutes(api), ...termRoutes(api)]);
  logoRoutes(app, api);
}

function ownRoutes(api: AccountsApi): AccountRoute[] {
  return [
    {
      method: 'GET',
      path: '',
      operation: operations.show,
      handle: async ({ account, reply }) => {
        void reply.header('etag', `"${account.etag}"`);
        return toWireAccount(account);
      },
    },
    {
      method: 'PATCH',
      path: '',
      operation: operations.patch,
      handle: async ({ account, request, reply, changing }) => {
        const change = readAccountChange(account.accountId, readFields(request.body));
        const changed = await api.database.transaction((tx) =>
          putAccount(tx, change, changing, preconditionOf(request)),
        );
        void reply.header('etag', `"${changed.account.etag}"`);
        return toWireAccount(changed.account);
      },
    },
    {
      method: 'GET',
      path: '/periods',
      operation: operations.periods,
      handle: async ({ account }) => ({
        value: (await listPeriods(api.database.pool, account.accountId)).map(toWirePeriod),
      }),
    },
  ];
}

async function put(
  api: AccountsApi,
  request: FastifyRequest,
  text: string,
): Promise<{ readonly account: BillingAccount; readonly created: boolean }> {
  const { database, clock } = api;
  const principal = await api.authenticate(request);
  await ensureAccounts(api);
  const id = parseAccountId(text);
  const [present] = id === undefined ? [] : await readLineage(database.pool, id);
  if (present !== undefined) await authorizeAccount(principal, WRITE, database.pool, text);
  // As for one that is there and hidden: who may not make any is not told which there are.
  else if (!allows(principal.grants, WRITE)) throw accountNotFound(text);
  if (id === undefined) throw invalidProperty('account', text, 'it has to be a GUID');
  const change = readAccountChange(present?.accountId ?? id, readFields(request.body));
  const changing = { clock, actor: actorOf(principal) };
  return orConflict(() =>
    database.transaction((tx) => putAccount(tx, change, changing, preconditionOf(request))),
  );
}

async function list(api: AccountsApi, request: FastifyRequest): Promise<object> {
  const { pool } = api.database;
  const principal = await api.authenticate(request);
  await ensureAccounts(api);
  const { kind, parentId, filter } = readFilter(request);
  const listName = JSON.stringify([ACCOUNTS, keyOfPrincipal(principal), filter]);
  const after = await readPosition(api, request, listName);
  const shown = accountsFor(principal, READ, await readAccountTree(pool))
    .filter((one) => kind === undefined || one.kind === kind)
    .filter((one) => parentId === undefined || one.parentId === parentId)
    .filter(({ accountId }) => after === undefined || String(accountId) > String(after))
    .toSorted((one, other) => (one.accountId < other.accountId ? -1 : 1));
  const value = shown.slice(0, PAGE).map(toWireAccount);
  const last = shown.length > PAGE ? shown[PAGE - 1] : undefined;
  const id = last && parseSubscriptionId(last.accountId);
  if (id === undefined) return { value };
  const token = makeSkipToken(await readTokenKey(pool), listName, id);
  return { value, nextLink: nextLinkOf(request, token) };
}

function readFilter(request: FastifyRequest): {
  readonly kind: BillingAccount['kind'] | undefined;
  readonly parentId: BillingAccount['parentId'];
  readonly filter: readonly (string | undefined)[];
} {
  const parameters = queryParameters(request);
  const kindText = parameters.get('kind');
  const parentText = parameters.get('parent');
  const kind = kindText === undefined ? undefined : parseAccountKind(kindText);
  if (kindText !== undefined && kind === undefined) {
    throw invalidProperty('kind', kindText, 'it is a kind of accounts, such as customer');
  }
  const parentId = parentText === undefined ? undefined : parseAccountId(parentText);
  if (parentText !== undefined && parentId === undefined) {
    throw invalidProperty('parent', parentText, 'it has to be a GUID');
  }
  return { kind, parentId, filter: [kind, parentId] };
}

async function readPosition(
  { database }: AccountsApi,
  request: FastifyRequest,
  listName: string,
): Promise<SubscriptionId | undefined> {
  const token = queryParameters(request).get('$skiptoken');
  if (token === undefined) return undefined;
  return readSkipToken(await readTokenKey(database.pool), listName, token);
}
