import assert from 'node:assert/strict';
import test from 'node:test';
import { hourOf } from '../../kernel/index.ts';
import { readRecordsQuery } from './intake-records.ts';
import { readParameterLists } from './meter-query.ts';

const now = Temporal.Instant.from('2018-06-02T10:30:00Z');
const hour = (text: string): number => hourOf(Temporal.Instant.from(text));
const read = (query: string): ReturnType<typeof readRecordsQuery> =>
  readRecordsQuery(readParameterLists(`/api/v1/events?${query}`), now);

test('the last 24 reported hours are searched unless said otherwise', () => {
  assert.deepEqual(read('limit=&clientId=x'), {
    firstHour: hour('2018-06-01T11:00Z'),
    lastHour: hour('2018-06-02T10:00Z'),
    from: undefined,
    to: undefined,
    limit: 100,
  });
  const query = read(
    'ingestedAtFrom=2018-06-01T05:30:00.000Z&ingestedAtTo=2018-06-01T07:10Z&limit=5',
  );
  assert.equal(query.firstHour, hour('2018-06-01T05:00Z'));
  assert.equal(query.lastHour, hour('2018-06-01T07:00Z'));
  assert.equal(query.limit, 5);
  assert.equal(read('ingestedAtTo=2099-01-01').lastHour, hour('2018-06-02T10:00Z'));
});

test('what cannot be asked is named', () => {
  assert.throws(() => read('ingestedAtFrom=2018-06-01T10:00Z'), { message: /at most 24 hours/ });
  for (const limit of ['0', '101', '-1', '1e2', 'x']) {
    assert.throws(() => read(`limit=${limit}`), { code: 'InvalidProperty', message: /of limit / });
  }
  for (const filter of [
    'id=1',
    'customerId=x',
    'hasError=true',
    'storedAtFrom=2018-06-01',
    'filter[id]=1',
  ]) {
    assert.throws(() => read(filter), { code: 'InvalidProperty', message: /cannot filter/ });
  }
  assert.throws(() => read('from=yesterday'), { code: 'BadRequest' });
});
