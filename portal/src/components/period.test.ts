/// <reference types="node" />
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { addDays, monthStart } from '../app/clock.ts';
import { periodOf, presets } from './period.ts';

const DAY_MS = 86_400_000;
const day = fc
  .integer({ min: 0, max: 40_000 })
  .map((days) => new Date(days * DAY_MS).toISOString().slice(0, 10));

describe('periods', () => {
  it('go from a day to a later one, and hold the day that they are about', () => {
    fc.assert(
      fc.property(day, fc.constantFrom(...presets), (today, preset) => {
        const { from, to } = periodOf(preset, today);
        assert.ok(from < to);
        assert.equal(from <= today && today < to, preset !== 'lastMonth');
      }),
    );
  });

  it('are those of the calendar', () => {
    assert.deepEqual(periodOf('last7', '2026-03-01'), { from: '2026-02-23', to: '2026-03-02' });
    assert.deepEqual(periodOf('lastMonth', '2026-01-31'), { from: '2025-12-01', to: '2026-01-01' });
    assert.deepEqual(periodOf('thisMonth', '2028-02-29'), { from: '2028-02-01', to: '2028-03-01' });
  });
});

describe('days', () => {
  it('are counted forth and back', () => {
    fc.assert(
      fc.property(day, fc.integer({ min: -1000, max: 1000 }), (from, days) => {
        assert.equal(addDays(addDays(from, days), -days), from);
      }),
    );
    assert.equal(monthStart('2026-12-31', 1), '2027-01-01');
  });
});
