import { importJWK, type CryptoKey, type JWK } from 'jose';
import type { Clock, Log, Queryable } from '../../platform/index.ts';
import { ALGORITHM, loadKeys, signingKey, type PrivateAuthorityKey } from './key-store.ts';

/** Milliseconds after which the keys are read again before they are used. */
const FRESH_MS = 30_000;
/** Milliseconds between two readings because of a key id that nobody knows. */
const UNKNOWN_KEY_MS = 1_000;
/** Milliseconds after which a database that did not answer is asked again. */
const RETRY_MS = 1_000;

/** The keys as of now. */
export interface Keys {
  /** Signs new tokens. */
  readonly signing: PrivateAuthorityKey;
  /** All that are published, the newest first. */
  readonly all: readonly PrivateAuthorityKey[];
  /** Another text whenever something here is another. */
  readonly version: string;
}

/** The authority's keys as this process knows them, never older than a minute. */
export interface KeyRing {
  current(): Promise<Keys>;
  /** The key for tokens that name this id; undefined when there is none in the database either. */
  publicKey(kid: string): Promise<CryptoKey | undefined>;
  /** Whether the key is published for sure: false also when it is time to read the keys again. */
  publishes(kid: string): boolean;
}

interface Snapshot {
  readonly keys: readonly PrivateAuthorityKey[];
  readonly publicKeys: ReadonlyMap<string, CryptoKey>;
  readonly readAt: number;
}

/** The public part of a key as it is published. */
export function publicJwk({ kid, privateJwk }: PrivateAuthorityKey): JWK {
  const { kty, n, e } = privateJwk;
  return { kty, n, e, kid, use: 'sig', alg: ALGORITHM };
}

/** @param options.log told when the database does not answer and the known keys are used further */
export function createKeyRing(options: {
  readonly db: Queryable;
  readonly clock: Clock;
  readonly log: Log;
}): KeyRing {
  const { db, clock, log } = options;
  let snapshot: Snapshot | undefined;
  let reading: Promise<Snapshot> | undefined;
  let failedAt = -Infinity;

  async function read(): Promise<Snapshot> {
    const readAt = clock.monotonicMs();
    const keys = await loadKeys(db, clock.now());
    const publicKeys = await Promise.all(
      keys.map(async (key) => [key.kid, await importKey(publicJwk(key))] as const),
    );
    snapshot = { keys, publicKeys: new Map(publicKeys), readAt };
    return snapshot;
  }

  /** Whoever comes while the keys are being read waits for the same answer. */
  async function readOnce(): Promise<Snapshot> {
    reading ??= read().finally(() => (reading = undefined));
    return reading;
  }

  async function known(maxAgeMs: number): Promise<Snapshot> {
    const last = snapshot;
    if (last === undefined) return readOnce();
    const now = clock.monotonicMs();
    if (now - last.readAt < maxAgeMs || now - failedAt < RETRY_MS) return last;
    try {
      return await readOnce();
    } catch (err) {
      failedAt = clock.monotonicMs();
      // Tokens are checked on while the database is away; the rest of the request needs it anyway.
      log.warn({ err }, 'the keys of the authority could not be read again');
      return last;
    }
  }

  return {
    current: async () => {
      const { keys } = await known(FRESH_MS);
      const signing = signingKey(keys, clock.now());
      if (signing === undefined) throw new Error('The authority has no key.');
      const version = [signing, ...keys].map(({ kid }) => kid).join(' ');
      return { signing, all: keys, version };
    },
    publishes: (kid) => {
      const last = snapshot;
      if (last === undefined || clock.monotonicMs() - last.readAt >= FRESH_MS) return false;
      return last.publicKeys.has(kid);
    },
    publicKey: async (kid) => {
      const fresh = await known(FRESH_MS);
      const found = fresh.publicKeys.get(kid);
      return found ?? (await known(UNKNOWN_KEY_MS)).publicKeys.get(kid);
    },
  };
}

async function importKey(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, ALGORITHM);
  if (key instanceof Uint8Array) throw new TypeError('An RSA key was expected.');
  return key;
}
