import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { Decimal, hourNumber, sumOf } from '../../../kernel/index.ts';
import { periodBounds } from '../../accounts/index.ts';
import { errorPercent, forecast, type DayToCome } from './forecast.ts';
import { completeDaysOf, dailyCosts, dayOfPeriod, daysToCome, endOfDays } from './days.ts';
import type { PieceCost } from '../query/cost-store.ts';
import { meanPercent, pastForecasts, periodsBefore } from './past-periods.ts';

const d = (text: string): Decimal => Decimal.parse(text)!;
const cents = fc.bigInt({ min: 0n, max: 10n ** 9n }).map((units) => Decimal.fromBigInt(units, 2));
const FIRST = 20_000;

/** Whole days after the last known one. */
function after(known: number, days: number): DayToCome[] {
  return Array.from({ length: days }, (_, at) => ({ day: FIRST + known + at, hours: 24 }));
}

/** A piece for each day up to the present one. */
function piecesFrom(firstDay: number, amountOf: (day: number) => string): PieceCost[] {
  return Array.from({ length: FIRST - firstDay }, (_, at) => ({
    hour: (firstDay + at) * 24,
    amount: d(amountOf(firstDay + at)),
  }));
}

describe('a forecast of costs', () => {
  it('is what is known when nothing is to come', () => {
    fc.assert(
      fc.property(cents, fc.array(cents), (soFar, amounts) => {
        const found = forecast(soFar, { firstDay: FIRST, amounts }, []);
        assert.ok(
          found!.amount.equals(soFar) && found!.low.equals(soFar) && found!.high.equals(soFar),
        );
      }),
    );
  });

  it('of what costs the same each week is exact, and sure of it', () => {
    const weeks = fc.tuple(
      fc.array(cents, { minLength: 7, maxLength: 7 }),
      fc.integer({ min: 8, max: 13 }),
    );
    fc.assert(
      fc.property(weeks, fc.integer({ min: 1, max: 31 }), cents, ([week, count], days, soFar) => {
        fc.pre(!week[0]!.isZero());
        const amounts = Array.from({ length: count * 7 }, (_, at) => week[at % 7]!);
        const found = forecast(soFar, { firstDay: FIRST, amounts }, after(amounts.length, days))!;
        const rest = sumOf(Array.from({ length: days }, (_, at) => week[at % 7]!));
        assert.equal(found.amount.toText(), soFar.add(rest).toText());
        assert.equal(found.low.toText(), found.amount.toText());
        assert.equal(found.high.toText(), found.amount.toText());
      }),
    );
  });

  it('lies in its interval, which begins with what is known, and scales with prices', () => {
    const many = fc.array(cents, { minLength: 7, maxLength: 91 });
    fc.assert(
      fc.property(many, fc.integer({ min: 1, max: 31 }), cents, (amounts, days, soFar) => {
        fc.pre(!amounts[0]!.isZero());
        const toCome = after(amounts.length, days);
        const found = forecast(soFar, { firstDay: FIRST, amounts }, toCome)!;
        assert.ok(soFar.compare(found.low) <= 0);
        assert.ok(found.low.compare(found.amount) <= 0);
        assert.ok(found.amount.compare(found.high) <= 0);
        const ten = d('10');
        const dearer = amounts.map((amount) => amount.multiply(ten));
        const scaled = forecast(soFar.multiply(ten), { firstDay: FIRST, amounts: dearer }, toCome)!;
        const off = scaled.amount.subtract(found.amount.multiply(ten));
        assert.ok(off.roundTo(15, (numerator, denominator) => numerator / denominator).isZero());
      }),
    );
  });

  it('needs seven days since the first cost', () => {
    const zeros = Array.from({ length: 40 }, () => Decimal.zero);
    for (const [days, isThere] of [
      [6, false],
      [7, true],
    ] as const) {
      const amounts = [...zeros, ...Array.from({ length: days }, () => d('3'))];
      const found = forecast(d('1'), { firstDay: FIRST, amounts }, after(amounts.length, 2));
      assert.equal(found?.amount.toText(), isThere ? '7' : undefined);
      // Too little to know how far off it can be.
      if (isThere) assert.equal(found?.high.toText(), '13');
    }
  });

  it('counts hours that are left of a day', () => {
    const amounts = Array.from({ length: 28 }, () => d('24'));
    const known = (FIRST + 28) * 24 + 18;
    const toCome = daysToCome(known, { from: known - 100, to: known + 6 + 24 + 1 });
    assert.deepEqual(
      toCome.map(({ day, hours }) => [day - FIRST, hours]),
      [
        [28, 6],
        [29, 24],
        [30, 1],
      ],
    );
    assert.equal(forecast(d('18'), { firstDay: FIRST, amounts }, toCome)!.amount.toText(), '49');
    assert.deepEqual(daysToCome(known, { from: 0, to: known }), []);
  });

  it('is judged by the last periods on the same day', () => {
    const calendar = { billingDay: 1, timeZone: 'UTC' };
    const present = periodBounds(calendar, hourNumber(FIRST * 24));
    const periods = periodsBefore(calendar, present);
    assert.equal(periods.length, 3);
    const firstDay = periods[2]!.fromHour / 24 - 28;
    const right = pastForecasts(
      piecesFrom(firstDay, () => '2'),
      periods,
      9,
    );
    assert.deepEqual(
      right.map(({ percent }) => percent.toText()),
      ['0', '0', '0'],
    );
    assert.equal(meanPercent(right)!.toText(), '0');
    // Twice as dear from the tenth day of the period before this one on.
    const jump = periods[0]!.fromHour / 24 + 9;
    const jumped = piecesFrom(firstDay, (day) => (day < jump ? '2' : '4'));
    const [last] = pastForecasts(jumped, periods, 9);
    const days = (periods[0]!.toHour - periods[0]!.fromHour) / 24;
    const actual = 9 * 2 + (days - 9) * 4;
    assert.equal(last!.actual.toText(), String(actual));
    assert.equal(
      last!.percent.toText(),
      errorPercent(d(String(days * 2)), d(String(actual)))!.toText(),
    );
    assert.equal(meanPercent([]), undefined);
    assert.equal(errorPercent(d('1'), Decimal.zero), undefined);
  });

  it('of periods that begin within a UTC day is judged by just what they cost', () => {
    for (const timeZone of ['Europe/Paris', 'America/New_York', 'Asia/Kolkata']) {
      const calendar = { billingDay: 15, timeZone };
      const present = periodBounds(calendar, hourNumber(FIRST * 24));
      const periods = periodsBefore(calendar, present);
      const starts = [present, ...periods].map(({ fromHour }) => Number(fromHour));
      const firstDay = Math.floor(starts.at(-1)! / 24) - 28;
      // An hour costs 1: a day in which a period begins has a piece of each.
      const pieces = piecesFrom(firstDay, () => '24').flatMap(({ hour, amount }) => {
        const start = starts.find((one) => one > hour && one < hour + 24);
        if (start === undefined) return [{ hour, amount }];
        return [
          { hour, amount: d(String(start - hour)) },
          { hour: start, amount: d(String(hour + 24 - start)) },
        ];
      });
      const found = pastForecasts(pieces, periods, 5);
      assert.equal(found.length, 3);
      for (const { period, actual, percent } of found) {
        assert.equal(actual.toText(), String(period.toHour - period.fromHour), timeZone);
        assert.equal(percent.toText(), '0', timeZone);
      }
    }
  });

  it('counts a day as complete once the UTC day that it has most of is over', () => {
    const calendars = fc.record({
      timeZone: fc.constantFrom('UTC', 'Europe/Paris', 'America/Los_Angeles', 'Pacific/Auckland'),
      billingDay: fc.integer({ min: 1, max: 28 }),
      day: fc.integer({ min: 0, max: 800 }),
      known: fc.integer({ min: 0, max: 800 }),
    });
    fc.assert(
      fc.property(calendars, ({ day, known: hours, ...calendar }) => {
        const period = periodBounds(calendar, hourNumber((FIRST + day) * 24));
        const { fromHour, toHour } = period;
        const known = Math.min(toHour, fromHour + hours);
        const days = completeDaysOf(period, known);
        // All pieces of these days are over, and no more days are.
        const pieces = [fromHour as number];
        for (let hour = (Math.floor(fromHour / 24) + 1) * 24; hour < toHour; hour += 24)
          pieces.push(hour);
        const isOver = (hour: number): boolean =>
          Math.min(toHour, (Math.floor(hour / 24) + 1) * 24) <= known;
        for (const hour of pieces) {
          if (dayOfPeriod(period, hour) < days) assert.ok(isOver(hour));
        }
        const next = pieces.filter((hour) => dayOfPeriod(period, hour) === days);
        assert.ok(next.length === 0 || !next.every(isOver));
        assert.ok(endOfDays(period, days) <= Math.max(known, fromHour));
        // None is further than half a day from where it is shown.
        assert.ok(Math.abs(days - (known - fromHour) / 24) <= 1.5);
      }),
    );
  });

  it('adds the pieces of a day up', () => {
    const pieces = [
      { hour: 48, amount: d('1') },
      { hour: 70, amount: d('2') },
      { hour: 72, amount: d('4') },
      { hour: 96, amount: d('8') },
    ];
    const { firstDay, amounts } = dailyCosts(pieces, { from: 48, to: 96 });
    assert.equal(firstDay, 2);
    assert.deepEqual(
      amounts.map((amount) => amount.toText()),
      ['3', '4'],
    );
  });
});
