import type { SeededRandom } from '../crash/random.ts';
import { spoilBody, type Body } from './bodies.ts';
import { badCredential, type Callers } from './credentials.ts';
import type { ApiOperation } from './document.ts';
import type { Draft } from './draft.ts';
import { encoded, hostilePart, hostileText } from './hostile.ts';

/** What spoiling needs besides the draft. */
export interface Means {
  readonly callers: Callers;
  readonly operations: readonly ApiOperation[];
}

type Spoil = (random: SeededRandom, draft: Draft, means: Means) => Draft;

const SPOILS: readonly Spoil[] = [
  spoilQuery,
  spoilQuery,
  spoilPath,
  spoilTheBody,
  spoilTheBody,
  spoilHeader,
  (random, draft, { callers }) => {
    const { authorization: _left, ...headers } = draft.headers;
    const bad = badCredential(random, callers);
    return { ...draft, headers: bad === undefined ? headers : { ...headers, authorization: bad } };
  },
  (random, draft, { operations }) => withMethod(operations, draft, random.pick(METHODS)),
];

const TOO_LARGE = 'x-large';
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND', 'TRACE'];

/** Another method may be that of another operation; HEAD is that of GET. */
function withMethod(operations: readonly ApiOperation[], draft: Draft, method: string): Draft {
  const wanted = method === 'HEAD' ? 'GET' : method;
  const { path } = draft.operation;
  const found = operations.find((one) => one.method === wanted && one.path === path);
  const { [TOO_LARGE]: _left, ...headers } = draft.headers;
  const changed = { ...draft, method, headers };
  return found === undefined ? { ...changed, fits: false } : { ...changed, operation: found };
}

/** Makes a request worse in one way. */
export function spoil(random: SeededRandom, draft: Draft, means: Means): Draft {
  return random.pick(SPOILS)(random, draft, means);
}

function spoilTheBody(random: SeededRandom, draft: Draft): Draft {
  // Where none is taken one is sent now and then all the same.
  const takesOne = draft.body !== undefined || draft.operation.bodies.size > 0;
  if (!takesOne && random.next() < 0.7) return spoilQuery(random, draft);
  const names = ['content-type', 'content-encoding'];
  const own = Object.fromEntries(
    Object.entries(draft.headers).filter(([name]) => names.includes(name)),
  ) as Body['headers'];
  const { headers, content } = spoilBody(random, { headers: own, content: draft.body });
  const others = Object.entries(draft.headers).filter(([name]) => !names.includes(name));
  return { ...draft, headers: { ...Object.fromEntries(others), ...headers }, body: content };
}

function spoilQuery(random: SeededRandom, draft: Draft): Draft {
  const query = [...draft.query];
  const described = draft.operation.parameters.filter(({ in: place }) => place === 'query');
  const at = random.between(0, Math.max(0, query.length - 1));
  const [name = 'x', value = ''] = query[at] ?? [];
  switch (random.between(0, 7)) {
    case 0:
      return { ...draft, query: query.toSpliced(at, 1) };
    case 1:
      return { ...draft, query: query.toSpliced(at, 1, [name, '']) };
    case 2:
      return { ...draft, query: [...query, [name, value]] };
    case 3:
      return { ...draft, query: query.toSpliced(at, 1, [name.toUpperCase(), value]) };
    case 4:
      return { ...draft, query: [...query, [hostilePart(random), hostilePart(random)]] };
    case 5: {
      const other = described.length === 0 ? 'x' : encoded(random.pick(described).name);
      return { ...draft, query: [...query, [other, hostilePart(random)]] };
    }
    default:
      return { ...draft, query: query.toSpliced(at, 1, [name, hostilePart(random)]) };
  }
}

/** One segment is another: its case, its encoding, what no segment can have. */
function spoilPath(random: SeededRandom, draft: Draft): Draft {
  const segments = draft.path.split('/').slice(1);
  const template = draft.operation.path.split('/').slice(1);
  const places = [...template.keys()].filter((at) => template[at]!.startsWith('{'));
  const at = places.length === 0 ? 0 : random.pick(places);
  const put = (text: string): string => `/${segments.with(at, text).join('/')}`;
  switch (random.between(0, 6)) {
    case 0:
      return { ...draft, path: draft.path.toUpperCase() };
    case 1:
      return { ...draft, path: `${draft.path}/` };
    case 2:
      return {
        ...draft,
        path: `/${random.pick(['/', './', '%2e/', 'x/'])}${draft.path}`,
        fits: false,
      };
    case 3:
      return { ...draft, path: `${draft.path}/${hostilePart(random)}`, fits: false };
    case 4:
      return { ...draft, path: put(segments[at]!.replace(/./, percent)), fits: false };
    default: {
      const text = hostileText(random);
      const isPlain = /^[^\p{C}./\\%]+$/u.test(text) && text.length < 1000 && places.length > 0;
      const isSame = isPlain && random.next() < 0.7;
      return {
        ...draft,
        path: put(isSame ? encoded(text) : hostilePart(random)),
        fits: isSame && draft.fits,
      };
    }
  }
}

function percent(character: string): string {
  return `%${Buffer.from(character)[0]!.toString(16).padStart(2, '0')}`;
}

const HEADERS: readonly (readonly [string, readonly string[]])[] = [
  [
    'accept',
    [
      'application/problem+json',
      'text/html',
      '*/*',
      'image/png',
      '',
      ';;q=',
      'application/problem+json;q=0',
    ],
  ],
  ['accept-encoding', ['gzip', 'br', 'identity;q=0, *;q=0']],
  ['accept-language', ['fr', 'en;q=x', '*', 'x'.repeat(3000)]],
  ['x-ms-client-request-id', ['x', 'ü', 'a'.repeat(129), 'a b']],
  ['x-ms-return-client-request-id', ['true', 'TRUE', '1']],
  ['x-ms-correlation-request-id', ['f81d4fae-7dec-11d0-a765-00a0c91e6bf6', 'x', "'; --"]],
  ['x-http-method-override', ['DELETE']],
  ['x-forwarded-host', ['elsewhere.example']],
  ['x-forwarded-for', ['127.0.0.1, x']],
  ['host', ['elsewhere.example', '', 'localhost:1', 'a/b', '[::1]', 'x'.repeat(300), '../..']],
  ['origin', ['https://elsewhere.example', 'null']],
  [
    'cookie',
    ['a=b', '=', 'x'.repeat(5000), '_session=x; _interaction=y; _session.sig=z', '%00=%zz'],
  ],
  ['if-none-match', ['*', '"x"']],
  ['if-modified-since', ['Fri, 01 Jun 2018 00:00:00 GMT', 'x']],
  ['range', ['bytes=0-1', 'bytes=-']],
  ['expect', ['100-continue', 'something else']],
  ['te', ['trailers']],
  ['ce-id', ['', 'x'.repeat(300), '%zz', 'é']],
  ['ce-specversion', ['0.3', '']],
  ['ce-x', ['%00']],
  [TOO_LARGE, ['x'.repeat(17_000)]],
];

function spoilHeader(random: SeededRandom, draft: Draft): Draft {
  const [name, values] = random.pick(HEADERS);
  const value = random.pick(values);
  // Rare: the connection does not outlive it. Not with HEAD: what the server has not read it answers with a body.
  const isRefused = name === TOO_LARGE && (draft.method === 'HEAD' || random.next() < 0.8);
  if (isRefused) return draft;
  return { ...draft, headers: { ...draft.headers, [name]: value } };
}
