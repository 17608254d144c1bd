import { errors, jwtVerify, type JWTPayload } from 'jose';
import { parseDirectoryTenantId, parsePrincipalId } from '../../kernel/index.ts';
import type { Clock } from '../../platform/index.ts';
import type { CheckedToken, CheckToken, TokenProblem } from '../checked-token.ts';
import { rememberTokens } from '../remembered-tokens.ts';
import type { KeyRing } from './key-ring.ts';
import { TOKEN_SECONDS } from './claims.ts';
import { ALGORITHM } from './key-store.ts';
import { isOwnAudience } from './layout.ts';

/** Media type in the header of access tokens (RFC 9068): no other kind of token has it. */
export const ACCESS_TOKEN_TYPE = 'at+jwt';
/** Seconds by which the clock of another server of the same stamp may be off. */
const LEEWAY_SECONDS = 60;
const MS_PER_SECOND = 1_000;

interface SignedToken extends CheckedToken {
  /** Id of the key that signed it. */
  readonly kid: string;
}

/**
 * Builds the check of the authority's own access tokens, whose issuer has been looked at: signed by
 * one of its keys with RS256, begun, not ended, complete, and for this service. A valid one is
 * remembered while its key is published, so that a sender of many small requests is not checked anew
 * each time.
 */
export function createTokenChecker(ring: KeyRing, clock: Clock): CheckToken {
  const check = rememberTokens(
    (token) => checkSignature(ring, clock, token),
    clock,
    ({ kid }: SignedToken) => ring.publishes(kid),
  );
  return async (request, token) => {
    const checked = await check(token);
    if (typeof checked === 'string' || isOwnAudience(request, checked.audience)) return checked;
    return 'its audience is another service';
  };
}

async function checkSignature(
  ring: KeyRing,
  clock: Clock,
  token: string,
): Promise<SignedToken | TokenProblem> {
  try {
    const now = clock.now().epochMilliseconds;
    const { payload, protectedHeader } = await jwtVerify(
      token,
      async ({ kid }) => {
        const key = kid === undefined ? undefined : await ring.publicKey(kid);
        if (key === undefined) throw new errors.JWKSNoMatchingKey();
        return key;
      },
      {
        algorithms: [ALGORITHM],
        typ: ACCESS_TOKEN_TYPE,
        clockTolerance: LEEWAY_SECONDS,
        currentDate: new Date(now),
        requiredClaims: ['iss', 'aud', 'sub', 'tid', 'idtyp', 'iat', 'nbf', 'exp'],
      },
    );
    const { kid } = protectedHeader;
    const claims = readClaims(payload, now / MS_PER_SECOND);
    if (claims === undefined || kid === undefined) {
      return 'its claims are not those that this authority writes';
    }
    return { ...claims, kid };
  } catch (error) {
    return problemOf(error);
  }
}

function readClaims(payload: JWTPayload, now: number): CheckedToken | undefined {
  const {
    sub = '',
    iss = '',
    aud,
    iat = 0,
    exp = 0,
    tid,
    idtyp,
    upn,
    app_displayname: app,
  } = payload;
  const principalId = parsePrincipalId(sub);
  const tenantId = typeof tid === 'string' ? parseDirectoryTenantId(tid) : undefined;
  if (principalId === undefined || tenantId === undefined || typeof aud !== 'string') {
    return undefined;
  }
  if (idtyp !== 'app' && idtyp !== 'user') return undefined;
  if (Math.max(exp - iat, exp - now - LEEWAY_SECONDS) > TOKEN_SECONDS) return undefined;
  const name = idtyp === 'app' ? app : upn;
  return {
    kind: idtyp === 'app' ? 'client' : 'user',
    principalId,
    tenantId,
    name: typeof name === 'string' ? name : principalId,
    issuer: iss,
    audience: aud,
    refusedFrom: (exp + LEEWAY_SECONDS) * MS_PER_SECOND,
  };
}

function problemOf(error: unknown): TokenProblem {
  if (error instanceof errors.JWTExpired) return 'it has expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'typ') return 'it is not an access token';
    return error.claim === 'nbf' ? 'it is not valid yet' : 'a claim is missing or wrong';
  }
  if (error instanceof errors.JWKSNoMatchingKey) return 'its signing key is not known here';
  if (error instanceof errors.JOSEAlgNotAllowed) return 'its algorithm is not RS256';
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return 'its signature does not verify';
  // Whatever else came from the token itself; what came from the database is not the token's fault.
  const malformed = [errors.JOSEError, TypeError, SyntaxError].some(
    (kind) => error instanceof kind,
  );
  if (malformed) return 'it is not a signed token';
  throw error;
}
