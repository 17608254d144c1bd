import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  sign,
  verify,
} from 'node:crypto';
import { isJsonObject } from '../kernel/index.ts';

/** A public key as a JSON Web Key, with the parts that identify it and no others. */
export type PublicJwk = Readonly<Record<string, string>>;

/** A key with which commerce signs (Ed25519). */
export interface SigningKey {
  /** {@link thumbprintOf} its public part. */
  readonly kid: string;
  readonly privateJwk: Readonly<Record<string, string>>;
  readonly publicJwk: PublicJwk;
}

/** Makes a key for receipts and statements. */
export function newSigningKey(): SigningKey {
  const { privateKey } = generateKeyPairSync('ed25519');
  const { kty, crv, x, d } = privateKey.export({ format: 'jwk' });
  const publicJwk = textsOf({ crv, kty, x });
  return { kid: thumbprintOf(publicJwk), privateJwk: textsOf({ crv, kty, x, d }), publicJwk };
}

/** Makes a key for a stamp: what the authorities of stock clients take, ECDSA on P-256. */
export function newStampKey(): SigningKey {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { kty, crv, x, y, d } = privateKey.export({ format: 'jwk' });
  const publicJwk = textsOf({ crv, kty, x, y });
  return { kid: thumbprintOf(publicJwk), privateJwk: textsOf({ crv, kty, x, y, d }), publicJwk };
}

/** RFC 7638: SHA-256 over the required members in the order of their names, in base64url. */
export function thumbprintOf(jwk: PublicJwk): string {
  const { crv = '', kty = '', x = '', y } = jwk;
  return hash(
    'sha256',
    JSON.stringify({ crv, kty, x, ...(y !== undefined && { y }) }),
    'base64url',
  );
}

/** Reads a public key of one of the two kinds, leaving out everything else; undefined for others. */
export function readPublicJwk(value: unknown): PublicJwk | undefined {
  if (!isJsonObject(value)) return undefined;
  const { kty, crv, x, y } = value;
  const isEdwards = kty === 'OKP' && crv === 'Ed25519' && isKeyPart(x);
  const isCurve = kty === 'EC' && crv === 'P-256' && isKeyPart(x) && isKeyPart(y);
  if (!isEdwards && !isCurve) return undefined;
  const jwk = isCurve ? textsOf({ crv, kty, x, y }) : textsOf({ crv, kty, x });
  try {
    createPublicKey({ key: { ...jwk }, format: 'jwk' });
    return jwk;
  } catch {
    return undefined;
  }
}

/** Signs a text with Ed25519. @returns base64url */
export function signText(key: SigningKey, text: string): string {
  const privateKey = createPrivateKey({ key: { ...key.privateJwk }, format: 'jwk' });
  return sign(null, Buffer.from(text), privateKey).toString('base64url');
}

export function isSigned(publicJwk: PublicJwk, text: string, signature: string): boolean {
  const key = createPublicKey({ key: { ...publicJwk }, format: 'jwk' });
  return isCanonical(signature) && verify(null, Buffer.from(text), key, bytesOf(signature));
}

function isKeyPart(value: unknown): value is string {
  return typeof value === 'string' && /^[\w-]{40,50}$/.test(value) && isCanonical(value);
}

/** The last letter of such a text can say the same in several ways: one of them is right. */
function isCanonical(base64url: string): boolean {
  return bytesOf(base64url).toString('base64url') === base64url;
}

function bytesOf(base64url: string): Buffer {
  return Buffer.from(base64url, 'base64url');
}

function textsOf(parts: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(parts).flatMap(([name, value]: [string, unknown]) =>
      typeof value === 'string' ? [[name, value] as const] : [],
    ),
  );
}
