import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { hourNumber, hourOf, hourStart } from '../../kernel/index.ts';
import { calendarSpan, daysOfSpan, type CalendarGrain } from './span.ts';

const hourAt = (text: string) => hourOf(Temporal.Instant.from(text));

describe('the stretch of a budget', () => {
  it('is the month, quarter or year in UTC', () => {
    const span = (grain: CalendarGrain, at: string): string[] => {
      const { fromHour, toHour } = calendarSpan(grain, hourAt(at));
      return [fromHour, toHour].map((hour) => hourStart(hour).toString().slice(0, 13));
    };
    assert.deepEqual(span('Month', '2026-12-31T23:59Z'), ['2026-12-01T00', '2027-01-01T00']);
    assert.deepEqual(span('Month', '2028-02-29T12:00Z'), ['2028-02-01T00', '2028-03-01T00']);
    assert.deepEqual(span('Quarter', '2026-11-23T11:00Z'), ['2026-10-01T00', '2027-01-01T00']);
    assert.deepEqual(span('Quarter', '2026-03-31T23:00Z'), ['2026-01-01T00', '2026-04-01T00']);
    assert.deepEqual(span('Year', '2026-01-01T00:00Z'), ['2026-01-01T00', '2027-01-01T00']);
  });

  it('leaves no hour out and has none twice', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<CalendarGrain[]>('Month', 'Quarter', 'Year'),
        fc.integer({ min: 0, max: 1_000_000 }),
        (grain, number) => {
          const hour = hourNumber(number);
          const span = calendarSpan(grain, hour);
          assert.ok(span.fromHour <= hour && hour < span.toHour);
          assert.deepEqual(calendarSpan(grain, span.fromHour), span);
          assert.equal(calendarSpan(grain, span.toHour).fromHour, span.toHour);
          assert.equal(calendarSpan(grain, hourNumber(span.fromHour - 1)).toHour, span.fromHour);
        },
      ),
    );
  });

  it('is named by its first and last day where it is lived', () => {
    const [fromHour, toHour] = [hourAt('2026-10-31T23:00Z'), hourAt('2026-11-30T23:00Z')];
    assert.deepEqual(daysOfSpan({ fromHour, toHour }, 'Europe/Paris'), {
      from: '2026-11-01',
      to: '2026-11-30',
    });
  });
});
