import type { Interval } from './life.ts';
import { below, mix, type Seed } from './random.ts';
import { TICKS_PER_HOUR, type Tick } from './quantity.ts';

/**
 * A property of a resource that is changed now and then and later changed back, such as its size or a tag. Each
 * fortnight has one moment at which the property takes the fortnight's value; about one fortnight in six has the other.
 */

const FORTNIGHT_HOURS = 336;
const ONE_IN = 6;

/** Whether the property has its other value at the tick. */
export function isOther(seed: Seed, tick: Tick): boolean {
  const fortnight = fortnightOf(seed, tick);
  const value = tick >= momentOf(seed, fortnight) ? fortnight : fortnight - 1;
  return hasOther(seed, value);
}

/** The tick inside the interval, if any, at which the property changes. The interval lies within one hour. */
export function changeWithin(seed: Seed, interval: Interval): Tick | undefined {
  const fortnight = fortnightOf(seed, interval.from);
  const moment = momentOf(seed, fortnight);
  if (moment <= interval.from || moment >= interval.to) return undefined;
  return hasOther(seed, fortnight) === hasOther(seed, fortnight - 1) ? undefined : moment;
}

function fortnightOf(seed: Seed, tick: Tick): number {
  const hour = Math.floor(tick / TICKS_PER_HOUR);
  return Math.floor((hour - below(FORTNIGHT_HOURS, seed)) / FORTNIGHT_HOURS);
}

function momentOf(seed: Seed, fortnight: number): Tick {
  const start = (fortnight * FORTNIGHT_HOURS + below(FORTNIGHT_HOURS, seed)) * TICKS_PER_HOUR;
  return start + below(FORTNIGHT_HOURS * TICKS_PER_HOUR, mix(mix(seed, fortnight), 1));
}

function hasOther(seed: Seed, fortnight: number): boolean {
  return below(ONE_IN, mix(mix(seed, fortnight), 2)) === 0;
}
