import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Decimal, sumOf } from '../../kernel/index.ts';
import { cutSpans, mergeRanges } from './spans.ts';
import { modelCases, subscription, type ModelCase } from './test-cases.ts';
import { amountsOf, foldWindow, NOTHING, sorted, type ModelState } from './test-model.ts';
import { d } from './test-prices.ts';
import { hourRange } from './timelines.ts';

const RUNS = { numRuns: 1000 };

function rateAll({ windows, timelinesOf }: ModelCase): ModelState {
  return foldWindow(NOTHING, windows.flat(), timelinesOf);
}

/** A permutation by numbers that fast-check picks. */
function shuffled<T>(all: readonly T[], keys: readonly number[]): T[] {
  return all
    .map((one, at) => ({ one, key: keys[at % keys.length]! }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ one }) => one);
}

function amountOf(text: string): Decimal {
  return text === 'none' ? Decimal.zero : d(text);
}

describe('rating, without a database', () => {
  const keys = fc.array(fc.integer(), { minLength: 1, maxLength: 60 });

  it('does not depend on the order in which usage comes', () => {
    fc.assert(
      fc.property(modelCases, keys, (one, order) => {
        const state = rateAll(one);
        const other = foldWindow(NOTHING, shuffled(one.windows.flat(), order), one.timelinesOf);
        assert.deepEqual(sorted(other.charges), sorted(state.charges));
        assert.deepEqual(sorted(other.lines), sorted(state.lines));
        assert.deepEqual(
          sorted(amountsOf(other, one.timelines)),
          sorted(amountsOf(state, one.timelines)),
        );
      }),
      RUNS,
    );
  });

  it('comes to the same window by window as all at once, and the differences add up to it', () => {
    fc.assert(
      fc.property(modelCases, (one) => {
        let state = NOTHING;
        let amounts: ReadonlyMap<string, string> = new Map();
        let posted = Decimal.zero;
        for (const rows of one.windows) {
          state = foldWindow(state, rows, one.timelinesOf);
          const now = amountsOf(state, one.timelines);
          for (const [key, text] of now) {
            const before = amountOf(amounts.get(key) ?? '0');
            posted = posted.add(amountOf(text).subtract(before));
          }
          amounts = now;
        }
        const whole = rateAll(one);
        assert.deepEqual(sorted(state.charges), sorted(whole.charges));
        assert.deepEqual(sorted(state.lines), sorted(whole.lines));
        const all = amountsOf(whole, one.timelines);
        assert.deepEqual(sorted(amounts), sorted(all));
        assert.equal(posted.toText(), sumOf([...all.values()].map(amountOf)).toText());
      }),
      RUNS,
    );
  });

  it('conserves every quantity, in each sale, from rows to lines to charges', () => {
    fc.assert(
      fc.property(modelCases, (one) => {
        const { charges, lines } = rateAll(one);
        const used = sumOf(one.windows.flat().map(({ quantity }) => quantity));
        const twice = used.add(used);
        assert.equal(sumOf([...charges.values()].map((c) => c.quantity)).toText(), twice.toText());
        assert.equal(sumOf([...lines.values()].map((l) => l.quantity)).toText(), twice.toText());
      }),
      RUNS,
    );
  });

  it('changes nothing when it is done again at the same prices', () => {
    fc.assert(
      fc.property(modelCases, (one) => {
        const state = rateAll(one);
        const first = amountsOf(state, one.timelines);
        const again = amountsOf(rateAll(one), one.timelines);
        const difference = sumOf(
          [...first].map(([key, text]) => amountOf(again.get(key)!).subtract(amountOf(text))),
        );
        assert.ok(difference.isZero());
        assert.deepEqual(sorted(again), sorted(first));
      }),
      RUNS,
    );
  });

  it('leaves out no hour and gives none twice when hours are cut for the database', () => {
    fc.assert(
      fc.property(
        modelCases,
        fc.array(fc.tuple(fc.integer({ min: 0, max: 46 }), fc.integer({ min: 1, max: 20 }))),
        ({ timelinesOf }, given) => {
          const customer = subscription('c', 1);
          const ranges = mergeRanges(
            given.map(([from, length]) => hourRange(from, Math.min(48, from + length))),
          );
          const timelines = timelinesOf(customer);
          const spans = cutSpans(customer, ranges, timelines);
          for (let hour = 0; hour < 48; hour++) {
            const isGiven = given.some(([from, length]) => from <= hour && hour < from + length);
            const own = spans.filter((span) => span.fromHour <= hour && hour < span.toHour);
            assert.equal(own.length, isGiven ? 1 : 0);
            if (!isGiven) continue;
            const wanted = timelines.map(({ accountId, stretches }) => {
              const at = stretches.find((s) => s.fromHour <= hour && hour < s.toHour)!;
              return { accountId, period: at.period, plan: at.plan };
            });
            assert.deepEqual(own[0]!.targets, wanted);
          }
        },
      ),
      RUNS,
    );
  });
});
