import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { hourNumber, hourOf } from '../../kernel/index.ts';
import type { BillingCalendar } from '../accounts/index.ts';
import {
  dateText,
  firstDayOf,
  lastDayOf,
  MONTHS,
  partsOf,
  periodAt,
  periodsBetween,
  readDayFilter,
  type PeriodCalendar,
} from './billing-period.ts';

function hourAt(text: string): ReturnType<typeof hourOf> {
  return hourOf(Temporal.Instant.from(text));
}

function datesOf(of: PeriodCalendar, text: string): string[] {
  const period = periodAt(of, hourAt(text));
  return [period.name, dateText(firstDayOf(of, period)), dateText(lastDayOf(of, period))];
}

const ZONES = ['UTC', 'Europe/Paris', 'America/New_York', 'Asia/Kolkata', 'Pacific/Auckland'];
const calendars = fc.record({
  billingDay: fc.integer({ min: 1, max: 28 }),
  timeZone: fc.constantFrom(...ZONES),
});
const hour = fc.integer({ min: 0, max: 24 * 365 * 200 }).map(hourNumber);

describe('a billing period', () => {
  it('is a calendar month in UTC while nothing was billed', () => {
    const dates = ['202611-1', '2026-11-01', '2026-11-30'];
    assert.deepEqual(datesOf(MONTHS, '2026-11-30T23:59Z'), dates);
    assert.deepEqual(datesOf(MONTHS, '2026-02-03T00:00Z')[2], '2026-02-28');
    assert.equal(periodAt(MONTHS, hourAt('2026-12-01T00:00Z')).name, '202612-1');
  });

  it('has the dates of the place where the account is', () => {
    const of = (timeZone: string, billingDay = 1): PeriodCalendar => ({
      calendar: { timeZone, billingDay },
      periods: [],
    });
    const november = ['202611-1', '2026-11-01', '2026-11-30'];
    assert.deepEqual(datesOf(of('Europe/Paris'), '2026-10-31T23:00Z'), november);
    assert.deepEqual(datesOf(of('Europe/Paris'), '2026-10-31T22:59Z')[0], '202610-1');
    assert.deepEqual(datesOf(of('America/New_York'), '2026-12-01T04:00Z'), november);
    assert.deepEqual(datesOf(of('Asia/Kolkata'), '2026-10-31T19:00Z'), november);
    assert.deepEqual(datesOf(of('Europe/Paris', 15), '2026-11-20T00:00Z'), [
      '202611-1',
      '2026-11-15',
      '2026-12-14',
    ]);
  });

  it('stays as it is when the account moves; the next goes on where it ends', () => {
    const calendar: BillingCalendar = { billingDay: 1, timeZone: 'America/New_York' };
    const [from, to] = [hourAt('2026-10-01T00:00Z'), hourAt('2026-11-01T00:00Z')];
    const kept = { name: '202610-1', hours: { from, to }, number: 7, isIssued: true };
    const of = { calendar, periods: [kept] };
    assert.equal(periodAt(of, hourAt('2026-10-31T23:00Z')), kept);
    assert.deepEqual(
      [dateText(firstDayOf(of, kept)), dateText(lastDayOf(of, kept))],
      ['2026-10-01', '2026-10-31'],
    );
    const next = periodAt(of, hourAt('2026-11-05T00:00Z'));
    assert.deepEqual(next.hours, { from: to, to: hourAt('2026-12-01T05:00Z') });
    assert.deepEqual([next.number, next.isIssued], [undefined, false]);
    const before = periodAt(of, hourAt('2026-09-15T00:00Z'));
    assert.deepEqual(before.hours, { from: hourAt('2026-09-01T04:00Z'), to: from });
  });

  it('holds each hour once: parts cover a range without gap or overlap, whatever there is', () => {
    fc.assert(
      fc.property(
        calendars,
        calendars,
        hour,
        fc.integer({ min: 1, max: 24 * 400 }),
        fc.integer({ min: 1, max: 24 * 100 }),
        (calendar, earlier, from, length, at) => {
          // A period from before the account moved, somewhere in the range.
          const old = periodAt({ calendar: earlier, periods: [] }, hourNumber(from + at));
          const of = { calendar, periods: [{ ...old, number: 1 }] };
          const parts = partsOf(of, { from, to: from + length });
          assert.ok(parts[0]!.hours.from <= from && parts.at(-1)!.hours.to >= from + length);
          for (const [index, part] of parts.entries()) {
            assert.ok(part.hours.from < part.hours.to);
            if (index > 0) assert.equal(part.hours.from, parts[index - 1]!.hours.to);
            for (const one of [part.hours.from, part.hours.to - 1]) {
              assert.deepEqual(periodAt(of, hourNumber(one)), part);
            }
          }
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('is followed by the next without a gap of days', () => {
    fc.assert(
      fc.property(calendars, hour, (calendar, at) => {
        const of = { calendar, periods: [] };
        const one = periodAt(of, at);
        const next = periodAt(of, hourNumber(one.hours.to));
        assert.equal(lastDayOf(of, one) + 1, firstDayOf(of, next));
        const start = Temporal.PlainDate.from(dateText(firstDayOf(of, one)));
        assert.equal(start.day, calendar.billingDay);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('a list of billing periods', () => {
  const now = Temporal.Instant.from('2026-11-23T10:30Z');

  it('goes from one hour to the present period, newest first', () => {
    const names = periodsBetween(MONTHS, hourAt('2026-09-30T23:00Z'), now).map(({ name }) => name);
    assert.deepEqual(names, ['202611-1', '202610-1', '202609-1']);
    assert.deepEqual(periodsBetween(MONTHS, hourAt('2026-12-01T00:00Z'), now), []);
  });

  it('is filtered by the end date', () => {
    const kept = (filter: string): string[] => {
      const isLeft = readDayFilter(filter, 'billingPeriodEndDate');
      return periodsBetween(MONTHS, hourAt('2026-06-01T00:00Z'), now)
        .filter((one) => isLeft(lastDayOf(MONTHS, one)))
        .map(({ name }) => name);
    };
    assert.deepEqual(kept("billingPeriodEndDate ge '2026-10-31'"), ['202611-1', '202610-1']);
    assert.deepEqual(kept('billingPeriodEndDate gt 2026-10-31'), ['202611-1']);
    assert.deepEqual(kept('billingPeriodEndDate lt 2026-07-31'), ['202606-1']);
    assert.deepEqual(kept('billingPeriodEndDate le 2026-07-31'), ['202607-1', '202606-1']);
    assert.deepEqual(kept('properties/billingPeriodEndDate eq 2026-09-30'), ['202609-1']);
    assert.deepEqual(
      kept('billingPeriodEndDate ge 2026-08-01 and billingPeriodEndDate lt 2026-10-01'),
      ['202609-1', '202608-1'],
    );
    assert.throws(() => kept('billingPeriodEndDate ge soon'), { code: 'InvalidProperty' });
    assert.throws(() => kept("name eq '202611-1'"), { code: 'InvalidProperty' });
  });
});
