import assert from 'node:assert/strict';
import test from 'node:test';
import { bucketStart, toWireQuantity, usageBucket } from './usage-wire.ts';

test('a bucket is written with its offset, start and end', () => {
  assert.deepEqual(usageBucket('day', 17_683), {
    start: '2018-06-01T00:00:00+00:00',
    end: '2018-06-02T00:00:00+00:00',
  });
  assert.deepEqual(usageBucket('hour', 17_683 * 24 + 23), {
    start: '2018-06-01T23:00:00+00:00',
    end: '2018-06-02T00:00:00+00:00',
  });
  assert.equal(bucketStart('day', 17_683).toString(), '2018-06-01T00:00:00Z');
});

test('more buckets than are remembered are written all the same', () => {
  for (let hour = 0; hour < 10_050; hour++) usageBucket('hour', hour);
  assert.equal(usageBucket('hour', 0).start, '1970-01-01T00:00:00+00:00');
});

test('a quantity keeps its digits, and a whole one is written as a fraction', () => {
  assert.equal(toWireQuantity('24'), '24.0');
  assert.equal(toWireQuantity('0.00134400000000000001'), '0.00134400000000000001');
});
