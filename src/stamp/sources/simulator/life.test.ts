import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { changeWithin, isOther } from './changes.ts';
import {
  allocatedIn,
  dailyLife,
  existenceIn,
  isEmpty,
  lifeAt,
  projectLife,
  steadyLife,
} from './life.ts';
import { TICKS_PER_HOUR } from './quantity.ts';
import { weekdayOf } from './usage-hour.ts';

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const hours = fc.integer({ min: 400_000, max: 600_000 });
const plans = fc.constantFrom(steadyLife, projectLife, dailyLife);

describe('lives of simulated resources', () => {
  it('finds the same life from each of its hours, and nothing outside', () => {
    fc.assert(
      fc.property(plans, seeds, hours, (planOf, seed, hour) => {
        const plan = planOf(seed);
        const life = lifeAt(plan, hour);
        if (life === undefined) return;
        const first = Math.floor(life.born / TICKS_PER_HOUR);
        const last = Math.ceil(life.dies / TICKS_PER_HOUR) - 1;
        assert.deepEqual(lifeAt(plan, first), life);
        assert.deepEqual(lifeAt(plan, last), life);
        assert.notDeepEqual(lifeAt(plan, first - 1), life);
        assert.notDeepEqual(lifeAt(plan, last + 1), life);
      }),
    );
  });

  it('keeps the allocated part within the hour and the life', () => {
    const schedules = fc.constantFrom('always', 'office', 'maintained');
    fc.assert(
      fc.property(plans, schedules, seeds, hours, (planOf, schedule, seed, hour) => {
        const life = lifeAt(planOf(seed), hour);
        if (life === undefined) return;
        const exists = existenceIn(life, hour);
        const allocated = allocatedIn(life, schedule, seed, hour);
        if (isEmpty(allocated)) return;
        assert.ok(allocated.from >= exists.from && allocated.to <= exists.to);
        if (schedule === 'office') assert.ok(weekdayOf(Math.floor(hour / 24)) < 5);
      }),
    );
  });

  it('starts daily resources on working days only', () => {
    fc.assert(
      fc.property(seeds, hours, (seed, hour) => {
        if (lifeAt(dailyLife(seed), hour)) assert.ok(weekdayOf(Math.floor(hour / 24)) < 5);
      }),
    );
  });

  it('cuts an hour at the very tick at which a property changes', () => {
    let changes = 0;
    for (let seed = 1; seed <= 40; seed++) {
      for (let hour = 500_000; hour < 502_000; hour++) {
        const interval = { from: hour * TICKS_PER_HOUR, to: (hour + 1) * TICKS_PER_HOUR };
        const cut = changeWithin(seed, interval);
        if (cut === undefined) {
          assert.equal(isOther(seed, interval.from), isOther(seed, interval.to - 1));
          continue;
        }
        changes++;
        assert.equal(isOther(seed, interval.from), isOther(seed, cut - 1));
        assert.notEqual(isOther(seed, cut - 1), isOther(seed, cut));
        assert.equal(isOther(seed, cut), isOther(seed, interval.to - 1));
      }
    }
    assert.ok(changes > 20, `only ${changes} changes were looked at`);
  });
});
