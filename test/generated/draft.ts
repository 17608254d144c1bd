import type { ApiOperation } from './document.ts';

/** A request while it is made up, in parts that can be changed and left out. */
export interface Draft {
  /** What it is about; it may be changed so that it no longer gets there. */
  readonly operation: ApiOperation;
  readonly method: string;
  /** As on the wire. */
  readonly path: string;
  /** Names and values as on the wire. */
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer | undefined;
  /** Whether method and path surely lead to the operation. */
  readonly fits: boolean;
}

export function targetOf({ path, query }: Draft): string {
  if (query.length === 0) return path;
  return `${path}?${query.map(([name, value]) => `${name}=${value}`).join('&')}`;
}

const MOST_SHOWN = 4000;
const RUN = /(.)\1{49,}/gs;

/** Long repetitions are counted, which leaves enough to write the request down again. */
function compact(text: string): string {
  return text.replaceAll(RUN, (run, one: string) => `<${run.length} x ${one}>`);
}

/** The request as text from which it can be sent again. */
export function show(draft: Draft): string {
  const { method, headers, body } = draft;
  const lines = Object.entries(headers).flatMap(([name, values]) =>
    [values].flat().map((value) => `${name}: ${name === 'cookie' ? value : shorten(value)}`),
  );
  const shown = [`${method} ${targetOf(draft)}`, ...lines, ...(body ? ['', showBody(body)] : [])];
  return compact(shown.join('\n'));
}

/** Long tokens are of this run only. */
function shorten(value: string): string {
  return value.length <= 300 ? value : `${value.slice(0, 100)}... (${value.length} characters)`;
}

function showBody(body: Buffer): string {
  const text = body.toString('utf8');
  const isText = Buffer.from(text).equals(body);
  const shown = isText ? compact(text) : `base64 ${body.toString('base64')}`;
  if (shown.length <= MOST_SHOWN) return shown;
  return `${shown.slice(0, MOST_SHOWN)}... (${shown.length} characters)`;
}

/** Each one simpler than the draft by one part. */
export function* simpler(draft: Draft): Generator<Draft> {
  for (const name of Object.keys(draft.headers)) {
    const { [name]: _left, ...headers } = draft.headers;
    yield { ...draft, headers };
  }
  for (const at of draft.query.keys()) {
    yield { ...draft, query: draft.query.filter((_, index) => index !== at) };
  }
  if (draft.body === undefined) return;
  yield { ...draft, body: undefined };
  for (const body of simplerBodies(draft.body)) yield { ...draft, body };
}

function* simplerBodies(body: Buffer): Generator<Buffer> {
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return;
  }
  for (const less of simplerValues(value)) yield Buffer.from(JSON.stringify(less));
}

function* simplerValues(value: unknown): Generator {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const at of value.keys()) yield value.toSpliced(at, 1);
    return;
  }
  for (const [name, item] of Object.entries(value)) {
    const rest = Object.fromEntries(Object.entries(value).filter(([other]) => other !== name));
    yield rest;
    for (const less of simplerValues(item)) yield { ...value, [name]: less };
  }
}
