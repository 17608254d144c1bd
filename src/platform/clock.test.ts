import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { fixedClock, systemClock } from './clock.ts';

const start = Temporal.Instant.from('2018-06-01T10:00:00Z');

describe('the clock of the machine', () => {
  it('sleeps, tells durations and gives instants', async () => {
    const before = systemClock.monotonicMs();
    await systemClock.sleep(10);
    const passed = systemClock.monotonicMs() - before;
    assert.ok(passed >= 9 && passed < 5000, `slept ${passed} ms`);
    assert.ok(systemClock.now() instanceof Temporal.Instant);
  });

  it('is woken by its signal with the reason that the signal carries', async () => {
    const controller = new AbortController();
    const reason = new Error('stop');
    const asleep = systemClock.sleep(60_000, controller.signal);
    controller.abort(reason);
    await assert.rejects(asleep, (error) => error === reason);
    await assert.rejects(systemClock.sleep(0, controller.signal), (error) => error === reason);
  });
});

describe('the fixed clock', () => {
  it('stands still until it is moved', () => {
    const clock = fixedClock(start);
    assert.equal(clock.now().toString(), '2018-06-01T10:00:00Z');
    clock.advance(1500.5);
    assert.equal(clock.now().toString(), '2018-06-01T10:00:01.5005Z');
    assert.equal(clock.monotonicMs(), 1500.5);
  });

  it('can be set back without its durations going back', () => {
    const clock = fixedClock(start);
    clock.advance(1000);
    clock.set(start);
    assert.equal(clock.now().toString(), start.toString());
    assert.equal(clock.monotonicMs(), 1000);
  });

  it('wakes sleepers when their time has come, the earliest first', async () => {
    const clock = fixedClock(start);
    const woken: string[] = [];
    const late = clock.sleep(2000).then(() => woken.push('late'));
    const early = clock.sleep(1000).then(() => woken.push('early'));
    const never = new AbortController();
    const abandoned = clock.sleep(10, never.signal);
    never.abort(new Error('no longer needed'));
    await assert.rejects(abandoned, /no longer needed/);
    await clock.sleep(0);
    clock.advance(999);
    await Promise.resolve();
    assert.deepEqual(woken, []);
    clock.advance(5000);
    await Promise.all([early, late]);
    assert.deepEqual(woken, ['early', 'late']);
  });
});
