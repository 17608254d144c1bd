import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

const SECRET_BYTES = 32;

/**
 * A secret of 256 random bits in base64url, 43 characters; shown once and stored as its hash only.
 */
export function newSecret(): string {
  return randomBytes(SECRET_BYTES).toString('base64url');
}

/** SHA-256 of a secret. A slow hash would protect guessable secrets; these cannot be guessed. */
export function hashSecret(secret: string): Buffer {
  return hash('sha256', secret, 'buffer');
}

/**
 * Whether the secret is one of those with these hashes. Takes as long without any hash, so that a
 * client that does not exist cannot be told from a wrong secret.
 */
export function secretMatches(secret: string, expected: readonly Buffer[]): boolean {
  const actual = hashSecret(secret);
  const candidates = expected.length === 0 ? [Buffer.alloc(actual.length)] : expected;
  let matches = false;
  for (const candidate of candidates) {
    const known = candidate.length === actual.length;
    // Every one is compared, whichever it is that fits.
    if (timingSafeEqual(actual, known ? candidate : Buffer.alloc(actual.length))) {
      matches = known && expected.length > 0;
    }
  }
  return matches;
}
