import {
  dayNumber,
  firstHourOfDay,
  hourNumber,
  hourStart,
  type HourNumber,
} from '../../kernel/index.ts';
import type { BudgetGrain, BudgetSpan } from './budget.ts';

/** Grains of the calendar. Billing periods are those of the account. */
export type CalendarGrain = Exclude<BudgetGrain, 'BillingPeriod'>;

const MONTHS: Readonly<Record<CalendarGrain, number>> = { Month: 1, Quarter: 3, Year: 12 };

/**
 * The month, quarter or year that holds an hour. Those of UTC, since costs are kept by days of UTC: the figures
 * are then the same as in any analysis of these days.
 */
export function calendarSpan(grain: CalendarGrain, hour: HourNumber): BudgetSpan {
  const months = MONTHS[grain];
  const date = hourStart(hour).toZonedDateTimeISO('UTC').toPlainDate();
  const first = Math.floor((date.month - 1) / months) * months + 1;
  const from = date.with({ month: first, day: 1 });
  return { fromHour: hourOfDate(from), toHour: hourOfDate(from.add({ months })) };
}

const EPOCH = new Temporal.PlainDate(1970, 1, 1);

function hourOfDate(date: Temporal.PlainDate): HourNumber {
  return firstHourOfDay(dayNumber(EPOCH.until(date, { largestUnit: 'days' }).days));
}

/** The first and the last day of a stretch in a time zone, as people name them. */
export function daysOfSpan(
  { fromHour, toHour }: BudgetSpan,
  timeZone: string,
): { readonly from: string; readonly to: string } {
  const day = (hour: HourNumber): string =>
    hourStart(hour).toZonedDateTimeISO(timeZone).toPlainDate().toString();
  return { from: day(fromHour), to: day(hourNumber(toHour - 1)) };
}
