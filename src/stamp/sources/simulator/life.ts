import { below, mix, type Seed } from './random.ts';
import { TICKS_PER_HOUR, type Tick } from './quantity.ts';
import { weekdayOf } from './usage-hour.ts';

/**
 * How resources of one line come and go. Time is cut into equal spans; in each span at most one resource of the line
 * lives. So the resource of any hour is found without knowing the ones before it.
 */
export interface LifePlan {
  readonly seed: Seed;
  /** Length of a span in hours. */
  readonly span: number;
  /** Hour at which one of the spans starts, counted since 1970-01-01T00:00Z. */
  readonly phase: number;
  /** Hours of the span before the earliest birth. */
  readonly earliest: number;
  /** Hours within which births vary. */
  readonly birthSpread: number;
  readonly shortest: number;
  readonly longest: number;
  /** Nothing is born on Saturday and Sunday. */
  readonly weekdaysOnly: boolean;
}

/** The life of one resource: from `born` on, until before `dies`. */
export interface Life {
  readonly generation: number;
  readonly born: Tick;
  readonly dies: Tick;
}

/** A part of an hour. */
export interface Interval {
  readonly from: Tick;
  readonly to: Tick;
}

/** Lives for years. */
export function steadyLife(seed: Seed): LifePlan {
  const span = 11_000 + below(15_000, mix(seed, 1));
  const usable = span - 60;
  return plan(seed, span, 20, 30, usable - 50, usable - 50, false);
}

/** Lives for one to eight weeks, then something else takes its place. */
export function projectLife(seed: Seed): LifePlan {
  const span = 300 + below(1_100, mix(seed, 1));
  const longest = Math.floor((span * 9) / 10) - 10;
  return plan(seed, span, 1, 8, Math.floor(longest / 2), longest, false);
}

/** Lives for some hours of a working day. */
export function dailyLife(seed: Seed): LifePlan {
  return { ...plan(seed, 24, 7, 5, 1, 10, true), phase: 0 };
}

function plan(
  seed: Seed,
  span: number,
  earliest: number,
  birthSpread: number,
  shortest: number,
  longest: number,
  weekdaysOnly: boolean,
): LifePlan {
  const phase = below(span, mix(seed, 2));
  return { seed, span, phase, earliest, birthSpread, shortest, longest, weekdaysOnly };
}

/** The life that touches the hour, if any. */
export function lifeAt(of: LifePlan, hour: number): Life | undefined {
  const generation = Math.floor((hour - of.phase) / of.span);
  const spanStart = of.phase + generation * of.span;
  if (of.weekdaysOnly && weekdayOf(Math.floor(spanStart / 24)) >= 5) return undefined;
  const seed = mix(of.seed, generation);
  const born =
    (spanStart + of.earliest) * TICKS_PER_HOUR +
    below(of.birthSpread * TICKS_PER_HOUR, mix(seed, 1));
  const length =
    of.shortest * TICKS_PER_HOUR +
    below((of.longest - of.shortest) * TICKS_PER_HOUR + 1, mix(seed, 2));
  const dies = Math.min(born + length, (spanStart + of.span) * TICKS_PER_HOUR);
  const lives = born < (hour + 1) * TICKS_PER_HOUR && dies > hour * TICKS_PER_HOUR;
  return lives ? { generation, born, dies } : undefined;
}

/** The part of the hour in which the resource exists. */
export function existenceIn(life: Life, hour: number): Interval {
  return {
    from: Math.max(life.born, hour * TICKS_PER_HOUR),
    to: Math.min(life.dies, (hour + 1) * TICKS_PER_HOUR),
  };
}

/**
 * How a machine is kept: always on; on for working days only; always on but for a night of maintenance every fourth
 * week. Off means deallocated: a machine that is merely stopped still emits.
 */
export type Schedule = 'always' | 'office' | 'maintained';

/** The part of the hour in which a machine with this life and schedule is allocated. */
export function allocatedIn(life: Life, schedule: Schedule, seed: Seed, hour: number): Interval {
  const exists = existenceIn(life, hour);
  if (schedule === 'always') return exists;
  const day = Math.floor(hour / 24);
  const seedOfDay = mix(seed, day);
  const midnight = day * 24 * TICKS_PER_HOUR;
  if (schedule === 'office') {
    if (weekdayOf(day) >= 5) return nothing(exists);
    const on = midnight + 6 * TICKS_PER_HOUR + below(2 * TICKS_PER_HOUR, mix(seedOfDay, 1));
    const off = midnight + 18 * TICKS_PER_HOUR + below(2 * TICKS_PER_HOUR, mix(seedOfDay, 2));
    return { from: Math.max(exists.from, on), to: Math.min(exists.to, off) };
  }
  if (weekdayOf(day) !== 6 || (Math.floor(day / 7) + seed) % 4 !== 0) return exists;
  // off for more than an hour, so that an hour never holds two runs
  const off = midnight + TICKS_PER_HOUR + below(TICKS_PER_HOUR, mix(seedOfDay, 1));
  const on = midnight + 4 * TICKS_PER_HOUR + below(TICKS_PER_HOUR, mix(seedOfDay, 2));
  if (exists.from < off) return { from: exists.from, to: Math.min(exists.to, off) };
  return { from: Math.max(exists.from, on), to: exists.to };
}

function nothing(within: Interval): Interval {
  return { from: within.from, to: within.from };
}

export function isEmpty(interval: Interval): boolean {
  return interval.from >= interval.to;
}
