import type { Instant } from '../../kernel/index.ts';
import { classOfHour, type HourClass, type ReportingFacts, type HourSpan } from './hour-class.ts';

export const HOURS_PER_DAY = 24;

/** A reported hour as the stamp has it. */
export interface StampHour {
  readonly hour: number;
  /** undefined while it is not closed */
  readonly closedAt: Instant | undefined;
  /** its hourly rows are gone */
  readonly isExpired: boolean;
  /** as noted when it closed */
  readonly rows: bigint;
}

/** What is summed under one name: a class of hours, or a day of which the hours cannot be told apart any more. */
export type PartClass = HourClass | 'past retention';

/** Where the stamp's side of a day comes from. */
export type DaySource =
  /** hourly rows, and records of hours that are not closed */
  | 'hours'
  /** daily rows: hourly ones are past retention, and the day is asked for as a whole */
  | 'day'
  /** nowhere: past retention, and only some hours of the day are asked for */
  | 'gone';

export interface PlannedHour extends StampHour {
  readonly partClass: PartClass;
}

export interface DayPlan {
  readonly day: number;
  readonly source: DaySource;
  readonly hours: readonly PlannedHour[];
  /** with the source `day`: under which class the whole day is summed */
  readonly dayClass: PartClass;
}

/**
 * Decides for one day how its hours are summed and under which class each.
 *
 * Retention takes the hourly rows of a day together. What is left are daily rows: good for the day as a whole if all
 * its hours are of one class. Otherwise what was received is known, and the rest is told as past retention.
 *
 * @param hours those of the range that the stamp has, in order, at least one
 */
export function planDay(
  day: number,
  hours: readonly StampHour[],
  range: HourSpan,
  facts: ReportingFacts,
): DayPlan {
  const classed = hours.map((hour) => ({
    ...hour,
    partClass: classOfHour(hour, facts),
  }));
  if (!hours.some(({ isExpired }) => isExpired)) {
    return { day, source: 'hours', hours: classed, dayClass: 'past retention' };
  }
  const isWhole = range.from <= day * HOURS_PER_DAY && (day + 1) * HOURS_PER_DAY <= range.to;
  const [first, ...others] = new Set(classed.map(({ partClass }) => partClass));
  if (isWhole && first !== undefined && others.length === 0) {
    return { day, source: 'day', hours: classed, dayClass: first };
  }
  return {
    day,
    source: isWhole ? 'day' : 'gone',
    hours: classed.map((hour) => ({ ...hour, partClass: 'past retention' })),
    dayClass: 'past retention',
  };
}
