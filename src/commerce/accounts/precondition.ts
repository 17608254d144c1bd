import type { FastifyRequest } from 'fastify';
import { fail } from '../../kernel/index.ts';

/** Which state a change presupposes (RFC 9110, section 13): lists of entity tags, or `*` for any. */
export interface Precondition {
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
}

export function preconditionOf({ headers }: FastifyRequest): Precondition {
  return { ifMatch: headers['if-match'], ifNoneMatch: headers['if-none-match'] };
}

/** @throws PreconditionFailed when what is there is not what the caller has seen */
export function checkMatch(
  wanted: Precondition | undefined,
  present: { readonly etag: string } | undefined,
): void {
  const { ifMatch, ifNoneMatch } = wanted ?? {};
  if (ifMatch !== undefined && !isAmong(present?.etag, ifMatch)) {
    throw fail('PreconditionFailed', { reason: 'If-Match names another entity tag' });
  }
  if (ifNoneMatch !== undefined && isAmong(present?.etag, ifNoneMatch)) {
    throw fail('PreconditionFailed', { reason: 'If-None-Match rules out what is there' });
  }
}

function isAmong(etag: string | undefined, header: string): boolean {
  if (etag === undefined) return false;
  const tags = header.split(',').map((tag) => tag.trim().replace(/^W\//, '').replaceAll('"', ''));
  return tags.includes('*') || tags.includes(etag);
}
