import { createHmac, timingSafeEqual } from 'node:crypto';
import { fail } from '../../kernel/index.ts';

/** Where a page ended: the key of its last row, as JSON can hold it. */
export type PositionFields = readonly (string | number)[];

/** As long as the address of a page may well be: texts may be among the fields. */
const LONGEST_TOKEN = 4000;

/**
 * Makes the opaque token that continues a query after a row.
 *
 * Signed over the query that it belongs to: with other parameters, on another path or altered it is not valid, so it
 * never leads to rows that were not asked for. It does not expire, because closed windows do not change.
 *
 * @param query canonical text of the whole query, without the token
 */
export function makeContinuationToken(
  key: Buffer,
  query: string,
  position: PositionFields,
): string {
  const payload = Buffer.from(JSON.stringify(position));
  return `${payload.toString('base64url')}.${sign(key, query, payload).toString('base64url')}`;
}

/**
 * Reads a token back.
 *
 * @param parse what the fields mean; undefined when they are none of this query's
 * @param parameter the one that carried the token
 * @throws InvalidProperty naming the parameter when the token is altered or belongs to another query
 */
export function readContinuationToken<T>(
  key: Buffer,
  query: string,
  token: string,
  parse: (fields: readonly unknown[]) => T | undefined,
  parameter = 'continuationToken',
): T {
  const fields = token.length <= LONGEST_TOKEN ? open(key, query, token) : undefined;
  const position = fields && parse(fields);
  if (position === undefined) {
    throw fail('InvalidProperty', {
      parameter,
      value: token.slice(0, 40),
      rule: 'it has to come from the nextLink of this very query; leave it out to start anew',
    });
  }
  return position;
}

function open(key: Buffer, query: string, token: string): readonly unknown[] | undefined {
  const [payloadText = '', signatureText = '', ...rest] = token.split('.');
  const payload = Buffer.from(payloadText, 'base64url');
  const signature = Buffer.from(signatureText, 'base64url');
  const expected = sign(key, query, payload);
  if (rest.length > 0 || signature.length !== expected.length) return undefined;
  if (!timingSafeEqual(signature, expected)) return undefined;
  // Signed by us, so it is what we wrote; parsed all the same, as anything from outside is.
  const value: unknown = JSON.parse(payload.toString('utf8'));
  return Array.isArray(value) ? value : undefined;
}

function sign(key: Buffer, query: string, payload: Buffer): Buffer {
  return createHmac('sha256', key).update(query).update('\n').update(payload).digest();
}
