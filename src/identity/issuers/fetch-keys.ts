import { createPublicKey } from 'node:crypto';
import type { JWK } from 'jose';
import { Type } from 'typebox';
import { Compile } from 'typebox/compile';
import { callHttps } from '../../platform/index.ts';
import type { TrustedIssuer } from './configuration.ts';

/** Documents of this kind have a few KiB; a larger one is a mistake or an attack. */
const MAX_BYTES = 256 * 1024;
const OK = 200;
const KEY_TYPES = ['RSA', 'EC', 'OKP'];
/** Shorter ones are broken, and a check with longer ones takes too long. */
const RSA_BITS = { least: 2_048, most: 8_192 };

const Member = Type.Optional(Type.String());
const DiscoveryDocument = Compile(
  Type.Object({ issuer: Type.String(), jwks_uri: Type.String(), access_token_issuer: Member }),
);
const KeySetDocument = Compile(
  Type.Object({
    keys: Type.Array(
      Type.Object({
        kty: Type.String(),
        kid: Member,
        use: Member,
        alg: Member,
        n: Member,
        e: Member,
        crv: Member,
        x: Member,
        y: Member,
        d: Type.Optional(Type.Unknown()),
      }),
    ),
  }),
);

type PublishedKey = JWK & { readonly kid: string };

/** What an issuer publishes to check its tokens with. */
export interface PublishedKeys {
  readonly jwksUri: string;
  /** Public keys for signatures that have an id; at least one. */
  readonly keys: readonly PublishedKey[];
}

/** Why the keys of an issuer cannot be had; the message says where and what. */
export class KeysNotFetched extends Error {}

/**
 * Asks an issuer for its keys: where they are in its discovery document, which has to be that of
 * this very issuer, then the keys themselves. Over HTTPS only, no redirects, 256 KiB at most each.
 *
 * @throws KeysNotFetched
 */
export async function fetchKeys(
  issuer: TrustedIssuer,
  signal: AbortSignal,
): Promise<PublishedKeys> {
  const jwksUri = issuer.jwksUri ?? (await discover(issuer, signal));
  const document = await getJson(jwksUri, issuer, signal);
  if (!KeySetDocument.Check(document)) throw new KeysNotFetched(`${jwksUri} is no key set`);
  const keys = document.keys.flatMap((key) => {
    const { kid, use = 'sig', d, ...members } = key;
    // A private key that is published has been lost to everybody: it proves nothing.
    if (kid === undefined || kid === '' || use !== 'sig' || d !== undefined) return [];
    return isSound(members) ? [{ ...members, kid, use }] : [];
  });
  if (keys.length === 0) {
    throw new KeysNotFetched(`${jwksUri} has no public key for signatures with a key id`);
  }
  return { jwksUri, keys };
}

function isSound(jwk: JWK & { readonly kty: string }): boolean {
  if (!KEY_TYPES.includes(jwk.kty)) return false;
  try {
    const { asymmetricKeyDetails: { modulusLength = RSA_BITS.least } = {} } = createPublicKey({
      key: { ...jwk },
      format: 'jwk',
    });
    return modulusLength >= RSA_BITS.least && modulusLength <= RSA_BITS.most;
  } catch {
    return false;
  }
}

async function discover(issuer: TrustedIssuer, signal: AbortSignal): Promise<string> {
  const { discoveryUri } = issuer;
  const document = await getJson(discoveryUri, issuer, signal);
  if (!DiscoveryDocument.Check(document)) {
    throw new KeysNotFetched(`${discoveryUri} is no discovery document`);
  }
  // AD FS issues access tokens in another name than the one of its id tokens, and says so.
  const names = [document.issuer, document.access_token_issuer];
  if (!names.includes(issuer.issuer)) {
    const said = names.filter((name) => name !== undefined).join(' and ');
    throw new KeysNotFetched(
      `${discoveryUri} is that of ${said}, not of ${issuer.issuer}: they have to be equal to the letter`,
    );
  }
  const { jwks_uri: jwksUri } = document;
  if (URL.canParse(jwksUri) && new URL(jwksUri).protocol === 'https:') return jwksUri;
  throw new KeysNotFetched(`${discoveryUri} names keys at ${jwksUri}, which is no https address`);
}

async function getJson(url: string, { ca }: TrustedIssuer, signal: AbortSignal): Promise<unknown> {
  const answer = await get(url, ca, signal);
  if (answer.status !== OK) throw new KeysNotFetched(`${url} answered ${answer.status}`);
  try {
    return JSON.parse(answer.text);
  } catch (cause) {
    throw new KeysNotFetched(`${url} answered no JSON`, { cause });
  }
}

async function get(
  url: string,
  ca: string | undefined,
  signal: AbortSignal,
): ReturnType<typeof callHttps> {
  try {
    const headers = { accept: 'application/json' };
    const call = { headers, maxBytes: MAX_BYTES, signal };
    return await callHttps(url, ca === undefined ? call : { ...call, ca });
  } catch (cause) {
    throw new KeysNotFetched(`${url} cannot be reached: ${reasonOf(cause)}`, { cause });
  }
}

/** What TLS says when nobody that we trust signed the certificate. */
const UNTRUSTED = [
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
];

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'no complete answer in time';
  const code = 'code' in error ? String(error.code) : '';
  const message = error.message === '' ? code : error.message;
  return UNTRUSTED.includes(code)
    ? `${message}; name the authority that signed its certificate in caFile`
    : message;
}
