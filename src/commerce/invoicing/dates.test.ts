import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hourOf } from '../../kernel/index.ts';
import { addDays, dayCount, daysBetween, daysOfPeriod, parseLocalDay } from './dates.ts';
import { numberIn, seriesOf } from './invoice.ts';

const hour = (text: string) => hourOf(Temporal.Instant.from(text));

describe('the days of a period', () => {
  it('are those of its first and last hour where its account is', () => {
    const october = {
      fromHour: hour('2026-09-30T22:00Z'),
      toHour: hour('2026-10-31T23:00Z'),
      timeZone: 'Europe/Paris',
    };
    assert.deepEqual(daysOfPeriod(october), {
      start: '2026-10-01',
      end: '2026-10-31',
    });
    // Midnight in Kolkata is at half past: the period begins with the first whole hour after it.
    const late = {
      fromHour: hour('2026-09-30T19:00Z'),
      toHour: hour('2026-10-31T19:00Z'),
      timeZone: 'Asia/Kolkata',
    };
    assert.deepEqual(daysOfPeriod(late), {
      start: '2026-10-01',
      end: '2026-10-31',
    });
  });
});

describe('days', () => {
  it('are read, counted and added', () => {
    assert.equal(parseLocalDay('2026-11-03'), '2026-11-03');
    for (const text of ['2026-11-31', '2026-1-3', '20261103', '2026-11-03T00:00Z', '']) {
      assert.equal(parseLocalDay(text), undefined, text);
    }
    assert.equal(dayCount('1970-01-02'), 1);
    assert.equal(addDays('2026-12-31', 30), '2027-01-30');
    assert.equal(daysBetween('2026-11-03', '2026-11-01'), -2);
  });
});

describe('numbers', () => {
  it('are by issuer, kind and year, and as wide as they need to be', () => {
    assert.equal(seriesOf('ACME', 'invoice', '2026-11-03'), 'ACME-2026');
    assert.equal(seriesOf('ACME', 'credit-note', '2027-01-01'), 'ACME-CN-2027');
    assert.equal(seriesOf('ACME', 'debit-note', '2026-11-03'), 'ACME-DN-2026');
    assert.equal(numberIn('ACME-2026', 17), 'ACME-2026-000017');
    assert.equal(numberIn('ACME-2026', 1_234_567), 'ACME-2026-1234567');
  });
});
