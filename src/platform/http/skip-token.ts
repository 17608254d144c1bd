import { createHmac, timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { fail, parseSubscriptionId, type SubscriptionId } from '../../kernel/index.ts';
import { originOf, pathOf } from './origin.ts';
import { queryParameters } from './query.ts';

const ID_LENGTH = 36;

/** Makes the opaque token that continues a list after `last`; of no use for another list or another caller. */
export function makeSkipToken(key: Buffer, list: string, last: SubscriptionId): string {
  return Buffer.concat([Buffer.from(last), sign(key, list, last)]).toString('base64url');
}

/**
 * Reads a token back.
 *
 * @throws InvalidProperty when it was altered or belongs to another list
 */
export function readSkipToken(key: Buffer, list: string, token: string): SubscriptionId {
  const bytes = Buffer.from(token.slice(0, 200), 'base64url');
  const last = bytes.subarray(0, ID_LENGTH).toString();
  const signature = bytes.subarray(ID_LENGTH);
  const expected = sign(key, list, last);
  const ours = signature.length === expected.length && timingSafeEqual(signature, expected);
  const id = ours ? parseSubscriptionId(last) : undefined;
  if (id !== undefined) return id;
  throw fail('InvalidProperty', {
    parameter: '$skiptoken',
    value: token.slice(0, 40),
    rule: 'it has to come from the nextLink of this very list; leave it out to start anew',
  });
}

/** The address of the next page of a list: that of the request, with another `$skiptoken`. */
export function nextLinkOf(request: FastifyRequest, token: string): string {
  const link = new URLSearchParams([...queryParameters(request)]);
  link.set('$skiptoken', token);
  return `${originOf(request)}${pathOf(request)}?${link.toString()}`;
}

function sign(key: Buffer, list: string, last: string): Buffer {
  return createHmac('sha256', key).update(`skip-token\n${list}\n${last}`).digest();
}
