import { one, type WireCase } from '../case.ts';
import {
  BATCH,
  COUNTED,
  DATA,
  EMITTER,
  eventOf,
  LINES,
  OPERATOR,
  post,
  STRUCTURED,
} from './events.ts';

const MEBIBYTE = 1024 * 1024;

const BINARY = {
  'content-type': 'application/json',
  'ce-specversion': '1.0',
  'ce-type': 'stackmeter.usage',
  'ce-source': '/conformance/{unique}',
  'ce-id': 'binary%20mode',
};

const REPEATED = {
  status: 200,
  json: { accepted: 0, duplicates: 1, quarantined: [] },
} as const;

const broken = { status: 400, code: 'InvalidRequestContent' } as const;

/** Records in: forms of request, what an answer says, what is refused as a whole. */
export const intakeCases: readonly WireCase[] = [
  one('one structured event', post({ json: eventOf('structured') }), COUNTED),
  one('the same once more', post({ json: eventOf('structured') }), REPEATED),
  one(
    'the same in another form: quantity as text, times and ids written differently',
    post({
      json: eventOf('structured', {
        quantity: '1.000',
        usageStartTime: '2018-06-01T12:00:00+02:00',
        usageEndTime: '2018-06-01T11:00:00.0000000',
      }),
    }),
    REPEATED,
  ),
  one(
    'the same as application/json',
    post({ json: eventOf('structured') }, { 'content-type': 'Application/JSON; charset=UTF-8' }),
    REPEATED,
  ),
  one(
    'a batch of one as the SDK of OpenMeter sends it',
    post({ json: [eventOf('batch-1')] }, BATCH),
    COUNTED,
  ),
  one(
    'an array as application/json',
    post({ json: [eventOf('array')] }, { 'content-type': 'application/json' }),
    COUNTED,
  ),
  one(
    'a batch: counted, repeated within it, and held, each told apart',
    post(
      { json: [eventOf('mixed'), eventOf('mixed'), eventOf('bad', { quantity: 'much' })] },
      BATCH,
    ),
    {
      status: 200,
      json: {
        accepted: 1,
        duplicates: 1,
        quarantined: [{ index: 2, id: 'bad', code: 'InvalidQuantity' }],
      },
      matches: { '/quarantined/0/quarantineId': '^[0-9]+$', '/quarantined/0/message': 'much' },
    },
  ),
  one('an empty batch', post({ json: [] }, BATCH), COUNTED),
  one('lines of JSON', post({ text: ndjson('lines') }, LINES), COUNTED),
  one('binary mode', post({ json: DATA }, BINARY), COUNTED),
  one(
    'binary mode is the same record as structured mode',
    post({ json: eventOf('binary mode') }),
    REPEATED,
  ),
  one('gzip', post({ json: eventOf('gzip'), encoding: 'gzip' }), COUNTED),
  one('zstd', post({ json: [eventOf('zstd')], encoding: 'zstd' }, BATCH), COUNTED),
  one('a body without Content-Length', post({ json: eventOf('chunked'), chunked: true }), COUNTED),
  one(
    'a quantity of thirty digits as a number, told from one that differs in the last',
    post(
      {
        text: `[${[1, 2].map((last) => JSON.stringify(eventOf('digits')).replace('"quantity":1', `"quantity":0.12345678901234567890123456789${last}`)).join()}]`,
      },
      BATCH,
    ),
    {
      status: 200,
      json: { accepted: 1, duplicates: 0, quarantined: [{ code: 'RecordConflict' }] },
    },
  ),
  one(
    'client id and secret as a bearer key',
    post({ json: eventOf('key') }, STRUCTURED, { client: 'emitter', by: 'key' }),
    COUNTED,
  ),
  one(
    'client id and secret as Basic',
    post({ json: eventOf('basic') }, STRUCTURED, { client: 'emitter', by: 'basic' }),
    COUNTED,
  ),
  one(
    'the operator may emit anything',
    post({ json: eventOf('operator') }, STRUCTURED, OPERATOR),
    COUNTED,
  ),
  one(
    'no credentials',
    { method: 'POST', path: '/api/v1/events', headers: STRUCTURED, body: { json: eventOf('x') } },
    { status: 401, code: 'AuthenticationFailed' },
  ),
  one(
    'a wrong secret',
    {
      method: 'POST',
      path: '/api/v1/events',
      headers: { ...STRUCTURED, authorization: 'Bearer {unknownSubscription}.secret' },
      body: { json: eventOf('x') },
    },
    { status: 401, code: 'AuthenticationFailed' },
  ),
  one(
    'a reader emits nothing',
    post({ json: eventOf('reader') }, STRUCTURED, { client: 'tenant' }),
    { status: 403, code: 'AuthorizationFailed' },
  ),
  one(
    'an emitter reads no meters',
    { path: '/api/v1/meters', as: EMITTER },
    { status: 403, code: 'AuthorizationFailed' },
  ),
  one(
    'an emitter reads no quarantine',
    { path: '/api/v1/quarantine', as: EMITTER },
    { status: 403, code: 'AuthorizationFailed' },
  ),
  one(
    'an emitter adds no meter',
    {
      method: 'POST',
      path: '/api/v1/meters',
      as: EMITTER,
      headers: { 'content-type': 'application/json' },
      body: { json: {} },
    },
    { status: 403, code: 'AuthorizationFailed' },
  ),
  one('broken JSON', post({ text: '{"specversion":"1.0",' }), broken),
  one(
    'a broken element of a batch: nothing is taken',
    post({ text: '[{"id":"a"}, {]' }, BATCH),
    broken,
  ),
  one(
    'a broken line: its number is told',
    post({ text: `${JSON.stringify(eventOf('fine'))}\n{` }, LINES),
    { ...broken, message: 'line 2' },
  ),
  one(
    'what stood before the broken line was not counted',
    post({ json: eventOf('fine') }),
    COUNTED,
  ),
  one('no body', post({ text: '' }), broken),
  one('a batch that is no array', post({ json: { a: 1 } }, BATCH), broken),
  one('bytes that are not UTF-8', post({ hex: '7b22ff227d' }), broken),
  one(
    'bytes that are not gzip',
    post({ text: 'plain' }, { ...STRUCTURED, 'content-encoding': 'gzip' }),
    broken,
  ),
  one(
    'bytes that are not zstd',
    post({ text: 'plain' }, { ...STRUCTURED, 'content-encoding': 'zstd' }),
    broken,
  ),
  one('another media type', post({ text: 'a,b' }, { 'content-type': 'text/csv' }), {
    status: 415,
    code: 'UnsupportedMediaType',
    message: 'text/csv',
  }),
  one('no media type', post({ json: eventOf('x') }, {}), {
    status: 415,
    code: 'UnsupportedMediaType',
  }),
  one('another content coding', post({ text: 'x' }, { ...STRUCTURED, 'content-encoding': 'br' }), {
    status: 415,
    code: 'UnsupportedMediaType',
    message: 'br',
  }),
  one('a body beyond 16 MiB', post({ spaces: 16 * MEBIBYTE + 1 }), {
    status: 413,
    code: 'PayloadTooLarge',
  }),
  one('gzip that becomes too large', post({ spaces: 64 * MEBIBYTE, encoding: 'gzip' }), {
    status: 413,
    code: 'PayloadTooLarge',
  }),
  one('zstd that becomes too large', post({ spaces: 64 * MEBIBYTE, encoding: 'zstd' }), {
    status: 413,
    code: 'PayloadTooLarge',
  }),
  one('more than 10,000 records', post({ text: `[${'{},'.repeat(10_000)}{}]` }, BATCH), {
    status: 413,
    code: 'TooManyRecords',
  }),
  {
    name: 'as much waits as fits: come back later',
    steps: [
      {
        request: post({ json: eventOf('busy') }),
        // Of the default size of the queue, 64 MiB.
        whileHeld: Array.from({ length: 4 }, () => 16 * MEBIBYTE),
        expect: {
          status: 503,
          code: 'ServiceUnavailable',
          headers: { 'retry-after': '/^[0-9]+$/' },
        },
      },
    ],
  },
];

function ndjson(name: string): string {
  const lines = [1, 2, 3].map((n) => JSON.stringify(eventOf(`${name}-${n}`)));
  return `${lines.join('\r\n')}\n\n`;
}
