import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { fixedClock } from '../clock.ts';
import { createAllowance } from './allowance.ts';

const START = Temporal.Instant.from('2026-03-01T00:00:00Z');
const HOUR_MS = 3_600_000;

describe('an allowance', () => {
  it('holds an hour of tokens and tells what is left', () => {
    const allowance = createAllowance({ clock: fixedClock(START), perHour: 3 });
    assert.deepEqual(allowance.take('a'), { granted: true, left: 2 });
    assert.deepEqual(allowance.take('a'), { granted: true, left: 1 });
    assert.deepEqual(allowance.take('b'), { granted: true, left: 2 });
    assert.deepEqual(allowance.take('a'), { granted: true, left: 0 });
    assert.deepEqual(allowance.take('a'), { granted: false, left: 0, retrySeconds: 1200 });
  });

  it('fills again evenly, not all at once', () => {
    const clock = fixedClock(START);
    const allowance = createAllowance({ clock, perHour: 3600 });
    for (let taken = 0; taken < 3600; taken += 1) assert.ok(allowance.take('a').granted);
    assert.ok(!allowance.take('a').granted);
    clock.advance(999);
    assert.ok(!allowance.take('a').granted);
    clock.advance(1);
    assert.deepEqual(allowance.take('a'), { granted: true, left: 0 });
    clock.advance(10_000);
    assert.deepEqual(allowance.take('a'), { granted: true, left: 9 });
    clock.advance(10 * HOUR_MS);
    assert.deepEqual(allowance.take('a'), { granted: true, left: 3599 });
  });

  it('forgets full buckets first, and keeps a bounded number of keys', () => {
    const clock = fixedClock(START);
    const allowance = createAllowance({ clock, perHour: 3600, mostKeys: 10 });
    for (let key = 0; key < 10; key += 1) allowance.take(`first ${key}`);
    clock.advance(1000);
    for (let each = 0; each < 3600; each += 1) allowance.take('spent');
    assert.equal(allowance.size, 1, 'the ten were full again');
    for (let key = 0; key < 9; key += 1) allowance.take(`second ${key}`);
    assert.equal(allowance.take('spent').granted, false);
    assert.equal(allowance.size, 10);
    for (let key = 0; key < 1000; key += 1) allowance.take(`third ${key}`);
    assert.equal(allowance.size, 10);
  });

  it('never gives more than one bucket and what came back, whatever the rhythm', () => {
    const steps = fc.array(
      fc.record({ wait: fc.integer({ min: 0, max: 2 * HOUR_MS }), tries: fc.nat(20) }),
      {
        maxLength: 30,
      },
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5000 }), steps, (perHour, rhythm) => {
        const clock = fixedClock(START);
        const allowance = createAllowance({ clock, perHour });
        let [granted, elapsed] = [0, 0];
        for (const { wait, tries } of rhythm) {
          clock.advance(wait);
          elapsed += wait;
          for (let each = 0; each < tries; each += 1) {
            const taken = allowance.take('a');
            if (taken.granted) granted += 1;
            assert.ok(taken.left >= 0 && taken.left < perHour);
          }
        }
        assert.ok(granted <= perHour + Math.floor((elapsed * perHour) / HOUR_MS));
      }),
    );
  });

  it('gives one after as many seconds as it says, and not a second earlier', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.nat(HOUR_MS), (perHour, wait) => {
        const clock = fixedClock(START);
        const allowance = createAllowance({ clock, perHour });
        while (allowance.take('a').granted);
        clock.advance(wait);
        const taken = allowance.take('a');
        if (taken.granted) return;
        assert.ok(taken.retrySeconds >= 1);
        clock.advance((taken.retrySeconds - 1) * 1000);
        assert.ok(!allowance.take('a').granted);
        clock.advance(1000);
        assert.ok(allowance.take('a').granted);
      }),
    );
  });
});
