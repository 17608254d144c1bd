import assert from 'node:assert/strict';
import test, { describe } from 'node:test';
import {
  endOf,
  furthestOf,
  MOST_SUBJECTS,
  readMeterQuery,
  readParameterLists,
  readSubjects,
  type MeterQuery,
} from './meter-query.ts';

const read = (query: string): MeterQuery => readMeterQuery(readParameterLists(`/x?${query}`));
const hour = (text: string): number =>
  Temporal.Instant.from(`${text}:00Z`).epochMilliseconds / 36e5;
const ID = '7c1e9a40-5b2d-4f83-9e16-2d3a8b4c5f01';

test('names compare without case, empty values are absent, lists keep all values', () => {
  const query = read(
    'FROM=2018-06-01T00%3A00%3A00.000Z&to=&WindowSize=day&groupBy=subject&groupBy=RESOURCEgroup&groupby=resourceGroup' +
      '&filterGroupBy%5BLocation%5D=a&windowTimeZone=utc&clientId=x',
  );
  assert.deepEqual(query, {
    windowSize: 'DAY',
    granularity: 'day',
    from: hour('2018-06-01T00') / 24,
    to: undefined,
    groupBy: ['resourceGroup'],
    filters: [['location', 'a']],
  });
});

test('whole days are read where the bounds allow, hours otherwise', () => {
  const of = (query: string): string => read(query).granularity;
  assert.equal(of('from=2018-06-01&to=2018-06-02'), 'day');
  assert.equal(of('from=2018-06-01&to=2018-06-02&windowSize=HOUR'), 'hour');
  assert.equal(of('from=2018-06-01&to=2018-06-02T01:00Z'), 'hour');
  assert.equal(of('from=2018-06-01T05:00Z&to=2018-06-02'), 'hour');
  assert.equal(of('from=2018-06-01'), 'hour');
});

describe('the end', () => {
  const from = hour('2018-06-01T00');

  test('is where windows end that are closed, if that comes first', () => {
    const query = read('from=2018-06-01&to=2018-06-01T10:00Z&windowSize=HOUR');
    assert.equal(furthestOf(query), from + 10);
    assert.equal(endOf(query, from + 10), from + 10);
    assert.equal(endOf(query, from + 4), from + 4);
    assert.equal(endOf(query, from), from);
  });

  test('may lie anywhere in windows that are open, and at the start of one that is closed', () => {
    const query = read('from=2018-06-01&to=2018-06-01T10:20Z&windowSize=HOUR');
    assert.equal(furthestOf(query), from + 11);
    assert.equal(endOf(query, from + 10), from + 10);
    assert.throws(() => endOf(query, from + 11), {
      code: 'InvalidProperty',
      message: /of to .*whole hour/,
    });
  });

  test('is in reach', () => {
    const open = read('from=2018-06-01&windowSize=HOUR');
    assert.equal(furthestOf(open), from + 745);
    assert.equal(endOf(open, from + 744), from + 744);
    assert.throws(() => endOf(open, furthestOf(open)), { message: /at most 744 hours/ });
    const years = read('from=1970-01-01&to=2018-06-01&windowSize=DAY');
    assert.equal(furthestOf(years), 367);
    assert.throws(() => endOf(years, 367), { message: /at most 366 days/ });
  });
});

describe('what is wrong is named', () => {
  const cases: [string, string, string, RegExp][] = [
    ['no start', 'to=2018-06-02', 'InvalidProperty', /of from .*missing/],
    ['no time', 'from=yesterday', 'BadRequest', /yesterday/],
    ['off the hour', 'from=2018-06-01T00:00:01Z', 'InvalidProperty', /of from .*whole hour/],
    ['off midnight', 'from=2018-06-01T01:00Z&windowSize=DAY', 'InvalidProperty', /midnight/],
    ['no time between', 'from=2018-06-02&to=2018-06-02', 'InvalidProperty', /before to/],
    ['twice', 'from=2018-06-01&from=2018-06-02', 'InvalidProperty', /once only/],
    ['window', 'from=2018-06-01&windowSize=MONTH', 'InvalidProperty', /HOUR or DAY/],
    ['zone', 'from=2018-06-01&windowTimeZone=Asia/Tokyo', 'InvalidProperty', /UTC only/],
    ['group', 'from=2018-06-01&groupBy=model', 'InvalidProperty', /model.*resourceGroup/],
    ['filter', 'from=2018-06-01&filterGroupBy[model]=x', 'InvalidProperty', /model/],
    [
      'two values',
      'from=2018-06-01&filterGroupBy[location]=a&filterGroupBy[location]=b',
      'InvalidProperty',
      /once only/,
    ],
    ['no brackets', 'from=2018-06-01&filterGroupBy=x', 'InvalidProperty', /filterGroupBy\[name\]/i],
    ['customer', 'from=2018-06-01&filterCustomerId=x', 'InvalidProperty', /cannot filter/],
    [
      'other filter',
      'from=2018-06-01&advancedMeterGroupByFilters[a][$eq]=x',
      'InvalidProperty',
      /cannot filter/,
    ],
  ];
  for (const [name, query, code, message] of cases) {
    test(name, () => assert.throws(() => read(query), { code, message }));
  }
});

test('subjects are subscriptions, at least one, not too many', () => {
  const subjects = (query: string): string[] => readSubjects(readParameterLists(`/x?${query}`));
  assert.deepEqual(subjects(`subject=${ID}&Subject=${ID.toUpperCase()}`), [ID]);
  assert.throws(() => subjects(''), { code: 'InvalidProperty', message: /of subject/ });
  assert.throws(() => subjects('subject=customer-1'), { message: /customer-1.*GUID/ });
  const many = Array.from(
    { length: MOST_SUBJECTS + 1 },
    (_, number) => `subject=00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
  );
  assert.throws(() => subjects(many.join('&')), { message: /at most 100/ });
});
