import { malformed } from './malformed.ts';

/** A piece of a filter. */
export type Token =
  | {
      readonly kind: 'word' | 'number' | 'guid' | 'date' | 'time' | 'mark';
      readonly text: string;
      readonly at: number;
    }
  | { readonly kind: 'text'; readonly text: string; readonly at: number };

/**
 * In the order in which they are tried: a GUID may begin like a number, a time like a date. Times have their zone
 * (OData 4.01 ABNF: dateTimeOffsetValue); the plus sign of one that was not encoded has become a space.
 */
const PATTERNS = [
  ['guid', /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![\w-])/iy],
  [
    'time',
    /\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,12})?)?(?:Z|[+\- ]\d{2}:\d{2})(?![\w:-])/iy,
  ],
  ['date', /\d{4}-\d{2}-\d{2}(?![\w-])/y],
  ['number', /[+-]?\d{1,40}(?:\.\d{1,40})?(?:e[+-]?\d{1,2})?(?![\w.])/iy],
  ['word', /[A-Za-z_]\w{0,127}/y],
  ['mark', /[(),]/y],
] as const;

const SPACES = /[ \t]*/y;
/** Without the one character that the database cannot keep. */
const TEXT = /'(?:[^'\0]|'')*'/y;

/** @throws InvalidProperty at what is no piece of any filter */
export function tokensOf(source: string): Token[] {
  const tokens: Token[] = [];
  let at = skip(source, 0);
  while (at < source.length) {
    const token = tokenAt(source, at);
    if (token === undefined)
      throw malformed(source, `it is not understood at '${source.slice(at, at + 20)}'`);
    tokens.push(token.token);
    at = skip(source, token.end);
  }
  return tokens;
}

function tokenAt(
  source: string,
  at: number,
): { readonly token: Token; readonly end: number } | undefined {
  const quoted = matchAt(TEXT, source, at);
  if (quoted !== undefined) {
    const text = quoted.slice(1, -1).replaceAll("''", "'");
    return { token: { kind: 'text', text, at }, end: at + quoted.length };
  }
  for (const [kind, pattern] of PATTERNS) {
    const text = matchAt(pattern, source, at);
    if (text !== undefined) return { token: { kind, text, at }, end: at + text.length };
  }
  return undefined;
}

function skip(source: string, at: number): number {
  return at + (matchAt(SPACES, source, at)?.length ?? 0);
}

function matchAt(pattern: RegExp, source: string, at: number): string | undefined {
  const sticky = new RegExp(pattern);
  sticky.lastIndex = at;
  return sticky.exec(source)?.[0];
}
