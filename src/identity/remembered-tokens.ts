import { hash } from 'node:crypto';
import type { Clock } from '../platform/index.ts';
import type { TokenProblem } from './checked-token.ts';

const MAX_REMEMBERED = 10_000;

/**
 * Puts a memory before the check of tokens: a valid token is remembered by its SHA-256 until it
 * ends, since checking a signature for each of many small requests would cost more than the
 * requests. At most 10,000 are remembered, the least recently used going first; what is not valid
 * is never remembered.
 *
 * @param stillHolds asked for each remembered token, for what may change before it ends: the key
 * that signed it may have been withdrawn. A token for which it says no is checked again.
 */
export function rememberTokens<Claims extends { readonly refusedFrom: number }>(
  check: (token: string) => Promise<Claims | TokenProblem>,
  clock: Clock,
  stillHolds: (claims: Claims) => boolean = () => true,
): (token: string) => Promise<Claims | TokenProblem> {
  const remembered = new Map<string, Claims>();
  return async (token) => {
    const key = hash('sha256', token, 'base64url');
    const known = remembered.get(key);
    remembered.delete(key);
    if (known && known.refusedFrom > clock.now().epochMilliseconds && stillHolds(known)) {
      // Entering it again puts it behind all others: the first of the map is the one to forget.
      remembered.set(key, known);
      return known;
    }
    const claims = await check(token);
    if (typeof claims === 'string') return claims;
    remembered.set(key, claims);
    const [oldest] = remembered.keys();
    if (remembered.size > MAX_REMEMBERED && oldest !== undefined) remembered.delete(oldest);
    return claims;
  };
}
