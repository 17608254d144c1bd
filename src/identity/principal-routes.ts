import type { FastifyInstance } from 'fastify';
import { fail, parsePrincipalId, type PrincipalId } from '../kernel/index.ts';
import {
  json,
  listAnswer,
  named,
  nextLinkOf,
  plainSchemas,
  queryParameters,
  type Clock,
  type Operation,
  type QueryParameters,
  type Queryable,
} from '../platform/index.ts';
import type { Authenticate } from './authenticate.ts';
import { listClientCredentials, type ClientCredential } from './client-store.ts';
import { authorize } from './principal.ts';
import { findListed, listPage, type ListedPrincipal } from './principal-list-store.ts';

const MOST_LISTED = 1000;
const LONGEST_SEARCH = 200;

const { text, guid, time } = plainSchemas;

const fields = {
  principalId: guid,
  kind: { enum: ['client', 'user'] },
  name: text,
  userName: { ...text, description: 'With which a user signs in.' },
  tenantId: guid,
  createdAt: time,
  disabledAt: { ...time, description: 'Since when it is refused.' },
  roles: {
    type: 'array',
    items: {
      type: 'object',
      required: ['role', 'scope'],
      properties: { role: text, scope: text, providers: { type: 'array', items: text } },
    },
  },
};
const credential = {
  type: 'object',
  required: ['credentialId', 'kind', 'name', 'createdAt'],
  properties: {
    credentialId: guid,
    kind: { enum: ['secret', 'certificate'] },
    name: text,
    thumbprint: { ...text, description: 'SHA-256 of the certificate.' },
    createdAt: time,
    expiresAt: { ...time, description: 'Absent: never.' },
  },
};
const required = ['principalId', 'kind', 'name', 'tenantId', 'createdAt', 'roles'];

const listed = named('ListedPrincipal', {
  type: 'object',
  required: [...required, 'credentials'],
  properties: {
    ...fields,
    credentials: { type: 'integer', description: 'How many there are that have not expired.' },
    nextExpiry: { ...time, description: 'When the first of them expires; absent: none does.' },
  },
});

const shown = named('Principal', {
  type: 'object',
  required: [...required, 'credentials'],
  properties: {
    ...fields,
    credentials: {
      type: 'array',
      description: 'What a client proves itself with; never a secret itself.',
      items: credential,
    },
  },
});

const operations = {
  list: {
    id: 'listPrincipals',
    tag: 'identity',
    summary: 'Clients or users of the built-in authority, by name',
    access: 'token',
    surface: 'operator',
    parameters: [
      {
        name: 'kind',
        in: 'query',
        description: 'client unless given.',
        schema: { enum: ['client', 'user'] },
      },
      {
        name: 'search',
        in: 'query',
        description: 'Part of a name, of a sign-in name or of an id, in any case.',
        schema: { type: 'string', maxLength: LONGEST_SEARCH },
      },
      {
        name: 'limit',
        in: 'query',
        description: `Most in the answer, 1 to ${MOST_LISTED}; 100 unless given.`,
        schema: { type: 'integer', minimum: 1, maximum: MOST_LISTED },
      },
      {
        name: '$skiptoken',
        in: 'query',
        description: 'From the nextLink of the page before.',
        schema: guid,
      },
    ],
    answers: { 200: listAnswer('A page of principals.', listed) },
    errors: ['InvalidProperty'],
  },
  show: {
    id: 'getPrincipal',
    tag: 'identity',
    summary: 'One client or user, with what it proves itself with',
    access: 'token',
    surface: 'operator',
    answers: { 200: { description: 'The principal.', contents: json(shown) } },
    errors: ['NotFound'],
  },
} as const satisfies Readonly<Record<string, Operation>>;

export interface PrincipalsApi {
  readonly db: Queryable;
  readonly clock: Clock;
  readonly authenticate: Authenticate;
}

/** Who has been made known to the built-in authority: the operator's. Changes are made at the command line. */
export function principalRoutes(
  app: FastifyInstance,
  { db, clock, authenticate }: PrincipalsApi,
): void {
  app.get('/api/v1/principals', { config: { operation: operations.list } }, async (request) => {
    authorize(await authenticate(request), 'Stackmeter.Identity/principals/read');
    const query = queryParameters(request);
    const limit = readLimit(query.get('limit'));
    const found = await listPage(db, {
      kind: readKind(query.get('kind')),
      search: readSearch(query),
      after: readAfter(query.get('$skiptoken')),
      limit: limit + 1,
      now: clock.now(),
    });
    const page = found.slice(0, limit);
    const last = found.length > limit ? page.at(-1) : undefined;
    const next = last && { nextLink: nextLinkOf(request, last.principalId) };
    return { value: page.map(toWireListed), ...next };
  });
  app.get<{ Params: { id: string } }>(
    '/api/v1/principals/:id',
    { config: { operation: operations.show } },
    async (request) => {
      authorize(await authenticate(request), 'Stackmeter.Identity/principals/read');
      const id = parsePrincipalId(request.params.id);
      const found = id && (await findListed(db, id, clock.now()));
      if (found === undefined) {
        throw fail('NotFound', { path: `/api/v1/principals/${request.params.id}` });
      }
      const credentials = await listClientCredentials(db, found.principalId);
      return { ...toWire(found), credentials: credentials.map(toWireCredential) };
    },
  );
}

function toWire(principal: ListedPrincipal): object {
  const { principalId, kind, name, userName, tenantId, createdAt, disabledAt, roles } = principal;
  return {
    principalId,
    kind,
    name,
    ...(userName !== undefined && { userName }),
    tenantId,
    createdAt: createdAt.toString(),
    ...(disabledAt !== undefined && { disabledAt: disabledAt.toString() }),
    roles,
  };
}

function toWireListed(principal: ListedPrincipal): object {
  const { credentials, nextExpiry } = principal;
  const expiry = nextExpiry === undefined ? {} : { nextExpiry: nextExpiry.toString() };
  return { ...toWire(principal), credentials, ...expiry };
}

function toWireCredential(each: ClientCredential): object {
  const { credentialId, kind, name, thumbprint, createdAt, expiresAt } = each;
  return {
    credentialId,
    kind,
    name,
    ...(thumbprint !== undefined && { thumbprint }),
    createdAt: createdAt.toString(),
    ...(expiresAt !== undefined && { expiresAt: expiresAt.toString() }),
  };
}

function readKind(value = 'client'): 'client' | 'user' {
  if (value === 'client' || value === 'user') return value;
  const rule = 'it has to be client or user';
  throw fail('InvalidProperty', { parameter: 'kind', value, rule });
}

function readSearch(query: QueryParameters): string | undefined {
  const value = query.get('search');
  if (value === undefined) return undefined;
  if (value.length <= LONGEST_SEARCH && !/\p{Cc}/u.test(value) && value.isWellFormed())
    return value;
  const rule = `it has at most ${LONGEST_SEARCH} printable characters`;
  throw fail('InvalidProperty', { parameter: 'search', value, rule });
}

function readAfter(value: string | undefined): PrincipalId | undefined {
  if (value === undefined) return undefined;
  const id = parsePrincipalId(value);
  if (id !== undefined) return id;
  const rule = 'it has to come from the nextLink of the page before';
  throw fail('InvalidProperty', { parameter: '$skiptoken', value, rule });
}

function readLimit(value = '100'): number {
  const limit = /^[0-9]{1,4}$/.test(value) ? Number.parseInt(value, 10) : 0;
  if (limit >= 1 && limit <= MOST_LISTED) return limit;
  const rule = `it has to be a number from 1 to ${MOST_LISTED}`;
  throw fail('InvalidProperty', { parameter: 'limit', value, rule });
}
