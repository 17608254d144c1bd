import { CompactSign, compactVerify, decodeProtectedHeader, importJWK } from 'jose';
import {
  fail,
  hourNumber,
  isGuid,
  isJsonObject,
  type HourNumber,
  type Instant,
} from '../kernel/index.ts';
import { parseBillingModel, type BillingModel } from './billing-model.ts';
import { readPublicJwk, thumbprintOf, type PublicJwk, type SigningKey } from './signing.ts';
import { parseWindowName, windowName } from './window-name.ts';

/** What a stamp states of itself to be registered, signed with the key that it will report with. */
export interface RegistrationToken {
  /** Tells the stamp from all others. */
  readonly cloudId: string;
  readonly billingModel: BillingModel;
  readonly usageReporting: boolean;
  readonly marketplaceSyndication: boolean;
  readonly agreementNumber: string | undefined;
  readonly assetTag: string | undefined;
  /** The first window that is reported, should reporting begin with this token. */
  readonly fromWindow: HourNumber;
}

/** A token whose signature is right: whoever made it has the private key. */
export interface CheckedRegistrationToken extends RegistrationToken {
  readonly publicJwk: PublicJwk;
  readonly thumbprint: string;
  /** When the stamp made it, to the second: what it states replaces what an older one stated. */
  readonly issuedAt: Instant;
}

const TYPE = 'stackmeter-registration+jwt';
/** Days for which a token may be carried from one place to the other. */
const VALID_DAYS = 30;
/** Stamps whose clock is wrong are registered too. */
const LEEWAY_HOURS = 48;
const LONGEST = 8000;
const MOST_TEXT = 100;

/** Writes a token: a JSON Web Signature with the public key in its header. */
export async function writeRegistrationToken(
  token: RegistrationToken,
  key: SigningKey,
  now: Instant,
): Promise<string> {
  const { fromWindow, ...stated } = token;
  const payload = {
    ...stated,
    fromWindow: windowName(fromWindow),
    iat: Math.floor(now.epochMilliseconds / 1000),
    exp: Math.floor(now.epochMilliseconds / 1000) + VALID_DAYS * 86_400,
  };
  return new CompactSign(Buffer.from(JSON.stringify(payload)))
    .setProtectedHeader({ alg: 'ES256', typ: TYPE, jwk: { ...key.publicJwk } })
    .sign(await importJWK({ ...key.privateJwk }, 'ES256'));
}

/** @throws InvalidRegistrationToken, which says why */
export async function readRegistrationToken(
  text: string,
  now: Instant,
): Promise<CheckedRegistrationToken> {
  const { publicJwk, payload } = await verified(text.trim());
  const seconds = now.epochMilliseconds / 1000;
  const leeway = LEEWAY_HOURS * 3600;
  const { iat, exp, cloudId, usageReporting, marketplaceSyndication } = payload;
  if (typeof exp !== 'number' || exp + leeway < seconds) throw unusable('it has expired');
  const issuedAt = timeOf(iat);
  if (issuedAt === undefined) throw unusable('it does not say when it was made');
  // Every later token would be older than it.
  if (issuedAt.epochMilliseconds / 1000 > seconds + leeway) {
    throw unusable('it was made in the future; set the clock of the stamp');
  }
  if (typeof cloudId !== 'string' || !isGuid(cloudId)) throw unusable('it names no stamp');
  const model = payload['billingModel'];
  const billingModel = typeof model === 'string' ? parseBillingModel(model) : undefined;
  if (billingModel === undefined) throw unusable('its billing model is not known');
  const from = payload['fromWindow'];
  const fromWindow = typeof from === 'string' ? parseWindowName(from) : undefined;
  if (fromWindow === undefined) throw unusable('it does not say from when usage is reported');
  return {
    cloudId: cloudId.toLowerCase(),
    billingModel,
    usageReporting: usageReporting === true,
    marketplaceSyndication: marketplaceSyndication === true,
    agreementNumber: textOf(payload['agreementNumber']),
    assetTag: textOf(payload['assetTag']),
    fromWindow: hourNumber(fromWindow),
    publicJwk,
    thumbprint: thumbprintOf(publicJwk),
    issuedAt,
  };
}

const LATEST_SECONDS = 253_402_300_799;

/** Seconds since 1970 as tokens have them; undefined for what is no such time. */
function timeOf(seconds: unknown): Instant | undefined {
  const isTime = typeof seconds === 'number' && seconds >= 0 && seconds <= LATEST_SECONDS;
  if (!isTime) return undefined;
  return Temporal.Instant.fromEpochMilliseconds(Math.floor(seconds) * 1000);
}

async function verified(
  text: string,
): Promise<{ publicJwk: PublicJwk; payload: Readonly<Record<string, unknown>> }> {
  if (text.length > LONGEST) throw unusable(`it is longer than ${LONGEST} characters`);
  try {
    const header = decodeProtectedHeader(text);
    const publicJwk = readPublicJwk(header.jwk);
    if (header.typ !== TYPE || publicJwk === undefined) throw new Error('another kind of token');
    const key = await importJWK({ ...publicJwk }, 'ES256');
    const { payload } = await compactVerify(text, key, { algorithms: ['ES256'] });
    const read: unknown = JSON.parse(Buffer.from(payload).toString());
    if (!isJsonObject(read)) throw new Error('no object');
    return { publicJwk, payload: read };
  } catch (cause) {
    throw fail(
      'InvalidRegistrationToken',
      { reason: 'it is not a token that a stamp signed' },
      { cause },
    );
  }
}

function textOf(value: unknown): string | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const isPlain = typeof value === 'string' && value.length <= MOST_TEXT && !/\p{Cc}/u.test(value);
  if (isPlain) return value;
  throw unusable(`a text in it is longer than ${MOST_TEXT} printable characters`);
}

function unusable(reason: string): Error {
  return fail('InvalidRegistrationToken', { reason });
}
