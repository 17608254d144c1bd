import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { StackmeterError } from '../../kernel/index.ts';
import {
  actorOf,
  allows,
  type Action,
  type Authenticate,
  type Changing,
  type Principal,
} from '../../identity/index.ts';
import {
  invalidProperty,
  orConflict,
  queryParameters,
  readFields,
  readText,
  type Clock,
  type Database,
  type Fields,
  type Operation,
  type Tx,
} from '../../platform/index.ts';
import type { AccountId } from './account.ts';
import { accountsFor, authorizeAccount } from './authorize.ts';
import { holdOwned, holdPresent, type Owned, type OwnedKind } from './owned.ts';
import { readAccountTree } from './tree.ts';

/** What routes about things of accounts need. */
export interface OwnedApi {
  readonly database: Database;
  readonly clock: Clock;
  readonly authenticate: Authenticate;
  /** Called when something may have become due; it is seen to a little later anyway. */
  readonly wake?: (() => void) | undefined;
}

/** A thing that is to be made or changed, by somebody who may. */
export interface OwnedPut<T extends Owned> {
  readonly tx: Tx;
  readonly principal: Principal;
  readonly changing: Changing;
  readonly id: string;
  readonly accountId: AccountId;
  /** As it is, held; undefined: a new one. */
  readonly present: T | undefined;
  readonly fields: Fields;
}

/** Things of accounts over HTTP. */
export interface OwnedInterface<T extends Owned> extends OwnedKind<T> {
  /** Such as `/api/v1/exports`. */
  readonly path: string;
  readonly actions: { readonly read: Action; readonly write: Action; readonly remove: Action };
  readonly operations: Readonly<Record<'list' | 'show' | 'put' | 'remove', Operation>>;
  /** Things of these accounts, or of all. */
  readonly list: (db: Database, accountIds: readonly AccountId[] | undefined) => Promise<T[]>;
  /** @param mayWrite who may only read something is not shown all of it */
  readonly toWire: (
    db: Database,
    things: readonly T[],
    mayWrite: (thing: T) => boolean,
  ) => Promise<readonly object[]>;
  /** @returns the thing, and what is told of it this once */
  readonly put: (put: OwnedPut<T>) => Promise<{ readonly thing: T; readonly once?: object }>;
  readonly remove: (tx: Tx, thing: T, changing: Changing) => Promise<void>;
}

/** A call about one thing by somebody who may make it. */
export interface OwnedCall<T> {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly principal: Principal;
  readonly changing: Changing;
  readonly id: string;
  readonly thing: T;
}

/**
 * Adds a route about one thing.
 *
 * @param path what follows its id
 * @param right what the caller has to be allowed; GET reads and all else writes unless given
 */
export type AddOwnedRoute<T> = (
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  operation: Operation,
  handle: (call: OwnedCall<T>) => Promise<unknown>,
  right?: 'read' | 'write' | 'remove',
) => void;

/**
 * Adds the routes by which things of accounts are listed, shown, made, changed and removed: for those who may do this to
 * the account, or to one above it. What somebody may not see is not there for them, and its id is as good as new until
 * they would make it theirs.
 *
 * @returns how routes are added besides
 */
export function ownedRoutes<T extends Owned>(
  app: FastifyInstance,
  api: OwnedApi,
  kind: OwnedInterface<T>,
): AddOwnedRoute<T> {
  const { noun, path, actions, operations } = kind;
  const one = `${path}/:${noun}`;
  app.get(path, { config: { operation: operations.list } }, (request) => list(api, kind, request));
  app.put<{ Params: Params }>(one, { config: { operation: operations.put } }, (request, reply) =>
    orConflict(() => put(api, kind, request, reply)),
  );
  const add: AddOwnedRoute<T> = (method, below, operation, handle, right) => {
    const action = actions[right ?? (method === 'GET' ? 'read' : 'write')];
    app.route<{ Params: Params }>({
      method,
      url: one + below,
      config: { operation },
      handler: async (request, reply) => {
        const principal = await api.authenticate(request);
        const id = request.params[noun] ?? '';
        const thing = await findFor(api, kind, principal, action, id);
        return handle({
          request,
          reply,
          principal,
          changing: changingOf(api, principal),
          id,
          thing,
        });
      },
    });
  };
  add('GET', '', operations.show, async ({ thing, principal }) => {
    const [shown] = await toWire(api, kind, principal, [thing]);
    return shown;
  });
  const remove = async ({ id, thing, changing, reply }: OwnedCall<T>): Promise<unknown> => {
    const { accountId } = thing;
    await api.database.transaction(async (tx) =>
      kind.remove(tx, await holdPresent(tx, kind, { id, accountId }), changing),
    );
    return reply.code(204).send();
  };
  add('DELETE', '', operations.remove, remove, 'remove');
  return add;
}

type Params = Readonly<Record<string, string>>;

function changingOf({ clock }: OwnedApi, principal: Principal): Changing {
  return { clock, actor: actorOf(principal) };
}

async function list<T extends Owned>(
  api: OwnedApi,
  kind: OwnedInterface<T>,
  request: FastifyRequest,
): Promise<object> {
  const { database } = api;
  const { read } = kind.actions;
  const principal = await api.authenticate(request);
  const account = queryParameters(request).get('account');
  const accountIds =
    account === undefined
      ? await readableAccounts(api, principal, read)
      : [(await authorizeAccount(principal, read, database.pool, account)).accountId];
  const things = await kind.list(database, accountIds);
  return { value: await toWire(api, kind, principal, things) };
}

/** Undefined: all. */
async function readableAccounts(
  { database }: OwnedApi,
  principal: Principal,
  action: Action,
): Promise<AccountId[] | undefined> {
  if (allows(principal.grants, action)) return undefined;
  const tree = await readAccountTree(database.pool);
  return accountsFor(principal, action, tree).map(({ accountId }) => accountId);
}

async function toWire<T extends Owned>(
  { database }: OwnedApi,
  kind: OwnedInterface<T>,
  principal: Principal,
  things: readonly T[],
): Promise<readonly object[]> {
  if (things.length === 0) return [];
  const tree = await readAccountTree(database.pool);
  const writable = new Set(
    accountsFor(principal, kind.actions.write, tree).map(({ accountId }) => accountId),
  );
  return kind.toWire(database, things, ({ accountId }) => writable.has(accountId));
}

/** Of whose account nothing is there for the caller, of that nothing else is either. */
async function findFor<T extends Owned>(
  { database }: OwnedApi,
  { find, notFound }: OwnedKind<T>,
  principal: Principal,
  action: Action,
  id: string,
): Promise<T> {
  const thing = await find(database.pool, id);
  if (thing === undefined) throw notFound(id);
  try {
    await authorizeAccount(principal, action, database.pool, thing.accountId);
  } catch (error) {
    const isHidden = error instanceof StackmeterError && error.code === 'BillingAccountNotFound';
    throw isHidden ? notFound(id) : error;
  }
  return thing;
}

async function put<T extends Owned>(
  api: OwnedApi,
  kind: OwnedInterface<T>,
  request: FastifyRequest<{ Params: Params }>,
  reply: FastifyReply,
): Promise<unknown> {
  const { database } = api;
  const { noun, actions } = kind;
  const principal = await api.authenticate(request);
  const id = request.params[noun] ?? '';
  const fields = readFields(request.body);
  const seen = await findSeen(api, kind, principal, id);
  const wanted = readText(fields, 'accountId') ?? seen?.accountId;
  if (wanted === undefined) throw invalidProperty('accountId', undefined, 'it has to be given');
  const account = await authorizeAccount(principal, actions.write, database.pool, wanted);
  const { accountId } = account;
  if (seen !== undefined && seen.accountId !== accountId) {
    throw invalidProperty('accountId', wanted, `it stays; the ${noun} belongs to another account`);
  }
  const changing = changingOf(api, principal);
  const { made, thing, once } = await database.transaction(async (tx) => {
    // Only now: whose it is may have changed since it was looked for.
    const present = await holdOwned(tx, kind, { id, accountId });
    const saved = await kind.put({ tx, principal, changing, id, accountId, present, fields });
    return { made: present === undefined, ...saved };
  });
  api.wake?.();
  const [shown] = await toWire(api, kind, principal, [thing]);
  return reply.code(made ? 201 : 200).send({ ...shown, ...once });
}

/** A thing that the caller may know of. */
async function findSeen<T extends Owned>(
  api: OwnedApi,
  kind: OwnedInterface<T>,
  principal: Principal,
  id: string,
): Promise<T | undefined> {
  try {
    return await findFor(api, kind, principal, kind.actions.read, id);
  } catch (error) {
    if (error instanceof StackmeterError) return undefined;
    throw error;
  }
}
