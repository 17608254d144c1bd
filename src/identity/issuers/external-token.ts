import {
  decodeProtectedHeader,
  errors,
  jwtVerify,
  type JWTPayload,
  type ProtectedHeaderParameters,
} from 'jose';
import { parsePrincipalId, type DirectoryTenantId, type PrincipalId } from '../../kernel/index.ts';
import { uuidOf, uuidText, type Clock } from '../../platform/index.ts';
import type { TokenProblem } from '../checked-token.ts';
import { boundTenant, type TrustedIssuer } from './configuration.ts';
import type { HeldKeys, KeyCache } from './key-cache.ts';

/** Seconds by which the clock of an issuer may be off. */
const LEEWAY_SECONDS = 60;
const MS_PER_SECOND = 1_000;
const LONGEST_CLAIM = 1_024;
const LONGEST_NAME = 200;
/** Types of the header that access tokens have (RFC 9068, and those before it). */
const ACCESS_TOKEN_TYPES = [undefined, 'jwt', 'at+jwt', 'application/jwt', 'application/at+jwt'];
/** The same in Keycloak's claim; its other tokens say ID, Refresh, Offline or Logout. */
const ACCESS_TOKEN_CLAIM_TYPES = [undefined, 'bearer'];
/** Claims that id tokens alone have. */
const ID_TOKEN_CLAIMS = ['nonce', 'at_hash', 'c_hash', 's_hash'];

/** What a token of a trusted issuer says, whichever service it is for. */
export interface ExternalToken {
  readonly principalId: PrincipalId;
  readonly tenantId: DirectoryTenantId;
  readonly name: string;
  readonly audiences: readonly string[];
  /** Milliseconds since 1970, leeway included. */
  readonly refusedFrom: number;
  /** The key that signed it, and that key as text. */
  readonly keyId: string;
  readonly keyText: string;
}

/**
 * Whom an issuer means by the value of its principal claim: that GUID where it is one, else a GUID
 * made from issuer and value, the same for ever.
 */
export function externalPrincipalId(issuer: string, value: string): PrincipalId {
  const id =
    parsePrincipalId(value) ??
    parsePrincipalId(uuidText(uuidOf(JSON.stringify(['external-principal', issuer, value]))));
  if (id === undefined) throw new TypeError('uuidText gave no GUID.');
  return id;
}

/**
 * Checks a token of the issuer by itself: an access token signed with one of its keys, begun, not
 * ended, of somebody in a tenant that the issuer may speak for. Whether its audience fits is the
 * caller's question.
 *
 * @throws ServiceUnavailable when the keys of the issuer cannot be had
 */
export async function checkExternalToken(
  issuer: TrustedIssuer,
  cache: KeyCache,
  clock: Clock,
  token: string,
): Promise<ExternalToken | TokenProblem> {
  // All that can be refused before a key is asked for.
  const header = headerOf(token);
  if (header === undefined) return 'it is not a signed token';
  const { kid, alg = '', typ } = header;
  if (!issuer.algorithms.includes(alg)) {
    return `its algorithm is none of ${issuer.algorithms.join(', ')}`;
  }
  if (!isOneOf(typ, ACCESS_TOKEN_TYPES)) return 'it is no access token';
  if (typeof kid !== 'string' || kid === '') return 'it names no signing key';
  try {
    const { payload, keys } = await verify(issuer, cache, clock, token);
    return readClaims(issuer, payload, clock, { keyId: kid, keyText: keys.texts.get(kid) ?? '' });
  } catch (error) {
    return problemOf(error);
  }
}

function headerOf(token: string): ProtectedHeaderParameters | undefined {
  try {
    return decodeProtectedHeader(token);
  } catch (error) {
    // It says so with a TypeError, whatever is wrong with the text.
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

/** Whether a type is one of those, in any case. */
function isOneOf(type: unknown, types: readonly unknown[]): boolean {
  return types.includes(typeof type === 'string' ? type.toLowerCase() : type);
}

async function verify(
  issuer: TrustedIssuer,
  cache: KeyCache,
  clock: Clock,
  token: string,
): Promise<{ readonly payload: JWTPayload; readonly keys: HeldKeys }> {
  const options = {
    algorithms: [...issuer.algorithms],
    issuer: issuer.issuer,
    clockTolerance: LEEWAY_SECONDS,
    currentDate: new Date(clock.now().epochMilliseconds),
    requiredClaims: ['iss', 'aud', 'iat', 'exp', issuer.claims.principal],
  };
  const keys = await cache.keys();
  try {
    const { payload } = await jwtVerify(token, keys.find, options);
    return { payload, keys };
  } catch (error) {
    if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
    const newer = await cache.newerThan(keys);
    if (newer === undefined) throw error;
    const { payload } = await jwtVerify(token, newer.find, options);
    return { payload, keys: newer };
  }
}

function readClaims(
  issuer: TrustedIssuer,
  payload: JWTPayload,
  clock: Clock,
  key: Pick<ExternalToken, 'keyId' | 'keyText'>,
): ExternalToken | TokenProblem {
  const { claims } = issuer;
  const { aud = [], iat = 0, exp = 0, typ, cnf } = payload;
  if (iat > clock.now().epochMilliseconds / MS_PER_SECOND + LEEWAY_SECONDS) {
    return 'it is not valid yet';
  }
  const isIdToken = ID_TOKEN_CLAIMS.some((claim) => payload[claim] !== undefined);
  if (isIdToken || !isOneOf(typ, ACCESS_TOKEN_CLAIM_TYPES)) return 'it is no access token';
  // Whoever sends it would have to prove that it has that key, which nobody is asked for here.
  if (cnf !== undefined) return 'it is bound to a key of its holder';
  const audiences: readonly unknown[] = typeof aud === 'string' ? [aud] : aud;
  const subject = textOf(payload[claims.principal]);
  if (subject === undefined) return `its claim ${claims.principal} names nobody`;
  const tenantId = boundTenant(issuer, textOf(payload[claims.tenant]));
  if (tenantId === undefined) return 'its issuer does not speak for its tenant here';
  const principalId = externalPrincipalId(issuer.issuer, subject);
  return {
    principalId,
    tenantId,
    name: nameOf(payload, claims.name) ?? principalId,
    audiences: audiences.filter((audience) => typeof audience === 'string'),
    refusedFrom: (exp + LEEWAY_SECONDS) * MS_PER_SECOND,
    ...key,
  };
}

function textOf(claim: unknown): string | undefined {
  if (typeof claim !== 'string' || claim === '' || claim.length > LONGEST_CLAIM) return undefined;
  return claim;
}

/** Names go into logs and the audit trail: one that is not printable, or endless, is none. */
function nameOf(payload: JWTPayload, claims: readonly string[]): string | undefined {
  return claims
    .map((claim) => textOf(payload[claim])?.trim())
    .find(
      (name) =>
        name !== undefined &&
        name !== '' &&
        name.length <= LONGEST_NAME &&
        !/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u.test(name),
    );
}

function problemOf(error: unknown): TokenProblem {
  if (error instanceof errors.JWTExpired) return 'it has expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'nbf') return 'it is not valid yet';
    return error.reason === 'missing'
      ? `its claim ${error.claim} is missing`
      : `its claim ${error.claim} is wrong`;
  }
  if (error instanceof errors.JWKSNoMatchingKey) return 'its signing key is not known here';
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return 'its signature does not verify';
  }
  if (error instanceof errors.JOSEError) return 'it is not a signed token';
  throw error;
}
