import assert from 'node:assert/strict';
import test from 'node:test';
import { readFlag, readReportedRange } from './usage-query.ts';

const now = Temporal.Instant.from('2018-09-01T10:30:00Z');
const names = { start: 'start_time', end: 'end_time', granularity: 'granularity' };

test('a range is read by the names that the interface gives', () => {
  const parameters = new Map([
    ['start_time', '2018-08-31T09:00:00Z'],
    ['end_time', '2018-09-01T10:00:00+00:00'],
    ['granularity', 'HOURLY'],
  ]);
  const { granularity, from, to } = readReportedRange(parameters, now, names);
  assert.deepEqual([granularity, to - from], ['hour', 25]);
  assert.throws(() => readReportedRange(parameters, now), {
    code: 'InvalidProperty',
    message: /reportedStartTime/,
  });
  assert.throws(() => readReportedRange(new Map(), now, names), {
    code: 'InvalidProperty',
    message: /start_time/,
  });
});

test('a flag is true or false in any case, what it is otherwise when absent, and nothing else', () => {
  const parameters = new Map([
    ['yes', 'True'],
    ['no', 'FALSE'],
    ['other', '1'],
  ]);
  assert.deepEqual(
    [
      readFlag(parameters, 'yes'),
      readFlag(parameters, 'no', true),
      readFlag(parameters, 'none', true),
      readFlag(parameters, 'none'),
    ],
    [true, false, true, false],
  );
  assert.throws(() => readFlag(parameters, 'other'), { code: 'InvalidProperty' });
});
