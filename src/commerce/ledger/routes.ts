import type { FastifyInstance, FastifyRequest } from 'fastify';
import { authorize, type Authenticate } from '../../identity/index.ts';
import {
  invalidProperty,
  makeContinuationToken,
  nextLinkOf,
  queryParameters,
  readContinuationToken,
  readTokenKey,
  type Clock,
  type Database,
} from '../../platform/index.ts';
import { authorizeAccount, parseAccountId, type AccountId } from '../accounts/index.ts';
import { ledgerOperations as operations } from './operations.ts';
import { balancesOf, listEntries, type LedgerFilter } from './store.ts';
import { toWireBalance, toWireEntry } from './wire.ts';

/** What the routes of the ledger need. */
export interface LedgerApi {
  readonly database: Database;
  readonly clock: Clock;
  readonly authenticate: Authenticate;
}

const READ = 'Stackmeter.Billing/ledger/read';
const ENTRIES = '/api/v1/ledger/entries';
/** Entries on a page. */
const PAGE = 500;

/** The books: all of them for the operator of commerce, each of them for its own seller. */
export function ledgerRoutes(app: FastifyInstance, api: LedgerApi): void {
  const { pool } = api.database;
  app.get(ENTRIES, { config: { operation: operations.entries } }, (request) =>
    listPage(api, request),
  );
  app.get(
    '/api/v1/ledger/balances',
    { config: { operation: operations.balances } },
    async (request) => {
      const balances = await balancesOf(pool, await readableBooks(api, request));
      return { value: balances.map(toWireBalance) };
    },
  );
}

async function listPage(api: LedgerApi, request: FastifyRequest): Promise<object> {
  const { pool } = api.database;
  const filter = await readableBooks(api, request);
  const parameters = queryParameters(request);
  const reference = parameters.get('reference');
  const key = await readTokenKey(pool);
  const query = JSON.stringify([ENTRIES, filter.book, filter.party, reference]);
  const token = parameters.get('$skiptoken');
  const before =
    token === undefined
      ? undefined
      : readContinuationToken(key, query, token, entryOf, '$skiptoken');
  const found = await listEntries(pool, { ...filter, reference, before, limit: PAGE + 1 });
  const page = found.slice(0, PAGE);
  const last = found.length > PAGE ? page.at(-1) : undefined;
  return {
    value: page.map(toWireEntry),
    ...(last && {
      nextLink: nextLinkOf(request, makeContinuationToken(key, query, [last.entry.toString()])),
    }),
  };
}

function entryOf([text]: readonly unknown[]): bigint | undefined {
  return typeof text === 'string' && /^[0-9]{1,18}$/.test(text) ? BigInt(text) : undefined;
}

/**
 * The books that are asked for, by somebody who may read them.
 *
 * @throws BillingAccountNotFound, AuthorizationFailed
 */
async function readableBooks(
  { database, authenticate }: LedgerApi,
  request: FastifyRequest,
): Promise<LedgerFilter> {
  const principal = await authenticate(request);
  const parameters = queryParameters(request);
  const book = parameters.get('book');
  const party = readAccount('party', parameters.get('party'));
  if (book === undefined) {
    authorize(principal, READ);
    return { party };
  }
  const { accountId } = await authorizeAccount(principal, READ, database.pool, book);
  return { book: accountId, party };
}

function readAccount(name: string, text: string | undefined): AccountId | undefined {
  if (text === undefined) return undefined;
  const id = parseAccountId(text);
  if (id === undefined) throw invalidProperty(name, text, 'it has to be a GUID');
  return id;
}
