import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Decimal, hourNumber, hourStart, sumOf } from '../kernel/index.ts';
import { toAnalysisAnswer } from './answer.ts';
import { bucketsOf, firstDayOfMonth, monthOfDay } from './buckets.ts';
import { addSums, subtractSums, type Group, type GroupPage, type Sums } from './fold.ts';
import { GRANULARITIES } from './words.ts';

const BUCKETS = 4;

const decimals = fc
  .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.integer({ min: 0, max: 20 }))
  .map(([unscaled, scale]) => Decimal.fromBigInt(unscaled, scale));

const allSums = fc
  .array(fc.array(decimals, { minLength: BUCKETS, maxLength: BUCKETS }), { maxLength: 30 })
  .map((rows) => rows.map((points): Sums => ({ amount: sumOf(points), points })));

describe('pages of groups', () => {
  it('and the others beside them are the total, wherever a page begins and ends', () => {
    fc.assert(
      fc.property(allSums, fc.nat({ max: 30 }), fc.nat({ max: 30 }), (all, from, length) => {
        const total = addSums(all, BUCKETS);
        assert.ok(sumOf(total.points).equals(total.amount));
        const listed = all.slice(from, from + length);
        const left = all.length - listed.length;
        const others = subtractSums(total, addSums(listed, BUCKETS), left);
        assert.equal(others === undefined, left === 0);
        assert.equal(others?.count ?? 0, left);
        assert.deepEqual(addSums([...listed, ...(others ? [others] : [])], BUCKETS), total);
      }),
    );
  });

  it('become an answer whose shares are told in percent and whose amounts are text', () => {
    const one = (key: string, ...points: string[]): Group & Sums => {
      const parsed = points.map((point) => Decimal.parse(point)!);
      return { key, name: key.toUpperCase(), amount: sumOf(parsed), points: parsed };
    };
    const [a, b, c] = [one('a', '1', '2'), one('b', '6', '0.000'), one('c', '0', '-1e-20')];
    const { points: _, ...unpointed } = a;
    const query = {
      from: hourNumber(24),
      to: hourNumber(72),
      granularity: 'day',
      groupBy: 'meter',
    } as const;
    const page: GroupPage = {
      groups: [b, unpointed],
      others: { count: 1, ...c },
      total: addSums([a, b, c], 2),
      next: 2,
    };
    const frame = {
      buckets: bucketsOf('day', query.from, query.to),
      freshness: { closedTo: hourStart(hourNumber(70)) },
      currency: 'EUR',
      addsUp: true,
      nextLink: 'https://next',
    };
    assert.deepEqual(JSON.parse(JSON.stringify(toAnalysisAnswer(query, page, frame))), {
      from: '1970-01-02T00:00:00Z',
      to: '1970-01-04T00:00:00Z',
      granularity: 'day',
      groupBy: 'meter',
      currency: 'EUR',
      freshness: { closedTo: '1970-01-03T22:00:00Z' },
      buckets: ['1970-01-02T00:00:00Z', '1970-01-03T00:00:00Z'],
      groups: [
        { key: 'b', name: 'B', amount: '6', points: ['6', '0'], share: '66.67' },
        { key: 'a', name: 'A', amount: '3', share: '33.33' },
      ],
      others: {
        count: 1,
        amount: '-0.00000000000000000001',
        points: ['0', '-0.00000000000000000001'],
      },
      total: { amount: '8.99999999999999999999', points: ['7', '1.99999999999999999999'] },
      nextLink: 'https://next',
    });
    const quantities = toAnalysisAnswer(query, page, {
      ...frame,
      currency: undefined,
      addsUp: false,
    });
    assert.deepEqual(
      [quantities.total, quantities.others, quantities.groups[0]?.share],
      [undefined, undefined, undefined],
    );
  });
});

describe('buckets of time', () => {
  it('cover a range without gap or overlap, each hour in the one that holds it', () => {
    const hours = fc.integer({ min: 400_000, max: 500_000 });
    fc.assert(
      fc.property(
        fc.constantFrom(...GRANULARITIES),
        hours,
        fc.integer({ min: 1, max: 800 }),
        (granularity, start, length) => {
          const [from, to] = [hourNumber(start), hourNumber(start + length)];
          const buckets = bucketsOf(granularity, from, to);
          assert.equal(buckets.starts[0]?.toString(), hourStart(from).toString());
          for (let hour = start; hour < start + length; hour++) {
            const at = buckets.indexOfHour(hour);
            const moment = hourStart(hourNumber(hour));
            assert.ok(Temporal.Instant.compare(buckets.starts[at]!, moment) <= 0);
            const next = buckets.starts[at + 1] ?? hourStart(to);
            assert.ok(Temporal.Instant.compare(moment, next) < 0);
            if (granularity !== 'hour') assert.equal(buckets.indexOfDay(Math.floor(hour / 24)), at);
          }
        },
      ),
    );
  });

  it('know the months', () => {
    assert.equal(monthOfDay(0), 0);
    assert.equal(firstDayOfMonth(0), 0);
    for (const month of [1, 2, 11, 12, 25, 674, 96_359]) {
      const first = firstDayOfMonth(month);
      assert.deepEqual([monthOfDay(first), monthOfDay(first - 1)], [month, month - 1]);
    }
  });
});
