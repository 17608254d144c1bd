import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { actorOf, type Action, type Authenticate, type Changing } from '../../identity/index.ts';
import {
  orConflict,
  readFields,
  readText,
  type Clock,
  type Database,
  type Fields,
  type Operation,
} from '../../platform/index.ts';
import {
  authorizeAccount,
  ensureBillingAccounts,
  preconditionOf,
  type BillingAccount,
  type Precondition,
} from '../accounts/index.ts';
import { budgetNotFound, MOST_BUDGETS, putBudget, removeBudget } from './change.ts';
import { readStatus } from './evaluate.ts';
import { readBudgetChange } from './fields.ts';
import { listFirings } from './firing-store.ts';
import { budgetOperations as operations } from './operations.ts';
import { findBudget, listBudgets, type StoredBudget } from './store.ts';
import { etagText, toWireBudget, toWireFiring } from './wire.ts';

/** What the routes of budgets need. */
export interface BudgetApi {
  readonly database: Database;
  readonly clock: Clock;
  readonly authenticate: Authenticate;
}

const LIST = '/api/v1/accounts/:account/budgets';
const ONE = `${LIST}/:budget`;
/** Alerts of a history. */
const MOST_FIRINGS = 500;
const ACTIONS = {
  GET: 'Microsoft.Consumption/budgets/read',
  PUT: 'Microsoft.Consumption/budgets/write',
  DELETE: 'Microsoft.Consumption/budgets/delete',
} as const satisfies Readonly<Record<string, Action>>;

interface BudgetCall {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly changing: Changing;
  readonly account: BillingAccount;
  /** Name of the budget; empty where the route has none. */
  readonly name: string;
}

/** What accounts want to spend: for those who may see and change it on the account, or on one above it. */
export function budgetRoutes(app: FastifyInstance, api: BudgetApi): void {
  const { database } = api;
  addRoute(app, api, 'GET', LIST, operations.list, async ({ account }) => {
    const { accountId } = account;
    const all = await listBudgets(database.pool, { accountId, limit: MOST_BUDGETS });
    return { value: all.map(({ budget, status }) => toWireBudget(budget, account, status)) };
  });
  addRoute(app, api, 'GET', ONE, operations.show, async ({ account, name, reply }) => {
    const { budget } = await requireBudget(api, account, name);
    void reply.header('etag', etagText(budget));
    return toWireBudget(budget, account, await readStatus(api, budget, account));
  });
  addRoute(app, api, 'PUT', ONE, operations.put, (call) => orConflict(() => put(api, call)));
  addRoute(app, api, 'DELETE', ONE, operations.remove, async (call) => {
    const { account, name, changing, request, reply } = call;
    const precondition = preconditionOf(request);
    await database.transaction((tx) => removeBudget(tx, account, name, changing, precondition));
    return reply.code(204).send();
  });
  addRoute(app, api, 'GET', `${ONE}/history`, operations.history, async ({ account, name }) => {
    const { budget } = await requireBudget(api, account, name);
    const firings = await listFirings(database.pool, budget.budgetId, MOST_FIRINGS);
    return { value: firings.map(toWireFiring) };
  });
}

async function put(
  api: BudgetApi,
  { account, name, request, reply, changing }: BudgetCall,
): Promise<unknown> {
  const fields = readFields(request.body);
  const change = readBudgetChange(fields);
  const precondition = preconditionIn(request, fields);
  const { budget, created } = await api.database.transaction((tx) =>
    putBudget(tx, account, name, change, changing, precondition),
  );
  void reply.header('etag', etagText(budget));
  const wire = toWireBudget(budget, account, undefined);
  return reply.code(created ? 201 : 200).send(wire);
}

/** The entity tag that the caller has seen: in a header, or in the budget itself as clients of Azure send it. */
function preconditionIn(request: FastifyRequest, fields: Fields): Precondition {
  const given = preconditionOf(request);
  return { ...given, ifMatch: given.ifMatch ?? readText(fields, 'eTag') };
}

/** @throws BudgetNotFound */
async function requireBudget(
  { database }: BudgetApi,
  { accountId }: BillingAccount,
  name: string,
): Promise<StoredBudget> {
  const found = await findBudget(database.pool, accountId, name);
  if (found === undefined) throw budgetNotFound(name);
  return found;
}

/** A route of an account; who may not see the account cannot tell it from one that is not there. */
function addRoute(
  app: FastifyInstance,
  api: BudgetApi,
  method: keyof typeof ACTIONS,
  url: string,
  operation: Operation,
  handle: (call: BudgetCall) => Promise<unknown>,
): void {
  app.route<{ Params: { readonly account: string; readonly budget?: string } }>({
    method,
    url,
    config: { operation },
    handler: async (request, reply) => {
      const principal = await api.authenticate(request);
      const { database, clock } = api;
      // A subscription has its account as soon as somebody asks.
      await database.transaction((tx) => ensureBillingAccounts(tx, clock));
      const { account: text, budget: name = '' } = request.params;
      const account = await authorizeAccount(principal, ACTIONS[method], database.pool, text);
      const changing = { clock, actor: actorOf(principal) };
      return handle({ request, reply, changing, account, name });
    },
  });
}
