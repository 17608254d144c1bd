import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { compute, storage } from '../../../test/support/usage.ts';
import { Decimal, meterKey } from '../../kernel/index.ts';
import { applyRetention, closeWindows, openPresentHour } from '../aggregation/index.ts';
import { causesOf, DAY, FIRST, HOUR_MS, START, withCountedStamp } from './test-stamp.ts';

describe('past retention', () => {
  const { stamp, commerce, subscriptions, run } = withCountedStamp();

  before(async () => {
    commerce.periods = [
      { fromWindow: FIRST + 2, nextWindow: FIRST + 6, endReason: 'ReportingOff', endedAt: START },
      { fromWindow: FIRST + 9, nextWindow: FIRST + 20, endReason: undefined, endedAt: undefined },
    ];
    await commerce.take({ from: FIRST + 2, to: FIRST + 6 });
    await commerce.take({ from: FIRST + 9, to: FIRST + 20 });
  });

  it('uses daily rows where hourly ones are past retention, and tells what they cannot', async () => {
    stamp.clock.advance(HOUR_MS * 24 * 40);
    await openPresentHour(stamp);
    await closeWindows(stamp, stamp.clock.now());
    stamp.clock.advance(HOUR_MS * 24 * 40);
    const kept = await run({ from: DAY * 24, to: (DAY + 2) * 24 });
    await stamp.database.pool.query(
      `update reported_window set closed_at = 'epoch' where state = 'closed' and number < $1`,
      [FIRST + 24 * 60],
    );
    await applyRetention(stamp.database, stamp.clock.now(), { recordDays: 36_500, hourlyDays: 30 });
    // March, in which all of it is, is gone. Its first and second day hold windows of several classes.
    const mixed = await run({ from: DAY * 24, to: (DAY + 2) * 24 });
    assert.equal(mixed.summary.verdict, 'explained');
    assert.deepEqual(causesOf(mixed.summary), [['past retention', 112n, 28]]);
    for (const [at, line] of mixed.lines.entries()) {
      assert.equal(
        line.difference?.quantity.toText(),
        kept.lines[at]?.difference?.quantity.toText(),
      );
      assert.deepEqual(
        line.causes.map(({ cause }) => cause),
        ['past retention'],
      );
      assert.ok(line.notes.some(({ note }) => note === 'daily rows'));
    }
    // Of the third, all of it was sent by now.
    const third = { from: (DAY + 2) * 24, to: (DAY + 3) * 24 };
    commerce.periods = [
      { fromWindow: third.from, nextWindow: third.to, endReason: undefined, endedAt: undefined },
    ];
    const [template] = commerce.rows;
    // Three hours of it hold usage.
    commerce.rows = [compute, storage].flatMap(({ id }) =>
      ['0.3', '0.000000000003'].map((quantity, at) => ({
        ...template!,
        hour: third.from + 1,
        subscriptionId: subscriptions[at]!,
        meterKey: meterKey(id),
        quantity: Decimal.parse(quantity)!,
      })),
    );
    const sent = await run(third);
    assert.deepEqual([sent.summary.verdict, sent.summary.causes], ['explained', []]);
    commerce.rows.pop();
    assert.equal((await run(third)).summary.verdict, 'unexplained');
    const cut = await run({ ...third, from: third.from + 1 });
    assert.equal(cut.summary.verdict, 'explained');
    assert.deepEqual(cut.summary.causes[0]?.cause, 'past retention');
    assert.equal(cut.summary.causes[0].windows, 23);
    assert.ok(cut.lines.every(({ stamp: { rows } }) => rows === 0n));
  });
});
