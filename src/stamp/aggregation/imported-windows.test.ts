import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { gateBefore } from '../../../test/support/gate.ts';
import { systemClock } from '../../platform/index.ts';
import { HistoryWriter, type HistoricalEvent } from '../intake/index.ts';
import {
  closeImportedWindows,
  closeWindows,
  countOpenImportedHours,
  openImportedWindows,
  readDueSince,
  readWindow,
} from './index.ts';
import { FIRST, HOUR_MS, verify, withOpenStamp } from './test-stamp.ts';

describe('the history of another stamp', () => {
  const stamp = withOpenStamp();
  const beginning = FIRST - 24 * 3;
  let id = '';
  const historical = (reportedHour: number, count: number): HistoricalEvent[] =>
    Array.from({ length: count }, () => ({
      reportedHour,
      event: stamp.usage(id, {
        usageStartTime: at(reportedHour - 2),
        usageEndTime: at(reportedHour - 1),
      }),
    }));
  const anyHour = (): void => undefined;
  let records: HistoricalEvent[] = [];

  it('comes before the first hour of this one', async () => {
    ({ id } = await stamp.begin());
    await assert.rejects(openImportedWindows(stamp, FIRST - 5, FIRST), {
      code: 'ImportWindowNotBeforeFirst',
    });
    await openImportedWindows(stamp, beginning, FIRST - 1 - 20);
    const writer = new HistoryWriter(stamp);
    records = [...historical(beginning, 2), ...historical(beginning + 30, 1)];
    assert.equal((await writer.write(records, anyHour)).accepted, 3);
    const closed = await closeImportedWindows(stamp, beginning, FIRST - 1 - 20);
    assert.equal(closed, 52 + 3);
    const window = await readWindow(stamp.database.pool, 'hour', beginning);
    assert.ok(window?.state === 'closed' && window.origin === 'imported');
    assert.equal(window.sums.records, 2n);
  });

  it('is a repeat when it comes again, and closed for anything new', async () => {
    const closed = await openImportedWindows(stamp, beginning, FIRST - 1 - 20);
    assert.equal(closed.size, 52);
    const writer = new HistoryWriter(stamp);
    const again = await writer.write(records, () => assert.fail('nothing is new'));
    assert.deepEqual([again.accepted, again.duplicates], [0, 3]);
    const late = [...records, ...historical(beginning + 1, 1)];
    await assert.rejects(writer.write(late, anyHour), { code: 'ImportWindowClosed' });
    assert.equal((await verify(stamp.database, 'hour', beginning + 1)).verdict, 'equal');
  });

  it('is told while it is open, and its days are due once its hours are closed', async () => {
    const { pool } = stamp.database;
    const from = beginning - 24 * 40 - (beginning % 24);
    assert.equal(await countOpenImportedHours(pool), 0);
    const ownHourEnds = Temporal.Instant.fromEpochMilliseconds((FIRST + 1) * HOUR_MS).toString();
    await openImportedWindows(stamp, from, from + 23);
    assert.equal(await countOpenImportedHours(pool), 24);
    assert.equal(String(await readDueSince(pool)), ownHourEnds);
    await closeImportedWindows(stamp, from, from + 23);
    assert.equal(await countOpenImportedHours(pool), 0);
    assert.equal(String(await readDueSince(pool)), ownHourEnds);
    await pool.query(
      `update reported_window set state = 'open', closed_at = null, rows = null, records = null,
         quantity = null, hash = null where granularity = 'day' and number = $1`,
      [from / 24],
    );
    assert.equal(String(await readDueSince(pool)), stamp.clock.now().toString());
    await closeWindows(stamp, stamp.clock.now());
    assert.equal(String(await readDueSince(pool)), ownHourEnds);
  });

  it('waits for its hours to be written before they close', async () => {
    const from = beginning - 24 * 3;
    await openImportedWindows(stamp, from, from + 23);
    const gate = gateBefore(stamp.database, 'intake-records');
    const there = gate.close();
    const writer = new HistoryWriter({ database: gate.database, clock: stamp.clock });
    const writing = writer.write(historical(from, 1), anyHour);
    await there;
    const closing = closeImportedWindows(stamp, from, from + 23);
    await systemClock.sleep(50);
    gate.open();
    assert.equal((await writing).accepted, 1);
    await closing;
    assert.equal((await verify(stamp.database, 'hour', from)).verdict, 'equal');
  });

  it('cannot come piece by piece for one day, once the day is closed', async () => {
    const from = beginning - 24 * 20 - (beginning % 24);
    await openImportedWindows(stamp, from, from + 5);
    await closeImportedWindows(stamp, from, from + 5);
    await closeWindows(stamp, stamp.clock.now());
    assert.equal((await readWindow(stamp.database.pool, 'day', from / 24))?.state, 'closed');
    await assert.rejects(openImportedWindows(stamp, from + 6, from + 30), {
      code: 'ImportWindowClosed',
    });
    assert.equal(await readWindow(stamp.database.pool, 'hour', from + 6), undefined);
    assert.equal((await openImportedWindows(stamp, from, from + 5)).size, 6);
  });
});

function at(hour: number): string {
  return Temporal.Instant.fromEpochMilliseconds(hour * HOUR_MS).toString();
}
