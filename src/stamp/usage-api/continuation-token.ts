import { createHmac, timingSafeEqual } from 'node:crypto';
import { fail, isGuid } from '../../kernel/index.ts';

/** The last row of a page, by key: the next page starts after it. */
export interface RowPosition {
  readonly reported: number;
  readonly subscriptionId: string;
  readonly usage: number;
  readonly resourceKey: string;
  readonly meter: number;
}

/**
 * Makes the opaque token that continues a query after `position`.
 *
 * Signed over the query that it belongs to: with other parameters, on another path or altered it is not valid, so it
 * never leads to rows that were not asked for. It does not expire, because closed windows do not change.
 *
 * @param query canonical text of the whole query, without the token
 */
export function makeToken(key: Buffer, query: string, position: RowPosition): string {
  const { reported, subscriptionId, usage, resourceKey, meter } = position;
  const payload = Buffer.from(
    JSON.stringify([reported, subscriptionId, usage, resourceKey, meter]),
  );
  return `${payload.toString('base64url')}.${sign(key, query, payload).toString('base64url')}`;
}

/**
 * Reads a token back.
 * @throws InvalidProperty naming continuationToken when it is altered or belongs to another query
 */
export function readToken(key: Buffer, query: string, token: string): RowPosition {
  const position = token.length <= 1000 ? open(key, query, token) : undefined;
  if (position === undefined) {
    throw fail('InvalidProperty', {
      parameter: 'continuationToken',
      value: token.slice(0, 40),
      rule: 'it has to come from the nextLink of this very query; leave it out to start anew',
    });
  }
  return position;
}

function open(key: Buffer, query: string, token: string): RowPosition | undefined {
  const [payloadText = '', signatureText = '', ...rest] = token.split('.');
  const payload = Buffer.from(payloadText, 'base64url');
  const signature = Buffer.from(signatureText, 'base64url');
  const expected = sign(key, query, payload);
  if (rest.length > 0 || signature.length !== expected.length) return undefined;
  if (!timingSafeEqual(signature, expected)) return undefined;
  // Signed by us, so it is what we wrote; parsed all the same, as anything from outside is.
  const value: unknown = JSON.parse(payload.toString('utf8'));
  if (!Array.isArray(value)) return undefined;
  const fields: unknown[] = value;
  const [reported, subscriptionId, usage, resourceKey, meter] = fields;
  if (typeof reported !== 'number' || typeof usage !== 'number' || typeof meter !== 'number') {
    return undefined;
  }
  if (typeof subscriptionId !== 'string' || typeof resourceKey !== 'string') return undefined;
  if (!isGuid(subscriptionId) || !isGuid(resourceKey)) return undefined;
  return { reported, subscriptionId, usage, resourceKey, meter };
}

function sign(key: Buffer, query: string, payload: Buffer): Buffer {
  return createHmac('sha256', key).update(query).update('\n').update(payload).digest();
}
