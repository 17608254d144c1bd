import { join } from 'node:path';
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type CryptoKey,
  type JWK,
} from 'jose';
import { Compile } from 'typebox/compile';
import { Type } from 'typebox';
import { fail } from '../kernel/index.ts';
import { PRIVATE_FILE, readOrCreate, type Clock } from '../platform/index.ts';

export const ALGORITHM = 'RS256';
const MODULUS_BITS = 2048;

const RsaPrivateKey = Type.Object({
  kty: Type.Literal('RSA'),
  n: Type.String(),
  e: Type.String(),
  d: Type.String(),
  p: Type.String(),
  q: Type.String(),
  dp: Type.String(),
  dq: Type.String(),
  qi: Type.String(),
});
const KeyFile = Compile(
  Type.Object({
    keys: Type.Array(
      Type.Object({ kid: Type.String(), createdAt: Type.String(), privateKey: RsaPrivateKey }),
      { minItems: 1 },
    ),
  }),
);

/** The keys of the built-in authority. */
export interface SigningKeys {
  /** Signs new tokens: the newest of the file. */
  readonly current: { readonly kid: string; readonly privateKey: CryptoKey };
  /**
   * Check tokens, by key id: every key of the file, so that a newer one can be added beside the
   * old.
   */
  readonly publicKeys: ReadonlyMap<string, CryptoKey>;
  /** The public keys as they are published. */
  readonly published: readonly JWK[];
}

/**
 * The keys in `<data>/authority/keys.json`, made at the first start: RSA of 2048 bits. The file is
 * a list: the newest key signs, all of them check. Several processes may start on one folder at the
 * same time.
 *
 * @throws ConfigurationInvalid when the file is damaged
 */
export async function loadSigningKeys(options: {
  readonly data: string;
  readonly clock: Clock;
}): Promise<SigningKeys> {
  const path = join(options.data, 'authority', 'keys.json');
  const text = await readOrCreate(path, PRIVATE_FILE, () => newKeyFile(options.clock));
  const entries = parseKeyFile(text, path).toSorted((one, other) =>
    one.createdAt < other.createdAt ? 1 : -1,
  );
  const published = entries.map(({ kid, privateKey: { kty, n, e } }) => ({
    kty,
    n,
    e,
    kid,
    use: 'sig',
    alg: ALGORITHM,
  }));
  const publicKeys = await Promise.all(
    published.map(async (jwk) => [jwk.kid, await importKey(jwk)] as const),
  );
  const [newest] = entries;
  if (newest === undefined) throw damaged(path);
  const current = { kid: newest.kid, privateKey: await importKey(newest.privateKey) };
  return { current, publicKeys: new Map(publicKeys), published };
}

async function newKeyFile(clock: Clock): Promise<string> {
  const pair = await generateKeyPair(ALGORITHM, { modulusLength: MODULUS_BITS, extractable: true });
  const privateKey = await exportJWK(pair.privateKey);
  const kid = await calculateJwkThumbprint(privateKey);
  const keys = [{ kid, createdAt: clock.now().toString(), privateKey }];
  return `${JSON.stringify({ keys }, undefined, 2)}\n`;
}

async function importKey(jwk: JWK): Promise<CryptoKey> {
  const key = await importJWK(jwk, ALGORITHM);
  if (key instanceof Uint8Array) throw new TypeError('An RSA key was expected.');
  return key;
}

function parseKeyFile(text: string, path: string) {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw damaged(path, cause);
  }
  if (!KeyFile.Check(value)) throw damaged(path);
  return value.keys;
}

function damaged(path: string, cause?: unknown): Error {
  return fail(
    'ConfigurationInvalid',
    {
      option: 'data',
      reason: `${path} is damaged; restore it from a backup, or remove it to have new keys made`,
    },
    { cause },
  );
}
