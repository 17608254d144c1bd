import { CompactSign, compactVerify, decodeProtectedHeader, importJWK } from 'jose';
import { fail, isGuid, isJsonObject } from '../kernel/index.ts';
import { parseBillingModel, type BillingModel } from './billing-model.ts';
import { readPublicJwk, type PublicJwk, type SigningKey } from './signing.ts';
import { instantOf } from './receipt.ts';
import { parseWindowName } from './window-name.ts';

/** What commerce gives a stamp that is registered: where to report, as whom, and whom to believe. */
export interface ActivationKey {
  readonly registrationId: string;
  /** The registration as a resource. */
  readonly resourceId: string;
  readonly cloudId: string;
  /** The client as which the stamp signs in, with its own key. */
  readonly clientId: string;
  /** Of the key that the stamp stated. */
  readonly thumbprint: string;
  readonly commerceUrl: string;
  readonly tokenEndpoint: string;
  /** PEM of the authority of commerce's certificate. */
  readonly ca: string;
  readonly billingModel: BillingModel;
  readonly usageReporting: boolean;
  readonly marketplaceSyndication: boolean;
  /** Undefined: never. */
  readonly expiration: string | undefined;
  /**
   * Name of the window that commerce wanted next when it made the key, like `2026-11-23T10Z`; undefined while nothing is
   * reported. Where the stamp begins, and no more: what it has reported since is not in an old key.
   */
  readonly nextWindow: string | undefined;
}

/** A key whose signature is right, with the public key that made it: that of commerce's receipts. */
export interface CheckedActivationKey extends ActivationKey {
  readonly statementJwk: PublicJwk;
}

const TYPE = 'stackmeter-activation+jwt';
const LONGEST = 20_000;

/** Writes an activation key: a JSON Web Signature with commerce's public key in its header. */
export async function writeActivationKey(key: ActivationKey, signer: SigningKey): Promise<string> {
  return new CompactSign(Buffer.from(JSON.stringify(key)))
    .setProtectedHeader({ alg: 'EdDSA', typ: TYPE, jwk: { ...signer.publicJwk } })
    .sign(await importJWK({ ...signer.privateJwk }, 'EdDSA'));
}

/**
 * Reads an activation key. Whether it is for this stamp is for the reader to compare.
 *
 * @throws InvalidActivationKey, which says why
 */
export async function readActivationKey(text: string): Promise<CheckedActivationKey> {
  const { statementJwk, payload } = await verified(text.trim());
  const textIn = (name: string): string => {
    const value = payload[name];
    if (typeof value === 'string' && value !== '') return value;
    throw unusable(`it has no ${name}`);
  };
  const guid = (name: string): string => {
    const value = textIn(name);
    if (isGuid(value)) return value.toLowerCase();
    throw unusable(`its ${name} is no GUID`);
  };
  const address = (name: string): string => {
    const value = textIn(name);
    if (URL.canParse(value) && new URL(value).protocol === 'https:') return value;
    throw unusable(`its ${name} is no https address`);
  };
  const billingModel = parseBillingModel(textIn('billingModel'));
  if (billingModel === undefined) throw unusable('its billing model is not known');
  const { usageReporting, marketplaceSyndication, expiration } = payload;
  const isTime = typeof expiration === 'string' && instantOf(expiration) !== undefined;
  if (expiration !== undefined && !isTime) throw unusable('its expiration is no time');
  const nextWindow = payload['nextWindow'] === undefined ? undefined : textIn('nextWindow');
  if (nextWindow !== undefined && parseWindowName(nextWindow) === undefined) {
    throw unusable('its nextWindow names no window');
  }
  return {
    registrationId: guid('registrationId'),
    resourceId: textIn('resourceId'),
    cloudId: guid('cloudId'),
    clientId: guid('clientId'),
    thumbprint: textIn('thumbprint'),
    commerceUrl: address('commerceUrl').replace(/\/+$/, ''),
    tokenEndpoint: address('tokenEndpoint'),
    ca: textIn('ca'),
    billingModel,
    usageReporting: usageReporting === true,
    marketplaceSyndication: marketplaceSyndication === true,
    expiration: isTime ? expiration : undefined,
    nextWindow,
    statementJwk,
  };
}

async function verified(
  text: string,
): Promise<{ statementJwk: PublicJwk; payload: Readonly<Record<string, unknown>> }> {
  if (text.length > LONGEST) throw unusable(`it is longer than ${LONGEST} characters`);
  try {
    const header = decodeProtectedHeader(text);
    const statementJwk = readPublicJwk(header.jwk);
    if (header.typ !== TYPE || statementJwk === undefined) throw new Error('another kind of key');
    const key = await importJWK({ ...statementJwk }, 'EdDSA');
    const { payload } = await compactVerify(text, key, { algorithms: ['EdDSA'] });
    const read: unknown = JSON.parse(Buffer.from(payload).toString());
    if (!isJsonObject(read)) throw new Error('no object');
    return { statementJwk, payload: read };
  } catch (cause) {
    throw fail(
      'InvalidActivationKey',
      { reason: 'it is not a key that commerce signed' },
      { cause },
    );
  }
}

function unusable(reason: string): Error {
  return fail('InvalidActivationKey', { reason });
}
