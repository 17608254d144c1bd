import { createHmac, randomBytes } from 'node:crypto';
import type { Instant } from '../../kernel/index.ts';

const SECRET_BYTES = 32;

export function newSecret(): Buffer {
  return randomBytes(SECRET_BYTES);
}

/** A key as receivers are given it, after Standard Webhooks. */
export function secretText(secret: Buffer): string {
  return `whsec_${secret.toString('base64')}`;
}

/** The keys of an endpoint: while one is being replaced, both sign. */
export interface SigningSecrets {
  readonly secret: Buffer;
  readonly previousSecret: Buffer | undefined;
  readonly previousUntil: Instant | undefined;
}

/**
 * The headers by which a receiver knows whose message it is, when it was sent and that it has it already
 * (Standard Webhooks, symmetric signatures). The time is that of the attempt, in seconds.
 */
export function signedHeaders(
  secrets: SigningSecrets,
  messageId: string,
  payload: string,
  now: Instant,
): Readonly<Record<string, string>> {
  const seconds = Math.floor(now.epochMilliseconds / 1000);
  const content = `${messageId}.${seconds}.${payload}`;
  return {
    'webhook-id': messageId,
    'webhook-timestamp': String(seconds),
    'webhook-signature': keysInForce(secrets, now)
      .map((key) => `v1,${createHmac('sha256', key).update(content).digest('base64')}`)
      .join(' '),
  };
}

function keysInForce({ secret, previousSecret, previousUntil }: SigningSecrets, now: Instant) {
  const isGood = previousUntil !== undefined && Temporal.Instant.compare(now, previousUntil) < 0;
  return previousSecret !== undefined && isGood ? [secret, previousSecret] : [secret];
}
