import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { dayNumber, dayStart, hourNumber, hourStart } from './time.ts';
import type { TimeWindow } from './window.ts';
import {
  contains,
  daysOf,
  dayWindow,
  hoursOf,
  hourWindow,
  lengthNanoseconds,
  overlapNanoseconds,
  timeWindow,
} from './window.ts';

const runs = { numRuns: 2000 };
const hourLength = 3_600_000_000_000n;

/** Moments over four days around 1970, often on a whole hour, where the bounds matter. */
const moment = fc
  .oneof(
    fc.bigInt(-48n * hourLength, 48n * hourLength),
    fc.bigInt(-48n, 48n).map((hour) => hour * hourLength),
  )
  .map((nanoseconds) => Temporal.Instant.fromEpochNanoseconds(nanoseconds));

const anyWindow: fc.Arbitrary<TimeWindow> = fc
  .tuple(moment, moment)
  .map(([one, other]) =>
    one.epochNanoseconds < other.epochNanoseconds ? timeWindow(one, other) : timeWindow(other, one),
  )
  .filter((window) => window !== undefined);

describe('timeWindow', () => {
  it('exists exactly when the start is before the end', () => {
    fc.assert(
      fc.property(moment, moment, (start, end) => {
        const window = timeWindow(start, end);
        assert.equal(window !== undefined, Temporal.Instant.compare(start, end) < 0);
      }),
      runs,
    );
  });

  it('contains its start and what lies between, not its end', () => {
    fc.assert(
      fc.property(anyWindow, moment, (window, instant) => {
        const afterStart = Temporal.Instant.compare(window.start, instant) <= 0;
        const beforeEnd = Temporal.Instant.compare(instant, window.end) < 0;
        assert.equal(contains(window, instant), afterStart && beforeEnd);
        assert.ok(contains(window, window.start));
        assert.ok(!contains(window, window.end));
      }),
      runs,
    );
  });

  it('cannot be changed', () => {
    const window = hourWindow(hourNumber(0));
    assert.throws(() => Object.assign(window, { end: window.start }), TypeError);
  });
});

describe('overlap', () => {
  it('is symmetric, no longer than either window, and positive when they share a moment', () => {
    fc.assert(
      fc.property(anyWindow, anyWindow, (one, other) => {
        const overlap = overlapNanoseconds(one, other);
        assert.equal(overlap, overlapNanoseconds(other, one));
        assert.ok(overlap >= 0n);
        assert.ok(overlap <= lengthNanoseconds(one) && overlap <= lengthNanoseconds(other));
        assert.equal(overlap > 0n, contains(one, other.start) || contains(other, one.start));
        assert.equal(overlapNanoseconds(one, one), lengthNanoseconds(one));
      }),
      runs,
    );
  });

  it('of a window with its parts is its whole length', () => {
    fc.assert(
      fc.property(anyWindow, moment, anyWindow, (window, cut, other) => {
        fc.pre(contains(window, cut) && !cut.equals(window.start));
        const [before, after] = [timeWindow(window.start, cut), timeWindow(cut, window.end)];
        assert.ok(before !== undefined && after !== undefined);
        assert.equal(overlapNanoseconds(before, after), 0n);
        assert.equal(
          overlapNanoseconds(before, other) + overlapNanoseconds(after, other),
          overlapNanoseconds(window, other),
        );
      }),
      { numRuns: 1000 },
    );
  });
});

describe('hours and days of a window', () => {
  it('are consecutive, all touched, and cover the window exactly', () => {
    fc.assert(
      fc.property(anyWindow, (window) => {
        for (const parts of [
          [...hoursOf(window)].map((hour) => ({ number: hour, part: hourWindow(hour) })),
          [...daysOf(window)].map((day) => ({ number: day, part: dayWindow(day) })),
        ]) {
          let covered = 0n;
          parts.forEach(({ number, part }, position) => {
            assert.equal(number, (parts[0]?.number ?? 0) + position);
            const overlap = overlapNanoseconds(part, window);
            assert.ok(overlap > 0n);
            covered += overlap;
          });
          assert.equal(covered, lengthNanoseconds(window));
        }
      }),
      { numRuns: 1000 },
    );
  });

  it('of one hour and of one day are that hour and that day', () => {
    const hour = hourNumber(424_402);
    assert.deepEqual([...hoursOf(hourWindow(hour))], [hour]);
    assert.ok(hourWindow(hour).start.equals(hourStart(hour)));
    const day = dayNumber(17_683);
    assert.deepEqual([...daysOf(dayWindow(day))], [day]);
    assert.equal([...hoursOf(dayWindow(day))].length, 24);
    assert.ok(dayWindow(day).end.equals(dayStart(dayNumber(day + 1))));
  });
});
