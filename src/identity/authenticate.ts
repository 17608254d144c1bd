import type { FastifyRequest } from 'fastify';
import {
  fail,
  isGuid,
  parseClientId,
  type ClientId,
  type DirectoryTenantId,
} from '../kernel/index.ts';
import { originOf, type Clock, type Queryable } from '../platform/index.ts';
import { secretMatches } from './client.ts';
import { sharedReads } from './shared-reads.ts';
import type { SigningKeys } from './keys.ts';
import { authorizationUri, isOwnAudience, isOwnIssuer } from './layout.ts';
import { allows, type Action, type Grants, type Target } from './role.ts';
import { findActiveClient, type ActiveClient } from './store.ts';
import { createTokenChecker } from './token.ts';

/** Who is calling. */
export interface Principal {
  readonly clientId: ClientId;
  readonly tenantId: DirectoryTenantId;
  /** As of this request. */
  readonly grants: Grants;
}

/** How the caller may show who it is. */
export interface AuthenticateOptions {
  /**
   * Whether client id and secret are taken in place of a token, as `Bearer <id>.<secret>` or Basic:
   * for event senders, which know API keys only. Everywhere else a stolen log line must not be
   * enough.
   */
  readonly clientKeys?: boolean;
}

/** Finds out who is calling. */
export type Authenticate = (
  request: FastifyRequest,
  options?: AuthenticateOptions,
) => Promise<Principal>;

interface ClientKey {
  readonly id: string;
  readonly secret: string;
}

const BEARER = /^bearer +([\w.~+/=-]+) *$/i;
const BASIC = /^basic +([\w+/=-]+) *$/i;
const GUID_LENGTH = 36;

/** `<client id>.<secret>`; a signed token has two dots and no GUID before the first. */
function parseClientKey(credentials: string): ClientKey | undefined {
  const id = credentials.slice(0, GUID_LENGTH);
  if (!isGuid(id) || credentials[GUID_LENGTH] !== '.') return undefined;
  return { id, secret: credentials.slice(GUID_LENGTH + 1) };
}

/** Client id and secret of a Basic header, percent-encoded or not (OAuth 2.0 section 2.3.1). */
export function parseBasic(header: string): ClientKey | undefined {
  const [, encoded] = BASIC.exec(header) ?? [];
  if (encoded === undefined) return undefined;
  const text = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  if (colon === -1) return undefined;
  return { id: decode(text.slice(0, colon)), secret: decode(text.slice(colon + 1)) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/**
 * The client whose secret this is; undefined for an unknown or disabled client and a wrong secret
 * alike.
 */
export async function findByKey(
  find: (clientId: ClientId) => Promise<ActiveClient | undefined>,
  { id, secret }: ClientKey,
): Promise<ActiveClient | undefined> {
  const clientId = parseClientId(id);
  const client = clientId === undefined ? undefined : await find(clientId);
  return secretMatches(secret, client?.secretHash) ? client : undefined;
}

/**
 * Builds the check of callers. The client and its roles are read for each request, so that one who
 * is disabled, removed or given another role is so with its next request, token or not.
 */
export function createAuthenticate(options: {
  readonly db: Queryable;
  readonly clock: Clock;
  readonly keys: SigningKeys;
  readonly homeTenantId: DirectoryTenantId;
}): Authenticate {
  const checkToken = createTokenChecker(options.keys, options.clock);
  const find = sharedReads((clientId: ClientId) => findActiveClient(options.db, clientId));

  const refuse = (
    request: FastifyRequest,
    code: 'AuthenticationFailed' | 'InvalidAuthenticationToken',
    reason: string,
  ): Error => {
    const uri = authorizationUri(request, options.homeTenantId);
    const challenge =
      `Bearer authorization_uri="${uri}", resource_id="${originOf(request)}", ` +
      `error="invalid_token", error_description="${code}: ${reason}"`;
    return fail(code, { reason }, { headers: { 'www-authenticate': challenge } });
  };

  async function byToken(request: FastifyRequest, token: string): Promise<ActiveClient> {
    const invalid = (reason: string) => refuse(request, 'InvalidAuthenticationToken', reason);
    const claims = await checkToken(token);
    if (typeof claims === 'string') throw invalid(claims);
    if (!isOwnIssuer(request, claims.issuer)) throw invalid('its issuer is another authority');
    if (!isOwnAudience(request, claims.audience)) throw invalid('its audience is another service');
    const client = await find(claims.clientId);
    if (client === undefined) throw invalid('its client was removed or disabled');
    if (client.tenantId !== claims.tenantId) throw invalid('its client is of another tenant');
    return client;
  }

  async function byKey(request: FastifyRequest, key: ClientKey): Promise<ActiveClient> {
    const client = await findByKey(find, key);
    if (client !== undefined) return client;
    throw refuse(request, 'AuthenticationFailed', 'the client or its secret is not known');
  }

  return async (request, { clientKeys = false } = {}) => {
    const header = request.headers.authorization;
    if (header === undefined) {
      throw refuse(request, 'AuthenticationFailed', 'the Authorization header is missing');
    }
    const [, bearer] = BEARER.exec(header) ?? [];
    const key = bearer === undefined ? parseBasic(header) : parseClientKey(bearer);
    let client: ActiveClient;
    if (key !== undefined && clientKeys) client = await byKey(request, key);
    else if (key !== undefined) {
      const reason = 'client secrets are taken by the authority and the intake only, use a token';
      throw refuse(request, 'AuthenticationFailed', reason);
    } else if (bearer !== undefined) client = await byToken(request, bearer);
    else
      throw refuse(request, 'AuthenticationFailed', 'the Authorization header has no bearer token');
    request.caller = client.clientId;
    return { clientId: client.clientId, tenantId: client.tenantId, grants: client.grants };
  };
}

/**
 * Lets the principal pass if its roles allow the action.
 *
 * @throws AuthorizationFailed otherwise
 */
export function authorize(principal: Principal, action: Action, target: Target = {}): void {
  if (allows(principal.grants, action, target)) return;
  const { subscriptionId } = target;
  const scope = subscriptionId === undefined ? '/' : `/subscriptions/${subscriptionId}`;
  throw fail('AuthorizationFailed', { client: principal.clientId, action, scope });
}
