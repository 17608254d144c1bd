import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  dateText,
  filterMonths,
  firstDayOf,
  lastDayOf,
  monthOf,
  pageOfMonths,
  parsePeriodName,
  periodName,
  requirePeriod,
} from './billing-period.ts';

const NOVEMBER_2026 = 56 * 12 + 10;
const month = fc.integer({ min: 0, max: 200 * 12 });

describe('a billing period', () => {
  it('is a calendar month in UTC', () => {
    assert.equal(monthOf(Temporal.Instant.from('2026-11-30T23:59:59.999Z')), NOVEMBER_2026);
    assert.equal(monthOf(Temporal.Instant.from('2026-12-01T00:00Z')), NOVEMBER_2026 + 1);
    assert.equal(periodName(NOVEMBER_2026), '202611-1');
    assert.equal(dateText(firstDayOf(NOVEMBER_2026)), '2026-11-01');
    assert.equal(dateText(lastDayOf(NOVEMBER_2026)), '2026-11-30');
    assert.equal(dateText(lastDayOf(NOVEMBER_2026 - 9)), '2026-02-28');
  });

  it('is found by its name, and by nothing else', () => {
    fc.assert(fc.property(month, (one) => assert.equal(parsePeriodName(periodName(one)), one)));
    for (const text of [
      '',
      '202613-1',
      '202600-1',
      '202611-2',
      '202611',
      '2026-11-1',
      ' 202611-1',
    ]) {
      assert.equal(parsePeriodName(text), undefined, text);
    }
    const months = { first: 10, last: 12 };
    assert.equal(requirePeriod(periodName(11), months), 11);
    for (const name of [periodName(9), periodName(13), 'x']) {
      assert.throws(() => requirePeriod(name, months), { code: 'NotFound' });
    }
  });

  it('is followed by the next without a gap', () => {
    fc.assert(fc.property(month, (one) => assert.equal(lastDayOf(one) + 1, firstDayOf(one + 1))));
  });
});

describe('a list of billing periods', () => {
  it('is filtered by the end date', () => {
    const months = { first: NOVEMBER_2026 - 5, last: NOVEMBER_2026 };
    const kept = (filter: string): string[] => {
      const { first, last } = filterMonths(months, filter);
      return pageOfMonths({ first, last }, undefined, 100).months.map(periodName);
    };
    assert.deepEqual(kept("billingPeriodEndDate ge '2026-10-31'"), ['202611-1', '202610-1']);
    assert.deepEqual(kept('billingPeriodEndDate gt 2026-10-31'), ['202611-1']);
    assert.deepEqual(kept('billingPeriodEndDate lt 2026-07-31'), ['202606-1']);
    assert.deepEqual(kept('billingPeriodEndDate le 2026-07-31'), ['202607-1', '202606-1']);
    assert.deepEqual(kept('properties/billingPeriodEndDate eq 2026-09-30'), ['202609-1']);
    assert.deepEqual(kept('billingPeriodEndDate eq 2026-09-29'), []);
    assert.deepEqual(
      kept('billingPeriodEndDate ge 2026-08-01 and billingPeriodEndDate lt 2026-10-01'),
      ['202609-1', '202608-1'],
    );
    assert.throws(() => kept('billingPeriodEndDate ge soon'), { code: 'InvalidProperty' });
    assert.throws(() => kept("name eq '202611-1'"), { code: 'InvalidProperty' });
  });

  it('comes newest first, and whole in pages of any size', () => {
    fc.assert(
      fc.property(
        month,
        fc.integer({ min: -1, max: 40 }),
        fc.integer({ min: 1, max: 9 }),
        (first, length, size) => {
          const range = { first, last: first + length };
          const all: number[] = [];
          for (let after: number | undefined, more = true; more;) {
            const page = pageOfMonths(range, after, size);
            all.push(...page.months);
            ({ more } = page);
            after = page.months.at(-1);
          }
          const wanted = Array.from({ length: length + 1 }, (_, n) => range.last - n);
          assert.deepEqual(all, wanted);
        },
      ),
    );
  });
});
