import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import fc from 'fast-check';
import { Decimal } from '../../kernel/index.ts';
import type { UsageEvent } from './event.ts';
import { MOST_RECORDS, readEvents } from './wire.ts';

const data = {
  subscriptionId: '11111111-2222-4333-8444-555555555555',
  resourceUri: '/subscriptions/11111111-2222-4333-8444-555555555555/x',
  meterId: 'm',
  quantity: 1,
  usageStartTime: '2026-01-01T00:00:00Z',
  usageEndTime: '2026-01-01T01:00:00Z',
};
const event = { specversion: '1.0', id: 'a', source: 's', type: 'stackmeter.usage', data };

const read = (mediaType: string, body: string, headers: Record<string, string> = {}) =>
  readEvents({ 'content-type': mediaType, ...headers }, Buffer.from(body));
const only = (batch: ReturnType<typeof read>): UsageEvent => {
  assert.equal(batch.events.length, 1);
  const [first] = batch.events;
  if (first === undefined || 'fault' in first) assert.fail(first?.fault.message ?? 'no event');
  return first;
};

describe('each form of a CloudEvent gives the same record', () => {
  const json = JSON.stringify(event);
  const expected = only(read('application/cloudevents+json', json));
  const cases: [string, () => ReturnType<typeof read>][] = [
    [
      'structured with a parameter',
      () => read('application/cloudevents+json; charset=utf-8', json),
    ],
    ['batch', () => read('application/cloudevents-batch+json', `[${json}]`)],
    ['lines', () => read('application/x-ndjson', `\n${json}\r\n\n`)],
    ['plain JSON object', () => read('application/json', json)],
    ['plain JSON array', () => read('application/json', `[${json}]`)],
    [
      'binary',
      () =>
        read('application/json', JSON.stringify(data), {
          'ce-id': 'a',
          'ce-source': 's',
          'ce-specversion': '1.0',
          'ce-type': 'stackmeter.usage',
        }),
    ],
  ];
  for (const [name, make] of cases) test(name, () => assert.deepEqual(only(make()), expected));
});

test('exact: a quantity written as a JSON number keeps every digit', () => {
  const numeral = fc
    .tuple(
      fc.bigInt({ min: 0n, max: 10n ** 30n }),
      fc.option(fc.stringMatching(/^[0-9]{1,20}$/)),
      fc.option(fc.integer({ min: -330, max: 330 })),
    )
    .map(
      ([whole, fraction, exponent]) =>
        `${whole}${fraction === null ? '' : `.${fraction}`}${exponent === null ? '' : `e${exponent}`}`,
    );
  fc.assert(
    fc.property(numeral, (text) => {
      const body = JSON.stringify(event).replace('"quantity":1', `"quantity" : ${text}`);
      const { quantity } = only(read('application/cloudevents+json', body));
      assert.equal(Decimal.parse(quantity)?.toText(), Decimal.parse(text)?.toText());
    }),
    { numRuns: 2000 },
  );
});

test('exact: 16 digits, which a double may or may not keep', () => {
  for (const text of ['9007199254740993', '-900719925474099.3', '0.12345678901234567']) {
    const body = JSON.stringify(event).replace('"quantity":1', `"quantity":${text}`);
    assert.equal(only(read('application/cloudevents+json', body)).quantity, text);
  }
});

test('tags given as an object keep the text in which they were written', () => {
  const tags = '{ "10":1.50, "2":"x" , "2":"y"}';
  const body = JSON.stringify([event, event]).replace(
    '"quantity":1',
    `"quantity":1,"tags":${tags}`,
  );
  const [first] = read('application/cloudevents-batch+json', body).events;
  assert.equal((first as UsageEvent).tags, tags);
});

describe('a body that cannot be read is refused as a whole', () => {
  const cases: [string, string, string, string][] = [
    ['broken JSON', 'application/cloudevents-batch+json', '[{"id":', 'InvalidRequestContent'],
    [
      'a broken line',
      'application/x-ndjson',
      `${JSON.stringify(event)}\n{`,
      'InvalidRequestContent',
    ],
    [
      'a batch that is no array',
      'application/cloudevents-batch+json',
      '{}',
      'InvalidRequestContent',
    ],
    ['another media type', 'text/html', '', 'UnsupportedMediaType'],
    [
      'too many records',
      'application/cloudevents-batch+json',
      `[${'1,'.repeat(MOST_RECORDS)}1]`,
      'TooManyRecords',
    ],
  ];
  for (const [name, mediaType, body, code] of cases) {
    test(name, () => assert.throws(() => read(mediaType, body), { code }));
  }
  test('not UTF-8', () => {
    assert.throws(
      () => readEvents({ 'content-type': 'application/json' }, Buffer.from([0x22, 0xff, 0x22])),
      { code: 'InvalidRequestContent' },
    );
  });
});

test('an event of the wrong shape is kept apart from the others, with its bytes', () => {
  const bad =
    '{"specversion":"1.0","id":"b","source":"s","type":"stackmeter.usage","data":{"quantity":true}}';
  const batch = read('application/cloudevents-batch+json', `[${JSON.stringify(event)}, ${bad} ]`);
  const second = batch.events[1]!;
  assert.ok('fault' in second);
  assert.deepEqual([second.fault.code, second.id, second.source], ['InvalidEvent', 'b', 's']);
  assert.equal(batch.sourceOf(1).toString(), bad);
});
