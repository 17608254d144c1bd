import { Decimal } from '../../../kernel/index.ts';
import type { PeriodBounds } from '../../accounts/index.ts';
import type { PieceCost } from '../query/cost-store.ts';
import type { DailyCosts, DayToCome } from './forecast.ts';

const HOURS_PER_DAY = 24;

interface HourRange {
  readonly from: number;
  readonly to: number;
}

type Bounds = Pick<PeriodBounds, 'fromHour' | 'toHour'>;

/** UTC days that are over before an hour, from the first that begins at or after another on. */
export function daysBefore(known: number, first: number): HourRange {
  const to = Math.floor(known / HOURS_PER_DAY) * HOURS_PER_DAY;
  return { from: Math.min(to, Math.ceil(first / HOURS_PER_DAY) * HOURS_PER_DAY), to };
}

/** Pieces as UTC days: those of one day together. */
export function dailyCosts(pieces: readonly PieceCost[], { from, to }: HourRange): DailyCosts {
  const firstDay = from / HOURS_PER_DAY;
  const amounts = Array.from({ length: to / HOURS_PER_DAY - firstDay }, () => Decimal.zero);
  for (const { hour, amount } of pieces) {
    if (hour < from || hour >= to) continue;
    const at = Math.floor(hour / HOURS_PER_DAY) - firstDay;
    amounts[at] = (amounts[at] ?? Decimal.zero).add(amount);
  }
  return { firstDay, amounts };
}

/** The days of a range that are to come as a whole; stamps that are ahead of others may have told of some all the same. */
export function wholeDaysToCome(known: number, { from, to }: HourRange): HourRange {
  return { from: Math.max(from, Math.ceil(known / HOURS_PER_DAY) * HOURS_PER_DAY), to };
}

/** The days of a range from the hour on of which nothing is known. */
export function daysToCome(known: number, { from, to }: HourRange): DayToCome[] {
  const days: DayToCome[] = [];
  let hour = Math.max(known, from);
  while (hour < to) {
    const day = Math.floor(hour / HOURS_PER_DAY);
    const end = Math.min(to, (day + 1) * HOURS_PER_DAY);
    days.push({ day, hours: end - hour });
    hour = end;
  }
  return days;
}

/**
 * Which day of a period a UTC day is: the one that it has most of. Where the time zone is not UTC a day of the period is the
 * UTC day next to it, and the first or the last has the piece that is left.
 *
 * @param hour in which the UTC day begins, or the period within it
 */
export function dayOfPeriod({ fromHour, toHour }: Bounds, hour: number): number {
  const last = Math.max(1, Math.round((toHour - fromHour) / HOURS_PER_DAY)) - 1;
  const nearest = Math.round((hour - fromHour) / HOURS_PER_DAY);
  return Math.min(last, Math.max(0, nearest));
}

/** The hour in which so many days of a period are over: the end of a UTC day, or of the period. */
export function endOfDays(period: Bounds, days: number): number {
  const { fromHour, toHour } = period;
  let hour: number = fromHour;
  while (hour < toHour && dayOfPeriod(period, hour) < days) {
    hour = Math.min(toHour, (Math.floor(hour / HOURS_PER_DAY) + 1) * HOURS_PER_DAY);
  }
  return hour;
}

/** Days of a period of which everything is known that was used before an hour. */
export function completeDaysOf(period: Bounds, known: number): number {
  let days = 0;
  while (endOfDays(period, days) < period.toHour && endOfDays(period, days + 1) <= known) days += 1;
  return days;
}
