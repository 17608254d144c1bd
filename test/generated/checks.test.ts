import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { faultsOf } from './checks.ts';
import type { ApiOperation } from './document.ts';
import { show, simpler, type Draft } from './draft.ts';
import type { Answer } from './send.ts';

const number = { type: 'object', required: ['a'], properties: { a: { type: 'integer' } } };
const operation: ApiOperation = {
  id: 'getThing',
  family: 'getThing',
  method: 'GET',
  path: '/things/{thing}',
  tag: 'things',
  parameters: [],
  bodies: new Map(),
  bodyRequired: false,
  answers: new Map([
    [200, { headers: ['x-thing'], contents: new Map([['application/json', number]]) }],
    [204, { headers: [], contents: new Map() }],
    [401, { headers: ['www-authenticate'], contents: new Map([['application/json', {}]]) }],
  ]),
  isPublic: false,
  takesKeys: false,
};
const draft: Draft = {
  operation,
  method: 'GET',
  path: '/things/1',
  query: [['a', '1']],
  headers: { accept: 'x' },
  body: undefined,
  fits: true,
};
const id = 'f81d4fae-7dec-41d0-a765-00a0c91e6bf6';
const headers = {
  'x-ms-request-id': id,
  'x-ms-correlation-request-id': id,
  'x-ms-routing-request-id': `LOCAL:x:${id}`,
  'strict-transport-security': 'x',
  'cache-control': 'no-cache',
  'x-content-type-options': 'nosniff',
  'x-thing': 'x',
  'content-type': 'application/json; charset=utf-8',
};

const answer = (status: number, body: string, changes: Answer['headers'] = {}): Answer => ({
  status,
  headers: { ...headers, ...changes },
  body: Buffer.from(body),
});
const notFound = '{"error":{"code":"NotFound","message":"Not here."}}';

describe('what is looked at in an answer', () => {
  it('nothing is wrong with one that is as documented', () => {
    assert.deepEqual(faultsOf(draft, answer(200, '{"a":1}')), []);
    assert.deepEqual(faultsOf(draft, answer(204, '')), []);
    assert.deepEqual(faultsOf({ ...draft, fits: false }, answer(404, notFound)), []);
    assert.deepEqual(faultsOf({ ...draft, method: 'HEAD' }, answer(200, '')), []);
  });

  it('every difference is told', () => {
    const cases: readonly (readonly [Answer, RegExp])[] = [
      [answer(500, ''), /status 500/],
      [answer(503, '', { 'retry-after': '5' }), /status 503/],
      [answer(404, notFound), /undocumented status 404/],
      [answer(200, ''), /empty body/],
      [answer(200, '{"a":"1"}'), /not as documented at \/a/],
      [answer(200, '{"a":'), /no JSON/],
      [answer(200, '{"a":1}', { 'content-type': 'text/html' }), /200 as text\/html/],
      [answer(204, '{}'), /204 as application\/json/],
      [answer(200, '{"a":1}', { 'x-thing': undefined }), /without x-thing/],
      [answer(200, '{"a":1}', { 'x-ms-request-id': 'x' }), /x-ms-request-id is no GUID/],
      [answer(401, '{}'), /without www-authenticate/],
      [answer(400, '{"error":"x"}'), /400 as application\/json/],
      [answer(400, '{"error":{"code":"Made.Up","message":"x"}}'), /400 as application\/json/],
      [answer(200, '{"a":1,"b":"x\\n    at f (/a/b.ts:1:2) TypeError"}'), /tells: TypeError/],
      [answer(200, '{"a":1,"b":"duplicate key value"}'), /tells: duplicate key/],
    ];
    for (const [came, said] of cases) assert.match(faultsOf(draft, came).join('; '), said);
  });

  it('what the caller said itself is no secret of the inside', () => {
    const echo = answer(200, '{"a":1,"b":"TypeError"}');
    assert.deepEqual(faultsOf({ ...draft, query: [['a', 'Type%45rror']] }, echo), []);
  });
});

describe('a request that failed', () => {
  it('is shown as it was sent', () => {
    const put = { ...draft, method: 'PUT', body: Buffer.from(`{"a":"${'x'.repeat(60)}"}`) };
    assert.equal(show(put), 'PUT /things/1?a=1\naccept: x\n\n{"a":"<60 x x>"}');
  });

  it('gets simpler by one part at a time', () => {
    const [noHeader, noQuery, ...bodies] = simpler({ ...draft, body: Buffer.from('{"a":[1]}') });
    assert.deepEqual(noHeader?.headers, {});
    assert.deepEqual(noQuery?.query, []);
    assert.deepEqual(
      bodies.map(({ body }) => body?.toString()),
      [undefined, '{}', '{"a":[]}'],
    );
  });
});
