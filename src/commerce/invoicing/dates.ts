import {
  dayNumber,
  hourNumber,
  hourStart,
  type DayNumber,
  type Instant,
} from '../../kernel/index.ts';
import type { BillingPeriod } from '../accounts/index.ts';

/** A local day such as 2026-11-03. */
export type LocalDay = string;

export function localDay(instant: Instant, timeZone: string): LocalDay {
  return instant.toZonedDateTimeISO(timeZone).toPlainDate().toString();
}

export function addDays(day: LocalDay, days: number): LocalDay {
  return Temporal.PlainDate.from(day).add({ days }).toString();
}

/** Days from one to another; negative when the other is earlier. */
export function daysBetween(from: LocalDay, to: LocalDay): number {
  return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to)).days;
}

/** A day as the tables of prices and taxes count it. */
export function dayCount(day: LocalDay): DayNumber {
  return dayNumber(daysBetween('1970-01-01', day));
}

/**
 * First and last day of a period, both inclusive: the last is that of its last hour. In the time zone by
 * which the period was made, so that they stay when the account moves to another.
 */
export function daysOfPeriod({
  fromHour,
  toHour,
  timeZone,
}: Pick<BillingPeriod, 'fromHour' | 'toHour' | 'timeZone'>): {
  readonly start: LocalDay;
  readonly end: LocalDay;
} {
  return {
    start: localDay(hourStart(fromHour), timeZone),
    end: localDay(hourStart(hourNumber(toHour - 1)), timeZone),
  };
}

/** Reads a day such as 2026-11-03; undefined for anything else. */
export function parseLocalDay(text: string): LocalDay | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  try {
    return Temporal.PlainDate.from(text, { overflow: 'reject' }).toString();
  } catch {
    return undefined;
  }
}
