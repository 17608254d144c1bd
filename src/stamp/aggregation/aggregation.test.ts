import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gateBefore } from '../../../test/support/gate.ts';
import { compute, submission } from '../../../test/support/usage.ts';
import { systemClock, type Database } from '../../platform/index.ts';
import { closeWindows, listWindows, openPresentHour, readWindow } from './index.ts';
import { DAY, FIRST, HOUR_MS, pass, verify, withOpenStamp } from './test-stamp.ts';

async function hourlyRows(database: Database, subscriptionId: string): Promise<unknown[]> {
  const { rows } = await database.pool.query<Record<string, number | string>>(
    `select reported_hour - $2::int as reported, usage_hour - $2::int as usage, records, quantity::text
     from usage_hourly where subscription_id = $1 order by 1, 2, 4`,
    [subscriptionId, FIRST],
  );
  return rows.map((row) => Object.values(row));
}

describe('closing an hour', () => {
  const stamp = withOpenStamp();

  it('waits for a transaction that joined it while it was open', async () => {
    const { id } = await stamp.begin();
    const emitter = await stamp.newEmitter();
    const gate = gateBefore(stamp.database, 'intake-records');
    const joined = gate.close();
    const straggler = stamp
      .engine({ database: gate.database })
      .submit(submission(emitter, stamp.usage(id, { tags: 'a resource of its own' })));
    await joined;
    stamp.clock.advance(HOUR_MS);
    await openPresentHour(stamp);
    let closed = false;
    const closing = closeWindows(stamp, stamp.clock.now()).then(() => (closed = true));
    const later = await stamp.engine().submit(submission(emitter, stamp.usage(id)));
    assert.equal(later.accepted, 1, 'the next hour takes records meanwhile');
    await systemClock.sleep(100);
    assert.equal(closed, false);
    gate.open();
    assert.equal((await straggler).accepted, 1);
    await closing;
    const window = await readWindow(stamp.database.pool, 'hour', FIRST);
    assert.ok(window?.state === 'closed');
    assert.deepEqual(
      [window.sums.rows, window.sums.records, window.sums.quantity],
      [1n, 1n, '1.25'],
    );
    assert.equal((await verify(stamp.database, 'hour', FIRST)).verdict, 'equal');
  });

  it('is done once by however many try', async () => {
    stamp.clock.advance(3 * HOUR_MS);
    await Promise.all([1, 2, 3].map(() => openPresentHour(stamp)));
    const counts = await Promise.all(
      [1, 2, 3, 4].map(() => closeWindows(stamp, stamp.clock.now())),
    );
    // Three hours, and the day that they complete.
    assert.equal(
      counts.reduce((sum, count) => sum + count),
      4,
    );
  });
});

describe('hourly and daily rows', () => {
  const stamp = withOpenStamp();

  it('say when usage was and when it was reported', async () => {
    const { id, send } = await stamp.begin();
    await send(
      stamp.usage(id),
      stamp.usage(id, { meterId: compute.id.toUpperCase() }),
      // Twenty minutes of it before the hour, forty after.
      stamp.usage(id, {
        quantity: '3',
        usageStartTime: '2026-03-01T15:40:00Z',
        usageEndTime: '2026-03-01T16:40:00Z',
        tags: '{"a":"b"}',
      }),
    );
    assert.deepEqual(await pass(stamp, 1), ['hour 0']);
    await send(stamp.usage(id, { quantity: '7' }));
    assert.deepEqual(await pass(stamp, 1), ['hour 1']);
    assert.deepEqual(await hourlyRows(stamp.database, id), [
      [0, -5, 1, '1'],
      [0, -4, 1, '2'],
      [0, -3, 2, '2.5'],
      [1, -3, 1, '7'],
    ]);
    await send(
      stamp.usage(id, {
        quantity: '0.1',
        usageStartTime: '2026-02-28T23:30:00Z',
        usageEndTime: '2026-03-01T00:30:00Z',
      }),
    );
    assert.deepEqual(await pass(stamp, 2), ['hour 2', 'hour 3', 'day 0']);
    await send(stamp.usage(id, { quantity: '100' }));
    await pass(stamp, 24);
    const { rows } = await stamp.database.pool.query<Record<string, number | string>>(
      `select reported_day - $1::int as reported, usage_day - $1::int as usage, sum(records)::int as records,
              sum(quantity)::text as quantity
       from usage_daily group by 1, 2 order by 1, 2`,
      [DAY],
    );
    assert.deepEqual(
      rows.map((row) => Object.values(row)),
      [
        [0, -1, 1, '0.05'],
        [0, 0, 6, '12.55'],
        [1, 0, 1, '100'],
      ],
    );
  });

  it('are found equal to what their input makes, until somebody changes one or the other', async () => {
    const { database } = stamp;
    for (const hour of [FIRST, FIRST + 1, FIRST + 3]) {
      assert.equal((await verify(database, 'hour', hour)).verdict, 'equal');
    }
    assert.equal((await verify(database, 'day', DAY)).verdict, 'equal');
    await database.pool.query(
      'update usage_hourly set quantity = quantity + 0.01 where reported_hour = $1',
      [FIRST + 1],
    );
    const planted = await verify(database, 'hour', FIRST + 1);
    assert.ok(planted.verdict === 'different');
    assert.deepEqual(
      [planted.noted.quantity, planted.stored.quantity, planted.recomputed.quantity],
      ['7', '7.01', '7'],
    );
    assert.deepEqual(
      planted.examples.map(({ side }) => side),
      ['stored', 'recomputed'],
    );
    assert.match(planted.examples[0]!.row, /,7\.01\)$/);
    assert.equal((await verify(database, 'day', DAY)).verdict, 'different');
    await database.pool.query(
      'update usage_hourly set quantity = quantity - 0.01 where reported_hour = $1',
      [FIRST + 1],
    );
    assert.equal((await verify(database, 'hour', FIRST + 1)).verdict, 'equal');
    await database.pool.query(
      'delete from usage_record where reported_hour = $1 and quantity = 2',
      [FIRST],
    );
    const lost = await verify(database, 'hour', FIRST);
    assert.ok(lost.verdict === 'different');
    assert.deepEqual(
      lost.examples.map(({ side }) => side),
      ['stored'],
    );
    assert.deepEqual([lost.stored.records, lost.recomputed.records], [4n, 3n]);
  });
});

describe('after a time of standing still', () => {
  const stamp = withOpenStamp();

  it('every hour in between is closed, empty and in order', async () => {
    const { id, send } = await stamp.begin();
    await send(stamp.usage(id));
    const closed = await pass(stamp, 50);
    const hours = Array.from({ length: 50 }, (_, i) => `hour ${i}`);
    assert.deepEqual(
      closed.filter((name) => name.startsWith('hour')),
      hours,
    );
    assert.deepEqual(closed.toSpliced(4, 0), closed);
    assert.deepEqual([closed[4], closed[29]], ['day 0', 'day 1']);
    const range = { granularity: 'hour', from: FIRST, through: FIRST + 60 } as const;
    const windows = await listWindows(stamp.database.pool, range);
    assert.equal(windows.length, 51);
    const records = windows.map((window) =>
      window.state === 'closed' ? window.sums.records : -1n,
    );
    assert.deepEqual([records[0], records[1], records[49], records[50]], [1n, 0n, 0n, -1n]);
    assert.equal((await verify(stamp.database, 'hour', FIRST + 20)).verdict, 'equal');
  });

  it('a clock that was put back opens nothing', async () => {
    stamp.clock.advance(-10 * HOUR_MS);
    assert.equal(await openPresentHour(stamp), FIRST + 50);
    assert.deepEqual(await pass(stamp, 10), []);
  });
});
