import { hourNumber, hourOf, hourStart, type HourNumber } from '../../kernel/index.ts';
import type { BillingAccount } from './account.ts';

/** When periods begin: at local midnight of this day of each month. */
export type BillingCalendar = Pick<BillingAccount, 'billingDay' | 'timeZone'>;

/** A billing period as the calendar has it; half-open. */
export interface PeriodBounds {
  readonly fromHour: HourNumber;
  readonly toHour: HourNumber;
  /** Such as 202610-1. */
  readonly name: string;
}

const HOURS_PER_DAY = 24;

/** Reads the name of a time zone in any case, such as Europe/Paris; undefined for anything else. */
export function parseTimeZone(text: string): string | undefined {
  // A mere offset is no zone: it would not know of summer time.
  if (!/^[a-z]/i.test(text)) return undefined;
  try {
    return new Temporal.ZonedDateTime(0n, text).timeZoneId;
  } catch {
    return undefined;
  }
}

/** The period of the calendar that holds the hour. */
export function periodBounds(calendar: BillingCalendar, hour: HourNumber): PeriodBounds {
  const fromHour = lastBound(calendar, hour);
  return spanOf(calendar, fromHour, firstBound(calendar, hourNumber(fromHour + HOURS_PER_DAY)));
}

/**
 * The period that begins at this hour, which need not be a bound of the calendar: it ends at the first
 * bound that is at least a day later.
 */
export function periodFrom(calendar: BillingCalendar, fromHour: HourNumber): PeriodBounds {
  return spanOf(calendar, fromHour, firstBound(calendar, hourNumber(fromHour + HOURS_PER_DAY)));
}

/** The period that ends at this hour: it begins at the last bound that is at least a day earlier. */
export function periodUpTo(calendar: BillingCalendar, toHour: HourNumber): PeriodBounds {
  return spanOf(calendar, lastBound(calendar, hourNumber(toHour - HOURS_PER_DAY)), toHour);
}

/**
 * The month that gives the period its name is that of its noon: a period that begins where another time
 * zone left off may begin some hours before the month does.
 */
function spanOf(
  { timeZone }: BillingCalendar,
  fromHour: HourNumber,
  toHour: HourNumber,
): PeriodBounds {
  const noon = hourStart(hourNumber(fromHour + HOURS_PER_DAY / 2)).toZonedDateTimeISO(timeZone);
  const month = `${noon.year}${String(noon.month).padStart(2, '0')}`;
  return { fromHour, toHour, name: `${month}-1` };
}

/** The last bound that is not after the hour. */
function lastBound(calendar: BillingCalendar, hour: HourNumber): HourNumber {
  let month = monthOf(calendar, hour);
  // A day that a zone has left out moves its bound into the next.
  while (boundOf(calendar, month) > hour) month = month.subtract({ months: 1 });
  return boundOf(calendar, month);
}

/** The first bound that is not before the hour. */
function firstBound(calendar: BillingCalendar, hour: HourNumber): HourNumber {
  let month = monthOf(calendar, hour);
  while (boundOf(calendar, month) < hour) month = month.add({ months: 1 });
  return boundOf(calendar, month);
}

function monthOf({ timeZone }: BillingCalendar, hour: HourNumber): Temporal.PlainYearMonth {
  return hourStart(hour).toZonedDateTimeISO(timeZone).toPlainDate().toPlainYearMonth();
}

/** The first whole hour in UTC that is not before local midnight. */
function boundOf(
  { billingDay, timeZone }: BillingCalendar,
  month: Temporal.PlainYearMonth,
): HourNumber {
  const midnight = month.toPlainDate({ day: billingDay }).toZonedDateTime(timeZone).toInstant();
  const hour = hourOf(midnight);
  return hourStart(hour).equals(midnight) ? hour : hourNumber(hour + 1);
}
