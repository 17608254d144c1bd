import { Compile, type XSchema } from 'typebox/schema';
import { catalogue, isGuid, isJsonObject } from '../../src/kernel/index.ts';
import { projectFolder } from '../../src/platform/index.ts';
import type { PromisedAnswer, Schema } from './document.ts';
import { targetOf, type Draft } from './draft.ts';
import type { Answer } from './send.ts';

/** Answers that the message as such can have, whatever it asks for. */
const OF_THE_MESSAGE = new Set([400, 408, 417, 431]);
/** Answers to a body, also where none was wanted. */
const OF_THE_BODY = new Set([413, 415]);
/** Answers to what leads nowhere. */
const OF_THE_TARGET = new Set([404, 405]);

/** Everything that is wrong with an answer, in words; empty when nothing is. */
export function faultsOf(draft: Draft, answer: Answer): string[] {
  const { status, body } = answer;
  if (status >= 500) return [`status ${status}`];
  const promised = draft.operation.answers.get(status);
  const general =
    OF_THE_MESSAGE.has(status) ||
    (hasBody(draft) && OF_THE_BODY.has(status)) ||
    (!draft.fits && OF_THE_TARGET.has(status));
  const faults = [...headerFaults(draft, answer, promised), ...leaks(draft, body)];
  if (promised === undefined && !general) return [`undocumented status ${status}`, ...faults];
  // Another operation may have answered.
  const isOthers = !draft.fits && status < 400;
  // Nobody reads what comes with a way onward.
  const isOnward = status >= 300 && status < 400;
  if (draft.method === 'HEAD' || isOthers || isOnward) return faults;
  return [...faults, ...contentFaults(answer, promised, general)];
}

/** Whoever names its type, or asks whether to send it, has said that there is one. */
function hasBody({ body, headers }: Draft): boolean {
  return body !== undefined || 'content-type' in headers || 'expect' in headers;
}

const IDS = ['x-ms-request-id', 'x-ms-correlation-request-id'];
const ALWAYS = ['x-ms-routing-request-id', 'strict-transport-security', 'cache-control'];

function headerFaults(
  draft: Draft,
  { status, headers }: Answer,
  promised: PromisedAnswer | undefined,
): string[] {
  const isDirect = draft.fits && draft.method !== 'HEAD';
  const wanted = [
    ...ALWAYS,
    ...(isDirect ? (promised?.headers ?? []) : []),
    ...(status === 405 ? ['allow'] : []),
    ...(status === 429 ? ['retry-after'] : []),
  ];
  const missing = wanted.filter((name) => headers[name] === undefined);
  const notIds = IDS.filter((name) => !isGuid(String(headers[name])));
  return [
    ...missing.map((name) => `status ${status} without ${name}`),
    ...notIds.map((name) => `${name} is no GUID`),
    ...(headers['x-content-type-options'] === 'nosniff' ? [] : ['x-content-type-options']),
  ];
}

function contentFaults(
  { status, headers, body }: Answer,
  promised: PromisedAnswer | undefined,
  general: boolean,
): string[] {
  const [type = ''] = (headers['content-type'] ?? '').split(';');
  const contents = promised?.contents ?? new Map<string, Schema>();
  if (body.length === 0) {
    return contents.size === 0 && !general ? [] : [`status ${status} with an empty body`];
  }
  const schema = contents.get(type);
  const isEnvelope = status >= 400 && isError(type, body);
  if (schema === undefined) {
    if (isEnvelope && (general || contents.has('application/json'))) return [];
    return [`status ${status} as ${type === '' ? 'bytes of no type' : type}`];
  }
  if (type !== 'application/json') return [];
  const faults = schemaFaults(schema, body);
  // What the framework refuses before the route is asked has the envelope everywhere.
  return faults.length > 0 && general && isEnvelope ? [] : faults.map((one) => `${status}: ${one}`);
}

/** Whether a body is the envelope of the interfaces, or a problem with it inside. */
function isError(type: string, body: Buffer): boolean {
  const content = parse(body);
  if (!isJsonObject(content) || !isJsonObject(content['error'])) return false;
  const { code, message } = content['error'];
  if (typeof code !== 'string' || !Object.hasOwn(catalogue, code)) return false;
  if (typeof message !== 'string' || message === '') return false;
  if (type === 'application/json') return true;
  const { title, status, detail } = content;
  const isProblem = typeof title === 'string' && typeof status === 'number' && detail === message;
  return type === 'application/problem+json' && isProblem;
}

const validators = new WeakMap<Schema, ReturnType<typeof Compile>>();

function schemaFaults(schema: Schema, body: Buffer): string[] {
  const content = parse(body);
  if (content === undefined) return ['the body is no JSON'];
  let validator = validators.get(schema);
  if (validator === undefined) {
    validator = Compile(schema as XSchema);
    validators.set(schema, validator);
  }
  if (validator.Check(content)) return [];
  const [, findings] = validator.Errors(content);
  return findings.slice(0, 3).map(({ instancePath, message }) => {
    // Places in lists are left out: one fault, not one of each row.
    const place = instancePath.replaceAll(/\/\d+/g, '/n');
    return `the body is not as documented at ${place === '' ? 'its root' : place}: ${message}`;
  });
}

/** Undefined for what is no JSON. */
export function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** What only the inside of the service can have said. */
const INSIDE = new RegExp(
  [
    String.raw`\n\s+at .+:\d+`,
    'node_modules',
    'file://',
    '(?:Type|Range|Syntax|Reference)Error',
    'Cannot read propert',
    'is not (?:a function|iterable)',
    'syntax error at or near',
    'invalid input syntax',
    String.raw`violates [\w ]+ constraint`,
    'duplicate key value',
    'invalid byte sequence',
    'out of range for type',
    'current transaction is aborted',
    'deadlock detected',
    String.raw`\[object Object\]`,
    String.raw`\bundefined\b`,
    'FST_ERR',
    'ERR_[A-Z]+_',
    'ECONN',
    'ENOENT',
    RegExp.escape(projectFolder),
  ].join('|'),
  'g',
);

/** What became of a delivery is told to whoever has the endpoint, in the words of the network. */
const OF_NETWORK = new Map([['listWebhookMessages', /^ECONN$/]]);

function leaks(draft: Draft, body: Buffer): string[] {
  const isTold = OF_NETWORK.get(draft.operation.family);
  const all = body.toString('utf8').match(INSIDE) ?? [];
  const found = all.filter((said) => isTold?.test(said) !== true);
  if (found.length === 0) return [];
  const sent = `${decoded(targetOf(draft))} ${draft.body?.toString('utf8') ?? ''}`;
  return found.filter((said) => !sent.includes(said)).map((said) => `the body tells: ${said}`);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
