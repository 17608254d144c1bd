import {
  dayNumber,
  dayStart,
  hourNumber,
  hourStart,
  type HourNumber,
  type Instant,
} from '../kernel/index.ts';
import type { AnalysisGranularity } from './words.ts';

const HOURS_PER_DAY = 24;

/** A range of time cut into pieces. */
export interface Buckets {
  /** When each begins; the first with the range, also within a day or a month. */
  readonly starts: readonly Instant[];
  /** The piece that holds an hour of the range. */
  indexOfHour(hour: number): number;
  /** The piece that holds a day of the range; meaningless where pieces are hours. */
  indexOfDay(day: number): number;
}

/** Months since January 1970. */
export function monthOfDay(day: number): number {
  const date = dayStart(dayNumber(day)).toZonedDateTimeISO('UTC');
  return (date.year - 1970) * 12 + date.month - 1;
}

/** Days since 1970-01-01 of the first of a month, counted as {@link monthOfDay} does. */
export function firstDayOfMonth(month: number): number {
  const date = new Temporal.PlainDate(1970 + Math.floor(month / 12), (month % 12) + 1, 1);
  return EPOCH.until(date, { largestUnit: 'days' }).days;
}

const EPOCH = new Temporal.PlainDate(1970, 1, 1);

/** Cuts the hours from..to (exclusive) at the hours, days or months of UTC. */
export function bucketsOf(
  granularity: AnalysisGranularity,
  from: HourNumber,
  to: HourNumber,
): Buckets {
  const [firstDay, lastDay] = [dayOf(from), dayOf(to - 1)];
  switch (granularity) {
    case 'none':
      return { starts: [hourStart(from)], indexOfHour: () => 0, indexOfDay: () => 0 };
    case 'hour':
      return {
        starts: range(from, to).map((hour) => hourStart(hourNumber(hour))),
        indexOfHour: (hour) => hour - from,
        indexOfDay: (day) => Math.max(0, day * HOURS_PER_DAY - from),
      };
    case 'day':
      return {
        starts: startsFrom(from, range(firstDay, lastDay + 1)),
        indexOfHour: (hour) => dayOf(hour) - firstDay,
        indexOfDay: (day) => day - firstDay,
      };
    case 'month': {
      const firstMonth = monthOfDay(firstDay);
      const months = range(firstMonth, monthOfDay(lastDay) + 1);
      return {
        starts: startsFrom(from, months.map(firstDayOfMonth)),
        indexOfHour: (hour) => monthOfDay(dayOf(hour)) - firstMonth,
        indexOfDay: (day) => monthOfDay(day) - firstMonth,
      };
    }
    default:
      return granularity satisfies never;
  }
}

function startsFrom(from: HourNumber, days: readonly number[]): Instant[] {
  return days.map((day, at) => (at === 0 ? hourStart(from) : dayStart(dayNumber(day))));
}

function dayOf(hour: number): number {
  return Math.floor(hour / HOURS_PER_DAY);
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from }, (_, at) => from + at);
}
