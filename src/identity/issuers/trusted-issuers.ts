import { decodeJwt, errors } from 'jose';
import type { FastifyRequest } from 'fastify';
import type { Clock, Log } from '../../platform/index.ts';
import type { CheckToken } from '../checked-token.ts';
import { rememberTokens } from '../remembered-tokens.ts';
import type { TrustedIssuer } from './configuration.ts';
import { checkExternalToken } from './external-token.ts';
import { fetchKeys } from './fetch-keys.ts';
import { createKeyCache, type KeyState } from './key-cache.ts';

/** How a trusted issuer stands. */
export interface IssuerState extends KeyState {
  readonly name: string;
  readonly issuer: string;
}

/** The issuers whose tokens are taken beside those of the built-in authority. */
export interface TrustedIssuers {
  /** Whether tokens that name this issuer may be taken. */
  knows(request: FastifyRequest, issuer: string): boolean;
  /**
   * Checks a token of one of them, its audience included: it has to be for this service, or for an
   * audience that the configuration adds for its issuer.
   *
   * @throws ServiceUnavailable with Retry-After when the keys of the issuer cannot be had
   */
  readonly checkToken: CheckToken;
  /** Asks every issuer for its keys, at the same time; {@link states} has what came of it. */
  fetchKeys(): Promise<void>;
  /** In the order of the configuration. */
  states(): readonly IssuerState[];
  /** Ends fetches that are under way. */
  stop(): void;
}

/** Puts the trusted issuers together. Nothing is fetched before the first token or `fetchKeys`. */
export function createTrustedIssuers(options: {
  readonly issuers: readonly TrustedIssuer[];
  readonly clock: Clock;
  readonly log: Log;
  /** Whether an audience is this service, as seen by the request. */
  readonly isOwnAudience: (request: FastifyRequest, audience: string) => boolean;
}): TrustedIssuers {
  const { clock, log, isOwnAudience } = options;
  const stopping = new AbortController();
  const entries = options.issuers.map((issuer) => {
    const cache = createKeyCache({
      name: issuer.name,
      fetch: (signal) => fetchKeys(issuer, signal),
      clock,
      log,
      stopping: stopping.signal,
    });
    const check = rememberTokens(
      (token) => checkExternalToken(issuer, cache, clock, token),
      clock,
      // A key that the issuer has withdrawn takes its tokens with it.
      ({ keyId, keyText }) => cache.holds(keyId, keyText),
    );
    return { issuer, cache, check };
  });
  const byIssuer = new Map(entries.map((entry) => [entry.issuer.issuer, entry]));

  return {
    knows: (_request, issuer) => byIssuer.has(issuer),
    checkToken: async (request, token) => {
      const named = issuerOf(token);
      const entry = named === undefined ? undefined : byIssuer.get(named);
      if (entry === undefined) return 'its issuer is not trusted here';
      const claims = await entry.check(token);
      if (typeof claims === 'string') return claims;
      const { principalId, tenantId, name, audiences, refusedFrom } = claims;
      const { issuer } = entry.issuer;
      const audience = audiences.find(
        (one) => entry.issuer.audiences.includes(one) || isOwnAudience(request, one),
      );
      if (audience === undefined) return 'its audience is another service';
      return { kind: 'external', principalId, tenantId, name, issuer, audience, refusedFrom };
    },
    fetchKeys: async () => {
      await Promise.all(entries.map(({ cache }) => cache.refresh()));
    },
    states: () =>
      entries.map(({ issuer: { name, issuer }, cache }) => ({ name, issuer, ...cache.state() })),
    stop: () => stopping.abort(new Error('the server stops')),
  };
}

/** The issuer that a token names, unverified; undefined for what is no token. */
function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}
