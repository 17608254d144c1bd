import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { applyRetention } from './index.ts';
import { DAY, FIRST, pass, verify, withOpenStamp } from './test-stamp.ts';

describe('retention', () => {
  const stamp = withOpenStamp();
  const partitions = async (parent: string): Promise<number> => {
    const { rowCount } = await stamp.database.pool.query(
      'select from pg_inherits where inhparent = $1::regclass',
      [parent],
    );
    return rowCount ?? 0;
  };

  it('drops records, then hourly rows, and the windows know', async () => {
    const { id, send } = await stamp.begin();
    await send(stamp.usage(id));
    await pass(stamp, 20);
    const { database } = stamp;
    const periods = { recordDays: 2, hourlyDays: 40 };
    assert.deepEqual(await applyRetention(database, stamp.clock.now(), periods), []);
    const before = await partitions('usage_record');
    await pass(stamp, 49);
    const expired = await applyRetention(database, stamp.clock.now(), periods);
    assert.deepEqual(expired, [{ partition: 'usage_record_20260301', hours: 4 }]);
    assert.ok((await partitions('usage_record')) >= before);
    assert.equal((await verify(database, 'hour', FIRST)).verdict, 'unverifiable');
    assert.equal((await verify(database, 'day', DAY)).verdict, 'equal');
    await database.pool.query('update usage_hourly set quantity = 9 where reported_hour = $1', [
      FIRST,
    ]);
    assert.equal(
      (await verify(database, 'hour', FIRST)).verdict,
      'different',
      'still known by its hash',
    );
    await database.pool.query('update usage_hourly set quantity = 1.25 where reported_hour = $1', [
      FIRST,
    ]);
  });

  it('keeps daily rows, whose hourly rows are gone then', async () => {
    const { database } = stamp;
    await pass(stamp, 30 * 24);
    await pass(stamp, 41 * 24);
    const expired = await applyRetention(database, stamp.clock.now(), {
      recordDays: 2,
      hourlyDays: 40,
    });
    assert.ok(expired.some(({ partition }) => partition === 'usage_hourly_202603'));
    const hour = await verify(database, 'hour', FIRST);
    assert.ok(hour.verdict === 'unverifiable');
    assert.equal((await verify(database, 'day', DAY)).verdict, 'unverifiable');
    const { rows } = await database.pool.query('select quantity::text from usage_daily');
    assert.deepEqual(rows, [{ quantity: '1.25' }]);
    await database.pool.query('update usage_daily set quantity = 9');
    assert.equal((await verify(database, 'day', DAY)).verdict, 'different');
  });
});
