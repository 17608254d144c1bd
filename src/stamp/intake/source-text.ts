/**
 * Finds the bytes of one value inside a JSON text that is known to be well-formed.
 *
 * JSON.parse forgets the text that a value came from. The intake needs it back in two rare cases: to keep a record
 * that it cannot take exactly as received, and to keep tags given as an object without writing them anew.
 */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

/** Half-open range of bytes. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The span of each element of the array that starts in `json` (white space may precede it). */
export function elementSpans(json: Buffer): Span[] {
  const spans: Span[] = [];
  let at = skipWhiteSpace(json, 0);
  if (json[at] !== OPEN_BRACKET) return spans;
  at = skipWhiteSpace(json, at + 1);
  while (at < json.length && json[at] !== CLOSE_BRACKET) {
    const end = endOfValue(json, at);
    spans.push({ start: at, end });
    at = skipWhiteSpace(json, end);
    if (json[at] === COMMA) at = skipWhiteSpace(json, at + 1);
  }
  return spans;
}

/** The bytes of the value under `path` in the object that `json` holds; the last one when a key is repeated. */
export function valueAt(json: Buffer, path: readonly string[]): Buffer | undefined {
  let value: Buffer | undefined = json;
  for (const key of path) value = value && memberOf(value, key);
  return value;
}

function memberOf(json: Buffer, key: string): Buffer | undefined {
  let found: Buffer | undefined;
  let at = skipWhiteSpace(json, 0);
  if (json[at] !== OPEN_BRACE) return undefined;
  at = skipWhiteSpace(json, at + 1);
  while (at < json.length && json[at] !== CLOSE_BRACE) {
    const keyEnd = endOfValue(json, at);
    const name: unknown = JSON.parse(json.toString('utf8', at, keyEnd));
    at = skipWhiteSpace(json, keyEnd);
    if (json[at] === COLON) at = skipWhiteSpace(json, at + 1);
    const end = endOfValue(json, at);
    if (name === key) found = json.subarray(at, end);
    at = skipWhiteSpace(json, end);
    if (json[at] === COMMA) at = skipWhiteSpace(json, at + 1);
  }
  return found;
}

function skipWhiteSpace(json: Buffer, from: number): number {
  let at = from;
  while (json[at] === 0x20 || json[at] === 0x0a || json[at] === 0x0d || json[at] === 0x09) at++;
  return at;
}

function endOfValue(json: Buffer, from: number): number {
  const first = json[from];
  if (first === QUOTE) return endOfString(json, from);
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return endOfNested(json, from);
  let at = from;
  while (at < json.length && !endsScalar(json[at]!)) at++;
  return at;
}

function endsScalar(byte: number): boolean {
  return byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET || byte <= 0x20;
}

function endOfString(json: Buffer, from: number): number {
  let at = from + 1;
  while (at < json.length && json[at] !== QUOTE) at += json[at] === BACKSLASH ? 2 : 1;
  return at + 1;
}

function endOfNested(json: Buffer, from: number): number {
  let depth = 0;
  let at = from;
  while (at < json.length) {
    const byte = json[at];
    if (byte === QUOTE) {
      at = endOfString(json, at);
      continue;
    }
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++;
    else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --depth === 0) return at + 1;
    at++;
  }
  return at;
}
