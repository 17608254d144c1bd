import type { FastifyRequest } from 'fastify';
import { fail } from '../../kernel/index.ts';
import { queryParameters } from './query.ts';

/** Versions that a path accepts: some, newest first, or every one dated between two. */
export type ApiVersions = readonly string[] | { readonly oldest: string; readonly newest: string };

const DATED = /^(\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01]))(?:-preview)?$/;

/**
 * The api-version of a request, as the resource manager wants one with each.
 *
 * @throws MissingApiVersionParameter, InvalidApiVersionParameter
 */
export function requireApiVersion(request: FastifyRequest, accepted: ApiVersions): string {
  const version = queryParameters(request).get('api-version');
  if (version === undefined) throw fail('MissingApiVersionParameter');
  if ('newest' in accepted) {
    const [, date] = DATED.exec(version) ?? [];
    if (date !== undefined && date >= accepted.oldest && date <= accepted.newest) return version;
    const supported = `${accepted.newest} and earlier back to ${accepted.oldest}`;
    throw fail('InvalidApiVersionParameter', { version, supported });
  }
  const found = accepted.find((known) => known.toLowerCase() === version.toLowerCase());
  if (found !== undefined) return found;
  throw fail('InvalidApiVersionParameter', { version, supported: accepted.join(',') });
}

/** The same for the interface description. */
export function apiVersionParameter(accepted: ApiVersions): {
  readonly name: string;
  readonly in: 'query';
  readonly required: true;
  readonly description: string;
  readonly schema: Readonly<Record<string, unknown>>;
} {
  const dated = 'newest' in accepted;
  return {
    name: 'api-version',
    in: 'query',
    required: true,
    description: dated ? `Any from ${accepted.oldest} to ${accepted.newest}.` : 'One of them.',
    schema: dated ? { type: 'string', examples: [accepted.newest] } : { enum: [...accepted] },
  };
}
