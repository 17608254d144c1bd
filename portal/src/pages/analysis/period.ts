import type { Period } from '../../components/period.ts';

/** Ranges and steps of an analysis. */
export const granularities = ['none', 'hour', 'day', 'month'] as const;
export type Granularity = (typeof granularities)[number];

export const chartKinds = ['bars', 'lines'] as const;
export type ChartKind = (typeof chartKinds)[number];

const DAY_MS = 86_400_000;
/** By the hour, no more than this many days are answered. */
const MOST_HOURLY_DAYS = 31;
/** More bars than this cannot be told apart. */
const MOST_DAILY_DAYS = 400;
/** A range beyond that is a year somebody is still typing. */
const MOST_DAYS = 3660;
const FIRST_DAY = '1990-01-01';

export function daysOf({ from, to }: Period): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS);
}

/** Steps of a chart of these days; months are few, and none has no chart. */
export function stepsOf(range: Period, granularity: Granularity): number {
  const each = { none: 0, hour: 24, day: 1, month: 1 / 28 }[granularity];
  return Math.ceil(daysOf(range) * each);
}

/** Whether it is worth asking for: the field of a day has 0002 for a moment when 2026 is typed. */
export function isPlausible(period: Period): boolean {
  const days = daysOf(period);
  return period.from >= FIRST_DAY && days > 0 && days <= MOST_DAYS;
}

/** Which granularities a range of this length can be shown in. */
export function granularitiesFor(
  range: Period,
  offered: readonly Granularity[],
): readonly Granularity[] {
  const days = daysOf(range);
  return offered.filter(
    (one) =>
      (one !== 'hour' || days <= MOST_HOURLY_DAYS) && (one !== 'day' || days <= MOST_DAILY_DAYS),
  );
}

/** What is asked for when it can be had, otherwise the nearest that can. */
export function granularityFor(
  wanted: Granularity,
  range: Period,
  offered: readonly Granularity[],
): Granularity {
  const possible = granularitiesFor(range, offered);
  if (possible.includes(wanted)) return wanted;
  return possible.includes('day') ? 'day' : 'month';
}

/** Narrower than a few pixels, and slow to draw: hours of a month are lines. */
const MOST_BARS = 200;

/** How a chart of so many steps can be drawn. */
export function chartKindsFor(steps: number): readonly ChartKind[] {
  return steps > MOST_BARS ? chartKinds.filter((one) => one !== 'bars') : chartKinds;
}

export function chartKindFor(wanted: ChartKind | undefined, steps: number): ChartKind {
  return chartKindsFor(steps).find((one) => one === (wanted ?? 'bars')) ?? 'lines';
}

/** The last instant before the end of a range, to name the last day that still belongs to it. */
export function lastInstant(end: string): string {
  return new Date(Date.parse(end) - 1).toISOString();
}
