import { isAscii, isUtf8 } from 'node:buffer';
import { fail, parseExactJson } from '../../kernel/index.ts';
import { readUsageEvent, type EventFault, type UsageEvent } from './event.ts';
import { elementSpans, valueAt, type Span } from './source-text.ts';

/** Most records in one request. */
export const MOST_RECORDS = 10_000;

/** Events read from a request body, and the bytes that each came from. */
export interface EventBatch {
  readonly events: (UsageEvent | EventFault)[];
  readonly sourceOf: (index: number) => Buffer;
}

/** The header fields of a request that say how its body is to be read, names in lower case. */
export type EventHeaders = Readonly<Record<string, string | string[] | undefined>>;

/**
 * Reads the events of a request: CloudEvents 1.0 over HTTP in structured, batched or binary mode, or one structured
 * event a line.
 *
 * @throws UnsupportedMediaType, InvalidRequestContent (not UTF-8, not JSON; nothing is taken then),
 *   PayloadTooLarge (more than 10,000 records)
 */
export function readEvents(headers: EventHeaders, body: Buffer): EventBatch {
  if (!isUtf8(body)) throw badContent('it is not valid UTF-8');
  const mediaType = String(headers['content-type'] ?? '')
    .split(';', 1)[0]!
    .trim()
    .toLowerCase();
  switch (mediaType) {
    case 'application/cloudevents+json':
      return readStructured(body);
    case 'application/cloudevents-batch+json':
      return readBatch(body, parseJson(body, ''));
    case 'application/x-ndjson':
    case 'application/ndjson':
    case 'application/jsonl':
    case 'application/x-jsonlines':
      return readLines(body);
    case 'application/json':
      return headers['ce-id'] === undefined && headers['ce-specversion'] === undefined
        ? readStructured(body)
        : readBinary(headers, body);
    default:
      throw fail('UnsupportedMediaType', {
        header: 'Content-Type',
        value: mediaType,
        supported:
          'application/cloudevents+json, application/cloudevents-batch+json, application/x-ndjson or application/json',
      });
  }
}

function badContent(reason: string): Error {
  return fail('InvalidRequestContent', { reason });
}

function readStructured(body: Buffer): EventBatch {
  const value = parseJson(body, '');
  if (Array.isArray(value)) return readBatch(body, value);
  return {
    events: [readUsageEvent(value, (path) => textAt(body, path))],
    sourceOf: () => body,
  };
}

function readBatch(body: Buffer, value: unknown): EventBatch {
  if (!Array.isArray(value)) throw badContent('a batch is an array of events');
  refuseTooMany(value.length);
  let spans: Span[] | undefined;
  const sourceOf = (index: number): Buffer => {
    spans ??= elementSpans(body);
    const { start, end } = spans[index]!;
    return body.subarray(start, end);
  };
  const events = value.map((element: unknown, index) =>
    readUsageEvent(element, (path) => textAt(sourceOf(index), path)),
  );
  return { events, sourceOf };
}

function readLines(body: Buffer): EventBatch {
  const lines: Buffer[] = [];
  const events: (UsageEvent | EventFault)[] = [];
  let number = 0;
  for (let start = 0; start < body.length;) {
    const newLine = body.indexOf(0x0a, start);
    const end = newLine < 0 ? body.length : newLine;
    const line = body.subarray(start, end);
    start = end + 1;
    number++;
    if (isBlank(line)) continue;
    refuseTooMany(lines.length + 1);
    const value = parseJson(line, ` in line ${String(number)}`);
    events.push(readUsageEvent(value, (path) => textAt(line, path)));
    lines.push(line);
  }
  return { events, sourceOf: (index) => lines[index]! };
}

function isBlank(line: Buffer): boolean {
  return line.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}

/** Binary mode: attributes are in `ce-` header fields, percent-encoded, the body is the data alone. */
function readBinary(headers: EventHeaders, body: Buffer): EventBatch {
  const attribute = (name: string): string | undefined => {
    const value = headers[`ce-${name}`];
    if (typeof value !== 'string') return undefined;
    try {
      return decodeURIComponent(value);
    } catch {
      return value;
    }
  };
  const attributes = {
    id: attribute('id'),
    source: attribute('source'),
    specversion: attribute('specversion'),
    type: attribute('type'),
  };
  const event = { ...attributes, data: parseJson(body, '') };
  return {
    events: [readUsageEvent(event, ([, ...path]) => textAt(body, path))],
    // Kept in structured form: attributes and data together, the data as received.
    sourceOf: () =>
      Buffer.concat([
        Buffer.from(`${JSON.stringify(attributes).slice(0, -1)},"data":`),
        body,
        Buffer.from('}'),
      ]),
  };
}

function refuseTooMany(count: number): void {
  if (count > MOST_RECORDS) {
    throw fail('TooManyRecords', { limit: MOST_RECORDS });
  }
}

function textAt(json: Buffer, path: readonly string[]): string {
  return valueAt(json, path)?.toString('utf8') ?? '';
}

/**
 * JSON.parse turns numbers into doubles, which keep any decimal of up to 15 digits; so the fast parser is used when
 * each quantity written as a number is that short and has no exponent, and the exact one otherwise.
 */
function parseJson(body: Buffer, where: string): unknown {
  // What is ASCII is the same text either way, and twice as fast to make.
  const text = isAscii(body) ? body.toString('latin1') : body.toString('utf8');
  try {
    return mayLoseDigits(text) ? parseExactJson(text) : JSON.parse(text);
  } catch (error) {
    throw badContent(`it is not JSON${where}: ${error instanceof Error ? error.message : ''}`);
  }
}

/** A quantity of 16 characters or more, which may be 16 digits, or with an exponent. */
const LONG_QUANTITY = /"quantity"\s*:\s*(?:[-.0-9]{16}|[-.0-9]*[eE])/;

function mayLoseDigits(text: string): boolean {
  // A key may itself be written with escapes; rare enough to send such bodies the slow way.
  return LONG_QUANTITY.test(text) || text.includes('\\u00');
}
