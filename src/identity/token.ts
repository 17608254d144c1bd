import { hash, randomUUID } from 'node:crypto';
import { errors, jwtVerify, SignJWT } from 'jose';
import {
  parseClientId,
  parseDirectoryTenantId,
  type ClientId,
  type DirectoryTenantId,
} from '../kernel/index.ts';
import type { Clock } from '../platform/index.ts';
import { ALGORITHM, type SigningKeys } from './keys.ts';

/** Seconds from issue to end of a token. */
export const TOKEN_SECONDS = 3_600;
/** Seconds by which the clock of another server of the same stamp may be off. */
const LEEWAY_SECONDS = 60;
const MS_PER_SECOND = 1_000;
const MAX_REMEMBERED = 10_000;

/** What a valid token says. */
export interface TokenClaims {
  readonly clientId: ClientId;
  readonly tenantId: DirectoryTenantId;
  readonly issuer: string;
  readonly audience: string;
  /** Milliseconds since 1970, leeway included. */
  readonly refusedFrom: number;
}

/** Why a token is not valid, in words that complete "The access token is not valid:". */
export type TokenProblem = string;

function nowSeconds(clock: Clock): number {
  return Math.floor(clock.now().epochMilliseconds / MS_PER_SECOND);
}

/** A signed token for a client, valid from now for one hour. */
export async function issueToken(
  keys: SigningKeys,
  clock: Clock,
  claims: Pick<TokenClaims, 'clientId' | 'tenantId' | 'issuer' | 'audience'>,
): Promise<string> {
  const { clientId, tenantId, issuer, audience } = claims;
  const now = nowSeconds(clock);
  return new SignJWT({ oid: clientId, appid: clientId, tid: tenantId, ver: '1.0' })
    .setProtectedHeader({ alg: ALGORITHM, typ: 'JWT', kid: keys.current.kid })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(clientId)
    .setJti(randomUUID())
    .setIssuedAt(now)
    .setNotBefore(now)
    .setExpirationTime(now + TOKEN_SECONDS)
    .sign(keys.current.privateKey);
}

/**
 * Checks what a token is by itself: signed by one of our keys with RS256, begun, not ended,
 * complete. Whether issuer and audience fit is the caller's question.
 */
async function checkToken(
  keys: SigningKeys,
  clock: Clock,
  token: string,
): Promise<TokenClaims | TokenProblem> {
  try {
    const { payload } = await jwtVerify(
      token,
      ({ kid }) => {
        const key = kid === undefined ? undefined : keys.publicKeys.get(kid);
        if (key === undefined) throw new errors.JWKSNoMatchingKey();
        return key;
      },
      {
        algorithms: [ALGORITHM],
        clockTolerance: LEEWAY_SECONDS,
        currentDate: new Date(clock.now().epochMilliseconds),
        requiredClaims: ['iss', 'aud', 'sub', 'tid', 'iat', 'nbf', 'exp'],
      },
    );
    const { sub = '', tid, iss = '', aud, exp = 0 } = payload;
    const clientId = parseClientId(sub);
    const tenantId = typeof tid === 'string' ? parseDirectoryTenantId(tid) : undefined;
    if (clientId === undefined || tenantId === undefined || typeof aud !== 'string') {
      return 'its claims are not those that this authority writes';
    }
    const refusedFrom = (exp + LEEWAY_SECONDS) * MS_PER_SECOND;
    return { clientId, tenantId, issuer: iss, audience: aud, refusedFrom };
  } catch (error) {
    return problemOf(error);
  }
}

function problemOf(error: unknown): TokenProblem {
  if (error instanceof errors.JWTExpired) return 'it has expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    return error.claim === 'nbf' ? 'it is not valid yet' : 'a claim is missing or wrong';
  }
  if (error instanceof errors.JWKSNoMatchingKey) return 'its signing key is not known here';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'its algorithm is not RS256';
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return 'its signature does not verify';
  return 'it is not a signed token';
}

/**
 * Checks tokens, and remembers the valid ones by their hash until they end: checking a signature
 * for each of many small requests would cost more than the requests. At most 10,000 are remembered,
 * the least recently used going first.
 */
export function createTokenChecker(
  keys: SigningKeys,
  clock: Clock,
): (token: string) => Promise<TokenClaims | TokenProblem> {
  const remembered = new Map<string, TokenClaims>();
  return async (token) => {
    const key = hash('sha256', token, 'base64url');
    const known = remembered.get(key);
    remembered.delete(key);
    if (known && known.refusedFrom > clock.now().epochMilliseconds) {
      remembered.set(key, known);
      return known;
    }
    const claims = await checkToken(keys, clock, token);
    if (typeof claims === 'string') return claims;
    remembered.set(key, claims);
    const [oldest] = remembered.keys();
    if (remembered.size > MAX_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
    return claims;
  };
}
