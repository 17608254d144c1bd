import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { fixedClock } from '../../platform/index.ts';
import { createThrottle } from './throttle.ts';

const START = Temporal.Instant.from('2026-03-01T00:00:00Z');

describe('the throttle', () => {
  it('lets ten guesses pass, then each after twice the time, up to a limit', () => {
    const clock = fixedClock(START);
    const throttle = createThrottle(clock, { free: 10, longestWait: 6 });
    for (let guess = 0; guess < 10; guess++) assert.equal(throttle.begin('ann'), undefined);
    const waits: unknown[] = [];
    for (let guess = 0; guess < 5; guess++) {
      const wait = throttle.begin('ann');
      waits.push(wait);
      clock.advance((wait ?? 0) * 1_000);
      assert.equal(throttle.begin('ann'), undefined);
    }
    assert.deepEqual(waits, [1, 2, 4, 6, 6]);
    assert.equal(throttle.begin('bob'), undefined);
  });

  it('forgets after a right guess, and after an hour', () => {
    const clock = fixedClock(START);
    const throttle = createThrottle(clock, { free: 10, longestWait: 60 });
    const fill = () => {
      for (let guess = 0; guess < 10; guess++) throttle.count('ann');
      assert.equal(throttle.begin('ann'), 1);
    };
    fill();
    throttle.succeed('ann');
    assert.equal(throttle.begin('ann'), undefined);
    throttle.succeed('ann');
    fill();
    clock.advance(3_600_000);
    for (let guess = 0; guess < 10; guess++) assert.equal(throttle.begin('ann'), undefined);
    throttle.takeBack('ann');
    assert.equal(throttle.begin('ann'), undefined);
    assert.equal(throttle.begin('ann'), 1);
  });

  it('never lets more pass than time allows, however the guesses come', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 5_000 }), { maxLength: 60 }), (pauses) => {
        const clock = fixedClock(START);
        const throttle = createThrottle(clock, { free: 10, longestWait: 60 });
        let passed = 0;
        for (const pause of pauses) {
          clock.advance(pause);
          if (throttle.begin('ann') === undefined) passed += 1;
        }
        // The eleventh waits a second, the twelfth two: n more need 2^n - 1 seconds.
        const seconds = clock.monotonicMs() / 1_000;
        const allowed = 10 + Math.floor(Math.log2(seconds + 1)) + Math.ceil(seconds / 60);
        assert.ok(passed <= Math.max(10, allowed), `${passed} in ${seconds} s`);
      }),
    );
  });
});
