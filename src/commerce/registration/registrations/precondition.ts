import type { FastifyRequest } from 'fastify';
import { fail } from '../../../kernel/index.ts';

/** Under which conditions a change is wanted (RFC 9110, section 13). */
export interface Precondition {
  /** Entity tags of which the present state has to have one; `*` for any. */
  readonly ifMatch: string | undefined;
  readonly ifNoneMatch: string | undefined;
}

export function preconditionOf({ headers }: FastifyRequest): Precondition {
  return { ifMatch: headers['if-match'], ifNoneMatch: headers['if-none-match'] };
}

/** The tag as headers and resources have it. */
export function etagText(etag: string): string {
  return `"${etag}"`;
}

/**
 * Compares what the caller has seen with what is there.
 *
 * @throws PreconditionFailed, whose advice is to read the present state first
 */
export function checkIfMatch(
  wanted: Precondition | undefined,
  present: { readonly etag: string } | undefined,
): void {
  if (wanted?.ifMatch !== undefined && !names(wanted.ifMatch, present)) {
    throw fail('PreconditionFailed', {
      reason: 'the entity tag of If-Match is not that of what is there',
    });
  }
  if (wanted?.ifNoneMatch !== undefined && names(wanted.ifNoneMatch, present)) {
    throw fail('PreconditionFailed', {
      reason: 'it is there already, which If-None-Match rules out',
    });
  }
}

function names(header: string, present: { readonly etag: string } | undefined): boolean {
  if (present === undefined) return false;
  const tags = header.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
  // Some clients take the quotes off.
  return tags.some((tag) => tag === '*' || tag.replaceAll('"', '') === present.etag);
}
