import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { SeededRandom } from '../crash/random.ts';
import type { ApiOperation } from './document.ts';
import { validValue, type Hint } from './from-schema.ts';
import { hostilePart, hostileText, hostileValue } from './hostile.ts';
import { reportOf } from './commerce.ts';
import { PAGE_FIELDS } from './sign-in.ts';

/** A body with the headers that tell of it. */
export interface Body {
  readonly headers: Readonly<Record<string, string>>;
  readonly content: Buffer | undefined;
}

/** The smallest picture that there is. */
const PIXEL = Buffer.from(
  '89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d4944415478da63f8cfc0f01f00050002015fc8f1d20000000049454e44ae426082',
  'hex',
);
const FORM = 'application/x-www-form-urlencoded';
const NOTHING: Body = { headers: {}, content: undefined };

/** Whether people are shown a page. */
export function isPage({ answers }: ApiOperation): boolean {
  return answers.get(200)?.contents.has('text/html') === true;
}

/** Whether it takes the form of a page, which the document does not describe. */
export function isForm(operation: ApiOperation): boolean {
  return operation.method === 'POST' && operation.bodies.size === 0 && isPage(operation);
}

/** What the document describes; for the pages of the authority, which it does not describe, a form. */
export function plausibleBody(
  random: SeededRandom,
  operation: ApiOperation,
  hint: Hint,
  { path, xsrf }: { readonly path: string; readonly xsrf: string | undefined },
): Body {
  const types = [...operation.bodies.keys()];
  const type = types.length === 0 ? undefined : random.pick(types);
  if (type === undefined) return isForm(operation) ? pageForm(random, hint, xsrf) : NOTHING;
  if (!operation.bodyRequired && random.next() < 0.7) return NOTHING;
  // Forms are of protocols, which need almost all of what they leave open.
  const often = type === FORM ? 0.95 : 0.6;
  const value =
    reportOf(random, operation, path) ??
    validValue(random, operation.bodies.get(type)!, hint, { often });
  return encode(random, operation, type, value, hint);
}

function pageForm(random: SeededRandom, hint: Hint, xsrf = 'none'): Body {
  const fields = PAGE_FIELDS.flatMap((name): [string, string][] => {
    const isThere = random.next() < 0.85;
    const known = name === 'xsrf' ? xsrf : hint(name, {});
    return isThere ? [[name, typeof known === 'string' ? known : 'yes']] : [];
  });
  return formOf(fields);
}

function formOf(fields: [string, string][]): Body {
  const content = Buffer.from(new URLSearchParams(fields).toString());
  return { headers: { 'content-type': FORM }, content };
}

function encode(
  random: SeededRandom,
  operation: ApiOperation,
  type: string,
  value: unknown,
  hint: Hint,
): Body {
  if (type === FORM) {
    return formOf(
      Object.entries(value as Record<string, unknown>).map(([name, item]) => [name, String(item)]),
    );
  }
  const headers: Record<string, string> = { 'content-type': type };
  const isData = typeof value === 'object' && value !== null && 'resourceUri' in value;
  if (operation.family === 'sendEvents' && isData) Object.assign(headers, binaryMode(random));
  if (type.startsWith('image/')) return { headers, content: PIXEL };
  if (type !== 'application/x-ndjson') return packed(random, operation, headers, value);
  const event = operation.bodies.get('application/cloudevents+json')!;
  const lines = Array.from({ length: random.between(0, 4) }, () =>
    JSON.stringify(validValue(random, event, hint)),
  );
  return { headers, content: Buffer.from(lines.join('\n')) };
}

/** The attributes of an event beside its data. */
function binaryMode(random: SeededRandom): Record<string, string> {
  return {
    'ce-specversion': '1.0',
    'ce-type': 'stackmeter.usage',
    'ce-source': '/generated',
    'ce-id': `record ${random.between(0, 3000)}`,
  };
}

function packed(
  random: SeededRandom,
  operation: ApiOperation,
  headers: Readonly<Record<string, string>>,
  value: unknown,
): Body {
  const content = Buffer.from(JSON.stringify(value));
  const how = random.next();
  const isPacked = operation.parameters.some(({ name }) => name === 'Content-Encoding');
  if (!isPacked || how < 0.7) return { headers, content };
  if (how < 0.85) {
    return { headers: { ...headers, 'content-encoding': 'gzip' }, content: gzipSync(content) };
  }
  return {
    headers: { ...headers, 'content-encoding': 'zstd' },
    content: zstdCompressSync(content),
  };
}

const DEEP = '['.repeat(20_000);
const BOMB = gzipSync(Buffer.alloc(20 * 2 ** 20, 0x20));
const BIG = Buffer.from(`{"displayName":"${'x'.repeat(1_100_000)}"}`);

const TYPES = [
  '',
  'application/json',
  'APPLICATION/JSON; charset=utf-8',
  'application/json; charset=utf-16',
  'application/json;',
  'application/jsonx',
  'text/plain',
  'text/html',
  FORM,
  'multipart/form-data; boundary=x',
  'application/cloudevents+json',
  'application/cloudevents-batch+json',
  'application/x-ndjson',
  'application/octet-stream',
  'a',
  '/',
  'application/json, text/plain',
  '*/*',
  '__proto__',
];

/** Bytes that are no text, or a text that is no JSON, or JSON that is more than it seems. */
const CONTENTS: readonly (Buffer | string)[] = [
  '',
  ' ',
  '{',
  '[',
  'null',
  '[]',
  '{}',
  '""',
  '0',
  '1e999999',
  'NaN',
  '{"a":1,"a":2}',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '{"properties":{"__proto__":null}}',
  '{"properties":null}',
  '{"properties":[]}',
  '\ufeff{}',
  '{}garbage',
  '{"a":"\\ud800"}',
  '{"a":"\\u0000"}',
  '{"a":"\u0001"}',
  "{'a':1}",
  '{"a":1,}',
  'a=1&a=2&%zz=%&=',
  '\n\n\n',
  Buffer.from([0xff, 0xfe, 0x7b, 0x00]),
  Buffer.from([0x22, 0xc0, 0x80, 0x22]),
  Buffer.from([0x1f, 0x8b, 0x08]),
  DEEP,
  `{"a":${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}}`,
];

/** Makes a body worse in one way. */
export function spoilBody(random: SeededRandom, body: Body): Body {
  const { headers, content = Buffer.alloc(0) } = body;
  const which = random.next();
  const hasFields = headers['content-type'] === FORM;
  if (which < 0.45 && hasFields) return { headers, content: spoilForm(random, content) };
  if (which < 0.45) return { headers, content: spoilJson(random, content) };
  if (which < 0.6) {
    return { headers: { ...headers, 'content-type': random.pick(TYPES) }, content };
  }
  if (which < 0.65) {
    const { 'content-type': _left, ...others } = headers;
    return { headers: others, content };
  }
  if (which < 0.72) {
    return { headers, content: content.subarray(0, random.between(0, content.length)) };
  }
  if (which < 0.76) return { headers, content: undefined };
  if (which < 0.84) return miscompressed(random, headers, content);
  if (which < 0.845) return { headers, content: BIG };
  return {
    headers: { 'content-type': 'application/json', ...headers },
    content: Buffer.from(random.pick(CONTENTS)),
  };
}

function miscompressed(
  random: SeededRandom,
  headers: Readonly<Record<string, string>>,
  content: Buffer,
): Body {
  const zipped = gzipSync(content);
  const [encoding, bytes] = random.pick<readonly [string, Buffer]>([
    ['gzip', content],
    ['zstd', content],
    ['br', content],
    ['deflate', content],
    ['gzip, gzip', zipped],
    ['GZIP', zipped],
    ['gzip', zipped.subarray(0, -5)],
    ['gzip', Buffer.concat([zipped, zipped])],
    ['gzip', Buffer.concat([zipped, Buffer.from('x')])],
    ['zstd', zstdCompressSync(content).subarray(0, -2)],
    ['identity', content],
    ['', content],
    ['gzip', random.next() < 0.1 ? BOMB : zipped],
  ]);
  return { headers: { ...headers, 'content-encoding': encoding }, content: bytes };
}

/** Changes a field of a form, sends it twice, or adds one. */
function spoilForm(random: SeededRandom, content: Buffer): Buffer {
  const fields = content.toString('utf8').split('&');
  const at = random.between(0, fields.length - 1);
  const [name = ''] = fields[at]!.split('=', 1);
  const worse = random.pick([
    fields.with(at, `${name}=${hostilePart(random)}`),
    fields.with(at, `${name}=${hostilePart(random)}`),
    fields.toSpliced(at, 1),
    [...fields, `${name}=${hostilePart(random)}`],
    [...fields, `${hostilePart(random)}=${hostilePart(random)}`],
  ]);
  return Buffer.from(worse.join('&'));
}

/** Changes one place of a JSON value: another value, one too few, one that nobody knows. */
function spoilJson(random: SeededRandom, content: Buffer): Buffer {
  let value: unknown;
  try {
    value = JSON.parse(content.toString('utf8'));
  } catch {
    return Buffer.concat([content, Buffer.from(hostileText(random))]);
  }
  return Buffer.from(JSON.stringify(spoilValue(random, value)));
}

function spoilValue(random: SeededRandom, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || random.next() < 0.15) {
    return hostileValue(random);
  }
  if (Array.isArray(value)) {
    if (value.length === 0 || random.next() < 0.2) return [...value, hostileValue(random)];
    const at = random.between(0, value.length - 1);
    return value.with(at, spoilValue(random, value[at]));
  }
  const names = Object.keys(value);
  if (names.length === 0 || random.next() < 0.1) {
    return { ...value, [hostileText(random)]: hostileValue(random) };
  }
  const name = random.pick(names);
  const entries = Object.entries(value);
  if (random.next() < 0.2) return Object.fromEntries(entries.filter(([other]) => other !== name));
  return Object.fromEntries(
    entries.map(([other, item]) => [other, other === name ? spoilValue(random, item) : item]),
  );
}
