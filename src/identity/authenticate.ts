import type { FastifyRequest } from 'fastify';
import { fail, type DirectoryTenantId } from '../kernel/index.ts';
import { originOf, subscriptionInPath, type Clock, type Queryable } from '../platform/index.ts';
import { decodeJwt } from 'jose';
import type { CheckedToken, CheckToken, TokenProblem } from './checked-token.ts';
import { findActiveClient, findByKey } from './client-store.ts';
import { readCredentials } from './credentials.ts';
import { authorizationUri } from './authority/index.ts';
import { loadGrants } from './principal-store.ts';
import type { Principal, PrincipalRef } from './principal.ts';
import type { Grants } from './role.ts';
import { sharedReads } from './shared-reads.ts';

/** How the caller may show who it is. */
export interface AuthenticateOptions {
  /**
   * Whether client id and secret are taken in place of a token, as `Bearer <id>.<secret>` or Basic:
   * for clients of OpenMeter and CloudEvents, which know API keys only. Everywhere else a stolen log line must not be
   * enough.
   */
  readonly clientKeys?: boolean;
}

/** Finds out who is calling. */
export type Authenticate = (
  request: FastifyRequest,
  options?: AuthenticateOptions,
) => Promise<Principal>;

/** Somebody who issues tokens that are taken here. */
export interface TokenIssuer {
  /** Whether tokens that name this issuer are its own, seen from the request. */
  knows(request: FastifyRequest, issuer: string): boolean;
  readonly checkToken: CheckToken;
}

/** The issuer that a token names, before anything of it is believed. */
function statedIssuer(token: string): string | undefined {
  try {
    const { iss } = decodeJwt(token);
    return typeof iss === 'string' ? iss : '';
  } catch {
    return undefined;
  }
}

/** What names a principal among all, for maps. */
export function keyOfPrincipal({ kind, tenantId, principalId }: PrincipalRef): string {
  return `${kind} ${tenantId} ${principalId}`;
}

/** Whether there is a subscription with this id, a GUID in lower case, in whatever state. */
export type IsSubscription = (id: string) => Promise<boolean>;

/**
 * Finds the subscription for which a request counts: the one in its path, where the caller has a role in that very
 * one, or on the whole stamp and it is there. Those that are there stay so, and are remembered.
 */
function counter(isSubscription: IsSubscription) {
  const known = new Set<string>();
  return async (request: FastifyRequest, grants: Grants): Promise<string | undefined> => {
    const named = subscriptionInPath(request);
    if (named === undefined) return undefined;
    if (grants.some(({ subscriptionId }) => subscriptionId === named)) return named;
    if (!grants.some(({ subscriptionId }) => subscriptionId === undefined)) return undefined;
    if (!known.has(named)) {
      if (!(await isSubscription(named))) return undefined;
      known.add(named);
    }
    return named;
  };
}

/** A principal whose credentials are right. */
interface Identified extends PrincipalRef {
  readonly name: string;
}

/** Builds the refusal of a caller, which says where to sign in. */
function refuser(homeTenantId: DirectoryTenantId) {
  return (
    request: FastifyRequest,
    code: 'AuthenticationFailed' | 'InvalidAuthenticationToken',
    reason: string,
  ): Error => {
    const uri = authorizationUri(request, homeTenantId);
    const challenge =
      `Bearer authorization_uri="${uri}", resource_id="${originOf(request)}", ` +
      `error="invalid_token", error_description="${code}: ${reason}"`;
    return fail(code, { reason }, { headers: { 'www-authenticate': challenge } });
  };
}

/** Has a token checked by the issuer that it names. @returns why it is not valid, where it is not */
async function checkToken(
  issuers: readonly TokenIssuer[],
  request: FastifyRequest,
  token: string,
): Promise<CheckedToken | TokenProblem> {
  const stated = statedIssuer(token);
  if (stated === undefined) return 'it is not a signed token';
  const issuer = issuers.find((known) => known.knows(request, stated));
  if (issuer === undefined) return 'its issuer is another authority';
  return issuer.checkToken(request, token);
}

/**
 * Builds the check of callers. The principal and its roles are read for each request, so that one
 * who is disabled, removed or given another role is so with its next request, token or not. The
 * request is taken from the caller's budget, so that a caller is told of it whatever comes next.
 *
 * @param options.issuers those whose tokens are taken; the first that knows a token's issuer checks it
 */
export function createAuthenticate(options: {
  readonly db: Queryable;
  readonly clock: Clock;
  readonly issuers: readonly TokenIssuer[];
  readonly homeTenantId: DirectoryTenantId;
  readonly isSubscription: IsSubscription;
}): Authenticate {
  const { db, clock, issuers } = options;
  const findClient = sharedReads((id: string) => findActiveClient(db, id, clock.now()), String);
  const readGrants = sharedReads((ref: PrincipalRef) => loadGrants(db, ref), keyOfPrincipal);
  const refuse = refuser(options.homeTenantId);
  const countedFor = counter(options.isSubscription);

  async function identify(request: FastifyRequest, clientKeys: boolean): Promise<Identified> {
    const credentials = readCredentials(request);
    if (typeof credentials === 'string') {
      throw refuse(request, 'AuthenticationFailed', credentials);
    }
    if (credentials.kind === 'token') {
      const checked = await checkToken(issuers, request, credentials.token);
      if (typeof checked !== 'string') return checked;
      throw refuse(request, 'InvalidAuthenticationToken', checked);
    }
    if (!clientKeys) {
      const reason = 'client secrets are not taken here, use a token';
      throw refuse(request, 'AuthenticationFailed', reason);
    }
    const client = await findByKey(findClient, credentials);
    if (client !== undefined) return client;
    throw refuse(request, 'AuthenticationFailed', 'the client or its secret is not known');
  }

  return async (request, { clientKeys = false } = {}) => {
    const { kind, principalId, tenantId, name } = await identify(request, clientKeys);
    const grants = await readGrants({ kind, principalId, tenantId });
    if (grants === undefined) {
      const reason = 'its client or user was removed or disabled';
      throw refuse(request, 'InvalidAuthenticationToken', reason);
    }
    request.caller = principalId;
    const key = keyOfPrincipal({ kind, principalId, tenantId });
    request.server.budget.spend(request, key, await countedFor(request, grants));
    return { kind, principalId, tenantId, name, grants };
  };
}
