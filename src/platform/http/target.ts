/** A request target as the router may see it. */
export interface Target {
  /** Path and query: slashes collapsed and dollar signs plain, spelling and percent-encoding otherwise as received. */
  readonly url: string;
  /** What is wrong with the target; the request is then refused, whatever its path. */
  readonly problem?: string;
}

const ABSOLUTE_FORM = /^https?:\/\/[^/?#]*/i;
const REFUSED: Target['url'] = '/';

/**
 * Brings the target of a request into the one form that routes are matched against. What could be
 * read as another path than the one written (dot segments, encoded slashes, backslashes, control
 * characters, bytes that are not UTF-8) is refused, never resolved: nobody has an honest use for
 * it.
 *
 * @param target as in the request line: a path with or without a query, or an absolute address
 */
export function normalizeTarget(target: string): Target {
  const local = target.replace(ABSOLUTE_FORM, '');
  const from = local.indexOf('?');
  const path = from === -1 ? local : local.slice(0, from);
  const query = from === -1 ? '' : local.slice(from);
  if (path === '' && local !== target) return { url: `/${query}` };
  if (!path.startsWith('/')) return { url: REFUSED, problem: 'it must begin with a slash' };
  const problem = pathProblem(path) ?? queryProblem(query);
  if (problem !== undefined) return { url: REFUSED, problem };
  // Some clients of OData encode the sign of /$count and /$metadata; the router does not take one for the other.
  return { url: path.replace(/\/{2,}/g, '/').replaceAll('%24', '$') + query };
}

function pathProblem(path: string): string | undefined {
  if (path.includes('#')) return 'it must not carry a fragment';
  for (const segment of path.split('/')) {
    const decoded = decode(segment);
    if (decoded === undefined) return 'its percent-encoding is not UTF-8';
    if (decoded === '.' || decoded === '..') return 'it must not hold dot segments';
    if (/[/\\]/.test(decoded)) return 'a segment must not hold a slash or a backslash';
    if (/\p{Cc}/u.test(decoded)) return 'it must not hold control characters';
    // Matching without regard to case compares position by position.
    if (decoded.toLowerCase().length !== decoded.length)
      return 'it holds a letter without lower case';
  }
  return undefined;
}

function queryProblem(query: string): string | undefined {
  const decoded = decode(query);
  if (decoded === undefined) return 'the percent-encoding of its query is not UTF-8';
  // The database takes it in no text, and fails.
  return decoded.includes('\0') ? 'its query must not hold U+0000' : undefined;
}

function decode(text: string): string | undefined {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
