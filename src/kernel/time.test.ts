import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  dayFromInstant,
  dayNumber,
  dayOf,
  dayOfHour,
  dayStart,
  firstHourOfDay,
  hourFromInstant,
  hourNumber,
  hourOf,
  hourOfEpochMicroseconds,
  hourStart,
  isUtcMidnight,
  isWholeHour,
} from './time.ts';

const runs = { numRuns: 2000 };
const hourLength = 3_600_000_000_000n;
const instant = fc
  .bigInt({ min: -(10n ** 19n), max: 10n ** 20n })
  .map((nanoseconds) => Temporal.Instant.fromEpochNanoseconds(nanoseconds));
const hours = fc.integer({ min: -1_000_000, max: 5_000_000 });

describe('hours and days', () => {
  it('hourOf gives the hour that contains the instant', () => {
    fc.assert(
      fc.property(instant, (moment) => {
        const since = moment.epochNanoseconds - hourStart(hourOf(moment)).epochNanoseconds;
        assert.ok(since >= 0n && since < hourLength);
      }),
      runs,
    );
  });

  it('dayOf gives the day that contains the instant', () => {
    fc.assert(
      fc.property(instant, (moment) => {
        const since = moment.epochNanoseconds - dayStart(dayOf(moment)).epochNanoseconds;
        assert.ok(since >= 0n && since < 24n * hourLength);
      }),
      runs,
    );
  });

  it('a day begins with its first hour and holds 24', () => {
    fc.assert(
      fc.property(hours, (count) => {
        const hour = hourNumber(count);
        const first = firstHourOfDay(dayOfHour(hour));
        assert.ok(first <= hour && hour < first + 24);
        assert.ok(hourStart(first).equals(dayStart(dayOfHour(hour))));
        assert.equal(hourOf(hourStart(hour)), hour);
      }),
      runs,
    );
  });

  it('only an aligned instant is an hour or a day', () => {
    fc.assert(
      fc.property(hours, fc.bigInt(0n, hourLength - 1n), (count, nanoseconds) => {
        const start = hourStart(hourNumber(count));
        const moment = Temporal.Instant.fromEpochNanoseconds(start.epochNanoseconds + nanoseconds);
        const zoned = moment.toZonedDateTimeISO('UTC');
        const onDay = zoned.startOfDay().equals(zoned);
        assert.equal(isWholeHour(moment), nanoseconds === 0n);
        assert.equal(hourFromInstant(moment), nanoseconds === 0n ? count : undefined);
        assert.equal(isUtcMidnight(moment), onDay);
        assert.equal(dayFromInstant(moment), onDay ? dayOf(moment) : undefined);
      }),
      runs,
    );
    assert.equal(dayFromInstant(Temporal.Instant.from('2018-08-23T00:00Z')), 17_766);
  });

  it('reads the hour of epoch microseconds, before 1970 too', () => {
    assert.equal(hourOfEpochMicroseconds(0), 0);
    assert.equal(hourOfEpochMicroseconds(-1), -1);
    assert.equal(hourOfEpochMicroseconds(3_599_999_999), 0);
    assert.equal(hourOfEpochMicroseconds(3_600_000_000), 1);
  });

  it('refuses numbers that are no whole hours or days', () => {
    for (const value of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      assert.throws(() => hourNumber(value), RangeError);
      assert.throws(() => dayNumber(value), RangeError);
    }
  });
});
