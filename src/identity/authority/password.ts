import { randomBytes, randomInt, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { fail } from '../../kernel/index.ts';

/** Work factor, block size and rounds: 32 MiB, and a quarter of a second on a small machine. */
const COST = { N: 2 ** 15, r: 8, p: 3 } as const;
const SALT_BYTES = 16;
const HASH_BYTES = 32;
const SHORTEST = 12;
const LONGEST = 256;
/** Without the characters that people mistake for each other. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const GROUPS = 4;
const GROUP_LENGTH = 5;

type Cost = { readonly N: number; readonly r: number; readonly p: number };

interface StoredHash {
  readonly cost: Cost;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

const derive = promisify<string, Buffer, number, Cost & { maxmem: number }, Buffer>(scrypt);

/** Hashing shares the threads of the process with every signature that is checked. */
const AT_A_TIME = 2;
const LONGEST_LINE = 100;
/** So that one caller cannot fill the line for all. */
const LONGEST_OF_ONE = 10;
let running = 0;
const line: (() => void)[] = [];
const asked = new Map<string, number>();

/** @throws ServiceUnavailable when this caller has too many in line or at work */
async function countedFor<T>(caller: string | undefined, work: () => Promise<T>): Promise<T> {
  if (caller === undefined) return work();
  const before = asked.get(caller) ?? 0;
  if (before >= LONGEST_OF_ONE) throw tooMany();
  asked.set(caller, before + 1);
  try {
    return await work();
  } finally {
    const left = (asked.get(caller) ?? 1) - 1;
    if (left > 0) asked.set(caller, left);
    else asked.delete(caller);
  }
}

function tooMany(): Error {
  return fail('ServiceUnavailable', { reason: 'too many people sign in at once' });
}

/** @throws ServiceUnavailable when too many wait already */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_A_TIME) {
    if (line.length >= LONGEST_LINE) throw tooMany();
    await new Promise<void>((resolve) => line.push(resolve));
  } else {
    running += 1;
  }
  try {
    return await work();
  } finally {
    // Whoever is next takes over the place.
    const next = line.shift();
    if (next === undefined) running -= 1;
    else next();
  }
}

async function hashWith(password: string, salt: Buffer, cost: Cost, length: number) {
  // A little more than what the function needs; the default limit would refuse it.
  const maxmem = 128 * cost.r * (cost.N + cost.p + 2) * 2;
  const text = password.normalize('NFKC');
  return inTurn(() => derive(text, salt, length, { ...cost, maxmem }));
}

/** A password of 20 random letters and digits, about 116 bits, in groups of five. */
export function newPassword(): string {
  const group = (): string =>
    Array.from({ length: GROUP_LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return Array.from({ length: GROUPS }, group).join('-');
}

/** @throws InvalidProperty for a password that is too short, too long or not printable */
export function checkPassword(password: string): void {
  const { length } = password;
  if (length >= SHORTEST && length <= LONGEST && !/\p{Cc}/u.test(password)) return;
  throw fail('InvalidProperty', {
    // The password itself must not get into a message.
    value: `${length} characters`,
    parameter: 'password',
    rule: `it has ${SHORTEST} to ${LONGEST} printable characters`,
  });
}

/** scrypt with its parameters and a salt: `scrypt$32768$8$3$<salt>$<hash>`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(SALT_BYTES);
  const hash = await hashWith(password, salt, COST, HASH_BYTES);
  const { N, r, p } = COST;
  return ['scrypt', N, r, p, salt.toString('base64url'), hash.toString('base64url')].join('$');
}

/** What an unknown name is compared with, so that it takes as long as a wrong password. */
const NOBODY: StoredHash = {
  cost: COST,
  salt: Buffer.alloc(SALT_BYTES),
  hash: Buffer.alloc(HASH_BYTES),
};

/**
 * Whether the password is the one with this hash. Takes as long without a hash, so that a name that
 * does not exist cannot be told from a wrong password.
 *
 * @param caller who asks; of one caller ten can be in line
 * @throws ServiceUnavailable when too many are in line
 */
export async function passwordMatches(
  password: string,
  expected: string | undefined,
  caller?: string,
): Promise<boolean> {
  const known = expected === undefined ? undefined : parseHash(expected);
  const { cost, salt, hash } = known ?? NOBODY;
  const actual = await countedFor(caller, () =>
    hashWith(password.slice(0, LONGEST), salt, cost, hash.length),
  );
  return timingSafeEqual(actual, hash) && known !== undefined;
}

function parseHash(text: string): StoredHash | undefined {
  const [name, N = '', r = '', p = '', salt = '', hash = ''] = text.split('$');
  if (name !== 'scrypt') return undefined;
  const number = (digits: string): number => Number.parseInt(digits, 10);
  // Older hashes keep the parameters that they were made with.
  const cost = { N: number(N), r: number(r), p: number(p) };
  const bytes = Buffer.from(hash, 'base64url');
  if (bytes.length < HASH_BYTES) return undefined;
  return { cost, salt: Buffer.from(salt, 'base64url'), hash: bytes };
}
