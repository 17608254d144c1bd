import { randomUUID } from 'node:crypto';
import { importJWK, SignJWT } from 'jose';
import { isJsonObject } from '../../kernel/index.ts';
import { readHttpDate, readRetryAfter, type CallAnswer, type Clock } from '../../platform/index.ts';
import type { Activation } from './activation.ts';
import type { BridgeKey } from './key-store.ts';
import { LONGEST_WAIT_MS, nonsense, parseJson, Trouble, troubleOfAnswer } from './trouble.ts';

/** A token that commerce gave. */
export interface Token {
  readonly value: string;
  /** To be renewed at this reading of the monotonic clock. */
  readonly renewAtMs: number;
  readonly keyId: string;
}

/** What signing in needs. */
export interface SignIn {
  readonly clock: Clock;
  readonly activation: Activation;
  /** Those that may prove the stamp, the likeliest first. */
  readonly keys: readonly BridgeKey[];
  readonly post: (form: Readonly<Record<string, string>>) => Promise<CallAnswer>;
}

const ASSERTION_TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const ASSERTION_SECONDS = 300;
/** A difference of the clocks that a refusal may come from. */
const SKEW_MS = 30_000;
const MS_PER_MINUTE = 60_000;

/**
 * Signs in as the client of the registration, with an assertion that one of the keys has signed.
 *
 * A refusal may come from a clock that is wrong: commerce says what time it is, and the assertion is made once more by
 * that. It may also come from a rotation that was interrupted: then another key is the one that commerce knows.
 *
 * @throws Trouble
 */
export async function signIn(options: SignIn): Promise<Token> {
  const { clock, keys } = options;
  let refusal: Trouble | undefined;
  for (const key of keys) {
    const now = clock.now().epochMilliseconds;
    const first = await ask(options, key, now);
    if (!(first instanceof Refused)) return { ...first, keyId: key.keyId };
    refusal = first.trouble;
    const theirs = first.dateMs;
    if (theirs === undefined || Math.abs(theirs - clock.now().epochMilliseconds) < SKEW_MS)
      continue;
    const second = await ask(options, key, theirs);
    if (!(second instanceof Refused)) return { ...second, keyId: key.keyId };
    refusal = second.trouble;
  }
  throw refusal ?? new Trouble('internal', 'NotActivated', 'this stamp has no key to sign in with');
}

/** Commerce answered, and did not let us in. */
class Refused {
  readonly trouble: Trouble;
  /** The time by its clock, milliseconds since 1970-01-01T00:00Z. */
  readonly dateMs: number | undefined;

  constructor(trouble: Trouble, dateMs: number | undefined) {
    this.trouble = trouble;
    this.dateMs = dateMs;
  }
}

async function ask(
  { clock, activation, post }: SignIn,
  key: BridgeKey,
  atMs: number,
): Promise<Omit<Token, 'keyId'> | Refused> {
  const { clientId, tokenEndpoint, commerceUrl } = activation;
  const seconds = Math.floor(atMs / 1000);
  const assertion = await new SignJWT({
    iss: clientId,
    sub: clientId,
    aud: tokenEndpoint,
    jti: randomUUID(),
    iat: seconds,
    exp: seconds + ASSERTION_SECONDS,
  })
    .setProtectedHeader({ alg: 'ES256', typ: 'JWT' })
    .sign(await importJWK({ ...key.privateJwk }, 'ES256'));
  const askedMs = clock.monotonicMs();
  const answer = await post({
    grant_type: 'client_credentials',
    scope: `${commerceUrl}/.default`,
    client_id: clientId,
    client_assertion_type: ASSERTION_TYPE,
    client_assertion: assertion,
  });
  const { status, headers, text } = answer;
  if (status === 200) return readToken(text, askedMs);
  const retryAfterMs = readRetryAfter(headers, clock.now(), LONGEST_WAIT_MS);
  const trouble = troubleOfAnswer({ status, text, retryAfterMs });
  if (status !== 400 && status !== 401 && status !== 403) throw trouble;
  return new Refused(trouble, readHttpDate(headers.date ?? '')?.epochMilliseconds);
}

function readToken(text: string, askedMs: number): Omit<Token, 'keyId'> {
  const body = parseJson(text);
  if (!isJsonObject(body)) throw nonsense('the token endpoint gave no JSON object');
  const value = body['access_token'];
  const seconds = body['expires_in'];
  if (typeof value !== 'string' || !/^[\x21-\x7e]+$/.test(value)) {
    throw nonsense('the token endpoint gave no token');
  }
  const lifeMs = typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : 0;
  return { value, renewAtMs: askedMs + Math.max(lifeMs - MS_PER_MINUTE, 0) };
}
