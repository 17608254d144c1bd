import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import { checkUsageApiVersion } from '../../platform/index.ts';
import { readUsageQuery } from './usage-query.ts';

const now = Temporal.Instant.from('2018-09-01T10:30:00Z');
const parameters = (fields: Record<string, string>): ReadonlyMap<string, string> =>
  new Map(Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]));
const daily = {
  reportedStartTime: '2018-08-23T00:00:00Z',
  reportedEndTime: '2018-09-01T00:00:00+00:00Z',
};

test('daily is the default, empty parameters are absent, bounds are half-open', () => {
  const query = readUsageQuery(
    parameters({ ...daily, aggregationGranularity: '', subscriberId: '', continuationToken: '' }),
    now,
    'provider',
  );
  assert.equal(query.granularity, 'day');
  assert.equal(query.to - query.from, 9);
  assert.equal(query.subscriberId, undefined);
  assert.equal(query.continuationToken, undefined);
});

test('granularity and subscriberId compare without case', () => {
  const query = readUsageQuery(
    parameters({
      reportedStartTime: '2018-09-01T09:00:00Z',
      reportedEndTime: '2018-09-01T10:00:00Z',
      aggregationGranularity: 'hOURLY',
      subscriberId: 'ABCDEF01-2222-4333-8444-555555555555',
    }),
    now,
    'provider',
  );
  assert.equal(query.to - query.from, 1);
  assert.equal(query.subscriberId, 'abcdef01-2222-4333-8444-555555555555');
});

describe('what is wrong is named', () => {
  const cases: [string, Record<string, string>, string, RegExp][] = [
    ['start missing', { reportedStartTime: '' }, 'InvalidProperty', /reportedStartTime/],
    ['end missing', { reportedEndTime: '' }, 'InvalidProperty', /reportedEndTime/],
    ['not a time', { reportedStartTime: '23/08/2018' }, 'BadRequest', /23\/08\/2018/],
    ['start at end', { reportedStartTime: '2018-09-01' }, 'InvalidProperty', /reportedStartTime/],
    [
      'off midnight',
      { reportedStartTime: '2018-08-23T01:00:00Z' },
      'InvalidProperty',
      /2018-08-23T01:00:00Z.*midnight/,
    ],
    [
      'off the hour',
      { aggregationGranularity: 'hourly', reportedStartTime: '2018-08-23T01:30:00Z' },
      'InvalidProperty',
      /whole hour/,
    ],
    [
      'in the future',
      { reportedEndTime: '2018-09-02T00:00:00Z' },
      'RequestEndTimeIsInFuture',
      /2018-09-02/,
    ],
    [
      'unknown granularity',
      { aggregationGranularity: 'weekly' },
      'InvalidAggregationGranularity',
      /weekly/,
    ],
    ['no GUID', { subscriberId: 'x' }, 'InvalidProperty', /subscriberId/],
  ];
  for (const [name, change, code, message] of cases) {
    test(name, () =>
      assert.throws(() => readUsageQuery(parameters({ ...daily, ...change }), now, 'provider'), {
        code,
        message,
      }),
    );
  }
});

test('the tenant interface takes no subscriberId', () => {
  const query = readUsageQuery(parameters({ ...daily, subscriberId: 'x' }), now, 'tenant');
  assert.equal(query.subscriberId, undefined);
});

test('the api-version is required and has one value', () => {
  assert.throws(() => checkUsageApiVersion(parameters({})), { code: 'NoApiVersion' });
  assert.throws(() => checkUsageApiVersion(parameters({ 'api-version': '2015-01-01' })), {
    code: 'InvalidApiVersionParameter',
    message: /2015-06-01-preview/,
  });
  checkUsageApiVersion(parameters({ 'API-Version': '2015-06-01-Preview' }));
});
