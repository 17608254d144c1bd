import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import fc from 'fast-check';
import { Decimal, meterKey, parseMeterId, parseSubscriptionId } from '../../kernel/index.ts';
import { cellsOf } from './cells.ts';
import {
  compareCell,
  isNothing,
  minus,
  NOTHING,
  plus,
  type Amount,
  type ReceivedTotal,
} from './compare.ts';
import { sumLines } from './lines.ts';
import { DAY, FIRST, withCountedStamp } from './test-stamp.ts';
import { toWireLine, toWireSummary } from './wire.ts';

describe('what was billed beside what was received', () => {
  const { commerce, subscriptions, run } = withCountedStamp();

  before(async () => {
    commerce.periods = [
      { fromWindow: FIRST, nextWindow: FIRST + 20, endReason: undefined, endedAt: undefined },
    ];
    await commerce.take({ from: FIRST, to: FIRST + 20 });
  });

  it('is not told where commerce does not say it', async () => {
    const { lines, summary } = await run();
    assert.equal(summary.billing, undefined);
    assert.ok(lines.every(({ billing }) => billing === undefined));
    assert.ok(!('billed' in toWireLine(lines[0]!, new Map())));
    assert.ok(!('billing' in toWireSummary(summary, new Map())));
  });

  it('is the same: counted, received and billed', async () => {
    commerce.ratedUpTo = FIRST + 20;
    const { lines, summary } = await run({ from: FIRST, to: FIRST + 20 });
    assert.equal(summary.verdict, 'explained');
    assert.deepEqual(summary.billing, {
      ratedUpTo: FIRST + 20,
      billedRows: 80n,
      notYetRatedRows: 0n,
      unexplained: { places: 0, first: [] },
    });
    assert.deepEqual([summary.stampRows, summary.receivedRows], [80n, 80n]);
    for (const { stamp, received, billing } of lines) {
      assert.deepEqual(stamp, received);
      assert.deepEqual(billing?.billed, received);
    }
  });

  it('waits for windows that are not rated yet, to the hour', async () => {
    commerce.ratedUpTo = FIRST + 13;
    const { lines, summary } = await run({ by: ['day'] });
    assert.equal(summary.verdict, 'explained');
    assert.deepEqual([summary.billing?.billedRows, summary.billing?.notYetRatedRows], [52n, 28n]);
    const days = lines.map(({ received, billing }) => [
      received?.rows,
      billing?.billed.rows,
      billing?.notYetRated.rows,
    ]);
    assert.deepEqual(days, [
      [16n, 16n, 0n],
      [64n, 36n, 28n],
      [0n, 0n, 0n],
    ]);
    commerce.ratedUpTo = 0;
    const none = await run();
    assert.deepEqual(none.summary.billing?.notYetRatedRows, 80n);
    const { billing } = toWireSummary(none.summary, new Map());
    assert.partialDeepStrictEqual(billing, { ratedUpTo: null, rows: { billed: 0 } });
  });

  it('is unexplained where it was lost, altered or billed twice, each place on its own', async () => {
    commerce.ratedUpTo = FIRST + 20;
    const isOne = (hour: number) => (row: (typeof commerce.rows)[number]) =>
      row.hour === hour && row.subscriptionId === subscriptions[0];
    const lost = commerce.rows.find(isOne(FIRST))!;
    const doubled = commerce.rows.find(
      (row) => isOne(FIRST + 10)(row) && row.meterKey === lost.meterKey,
    )!;
    commerce.billedAs.set(lost, undefined);
    commerce.billedAs.set(doubled, doubled.quantity.add(lost.quantity));
    const { lines, summary } = await run();
    assert.equal(summary.verdict, 'unexplained');
    assert.equal(summary.unexplained.places, 0);
    assert.equal(summary.billing?.unexplained.places, 2);
    const [first, second] = summary.billing.unexplained.first;
    assert.deepEqual([first?.day, second?.day], [DAY, DAY + 1]);
    assert.equal(first?.billing?.unexplained.quantity.toText(), '0.1');
    assert.equal(second?.billing?.unexplained.quantity.toText(), '-0.1');
    // Together they come to nothing, and show all the same.
    const line = lines.find(({ meterKey: key }) => key === lost.meterKey);
    assert.deepEqual([line?.billing?.places, line?.billing?.unexplained.rows], [2, 1n]);
    assert.ok(line?.billing?.unexplained.quantity.isZero());
    assert.partialDeepStrictEqual(toWireLine(line!, new Map()), {
      billed: { unexplained: { quantity: '0', places: 2 }, notYetRated: { rows: 0 } },
    });
    assert.partialDeepStrictEqual(toWireSummary(summary, new Map()), {
      billing: { unexplained: { places: 2, first: [{ unexplained: { quantity: '0.1' } }, {}] } },
    });
    commerce.billedAs.clear();
    assert.equal((await run()).summary.verdict, 'explained');
  });

  it('is not known while commerce does not answer', async () => {
    commerce.silentAfter = 0;
    const { lines, summary } = await run();
    assert.deepEqual([summary.verdict, summary.billing], ['unknown', undefined]);
    assert.ok(lines.every(({ billing }) => billing === undefined));
    commerce.silentAfter = undefined;
  });
});

const subscriptionId = parseSubscriptionId('aaaaaaaa-0000-4000-8000-000000000001')!;
const total = fc
  .record({
    day: fc.integer({ min: 20_000, max: 20_002 }),
    meter: fc.constantFrom('M', 'N'),
    rows: fc.bigInt({ min: 0n, max: 1000n }),
    quantity: fc
      .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: 0, max: 12 }))
      .map(([unscaled, scale]) => Decimal.fromBigInt(unscaled, scale)),
  })
  .map(({ meter, ...rest }): ReceivedTotal => ({
    ...rest,
    subscriptionId,
    meterKey: meterKey(parseMeterId(meter)!),
    onBase: Decimal.zero,
    unpaid: Decimal.zero,
  }));
const totals = fc.array(total, { maxLength: 6 });

describe('whatever is billed', () => {
  it('billed, not yet rated and unexplained add up to what was received, in lines too', () => {
    fc.assert(
      fc.property(totals, totals, totals, (received, waiting, billed) => {
        const lines = sumLines(['meter']);
        let sum: Amount = NOTHING;
        let faults = 0;
        for (const cell of cellsOf([], [], { received, waiting, billed })) {
          const comparison = compareCell(cell);
          const { billing } = comparison;
          assert.ok(billing !== undefined);
          const parts = [billing.billed, billing.notYetRated, billing.unexplained];
          assert.deepEqual(parts.reduce(plus, NOTHING), plus(comparison.received, NOTHING));
          if (!isNothing(billing.unexplained)) faults += 1;
          sum = plus(sum, comparison.received);
          lines.add(comparison);
        }
        assert.deepEqual(sum, [...received, ...waiting].reduce<Amount>(plus, NOTHING));
        const made = lines.take(true);
        for (const line of made) {
          const { billed: paid, notYetRated, unexplained } = line.billing!;
          assert.deepEqual(minus(line.received!, plus(paid, notYetRated)), unexplained);
        }
        assert.equal(
          made.reduce((count, { billing }) => count + billing!.places, 0),
          faults,
        );
      }),
      { numRuns: 1000 },
    );
  });
});
