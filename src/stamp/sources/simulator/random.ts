/**
 * Random numbers that need no state: each is a function of a seed and of what it is for.
 *
 * A generator that is called in sequence would tie hour 1,000 to the 999 hours before it. Here any hour can be made
 * on its own, in any order, and comes out the same. All values are 32-bit integers; nothing is a fraction.
 */

/** An unsigned 32-bit integer. */
export type Seed = number;

/** FNV-1a over the UTF-16 code units, then one round of mixing so that similar texts part. */
export function seedOf(text: string): Seed {
  let state = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    state = Math.imul(state ^ text.charCodeAt(index), 0x01000193);
  }
  return mix(state >>> 0, text.length);
}

/** A new seed from a seed and an integer (its lower 32 bits). Bit mixing as in the finaliser of MurmurHash3. */
export function mix(seed: Seed, value: number): Seed {
  let state = Math.imul(seed ^ Math.imul(value | 0, 0x9e3779b1), 0x85ebca6b);
  state ^= state >>> 15;
  state = Math.imul(state ^ seed, 0xc2b2ae35);
  state ^= state >>> 13;
  state = Math.imul(state, 0x27d4eb2f);
  return (state ^ (state >>> 16)) >>> 0;
}

/** An integer from 0 to bound - 1. Bounds here are small against 2^32, so the remainder is even enough. */
export function below(bound: number, random: Seed): number {
  return random % bound;
}

/** One of the values. */
export function pick<T>(values: readonly T[], random: Seed): T {
  const value = values[random % values.length];
  if (value === undefined) throw new RangeError('There is nothing to pick from.');
  return value;
}

/** So many lower-case hexadecimal digits. */
export function hexDigits(count: number, seed: Seed): string {
  let text = '';
  for (let part = 0; text.length < count; part++) {
    text += mix(seed, part).toString(16).padStart(8, '0');
  }
  return text.slice(0, count);
}

/** A GUID in the form of version 4, in lower case. */
export function guidFrom(seed: Seed): string {
  const hex = hexDigits(31, seed);
  const variant = '89ab'[mix(seed, 31) % 4] ?? '8';
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(12, 15)}`,
    `${variant}${hex.slice(15, 18)}`,
    hex.slice(18, 30),
  ];
  return parts.join('-');
}
