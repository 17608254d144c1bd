import {
  hourNumber,
  hourOf,
  hourStart,
  parseWireTime,
  type HourNumber,
  type Instant,
} from '../../kernel/index.ts';
import { invalidProperty } from '../../platform/index.ts';
import { periodBounds, type BillingCalendar } from '../accounts/index.ts';
import { narrow, readComparisons } from './comparison.ts';

const HOURS_PER_DAY = 24;
const MILLISECONDS_PER_DAY = 86_400_000;
const MILLISECONDS_PER_HALF_DAY = 43_200_000;

/** Usage hours since 1970; half-open. */
export interface HourRange {
  readonly from: number;
  readonly to: number;
}

/** A stretch of usage that an account is billed for at once. */
export interface UsagePeriod {
  /** Such as 202611-1. */
  readonly name: string;
  readonly hours: HourRange;
  /** By which charges name it; undefined: nothing has been billed in it. */
  readonly number: number | undefined;
  /** Whether it has been invoiced, or found to have nothing to invoice. */
  readonly isIssued: boolean;
}

/** In which billing periods an account is billed. */
export interface PeriodCalendar {
  /** By which those that nobody has needed yet begin and end. */
  readonly calendar: BillingCalendar;
  /** Those that there are, in order and without gaps. */
  readonly periods: readonly UsagePeriod[];
}

/** Calendar months in UTC: the periods of an account that nothing has been billed to. */
export const MONTHS: PeriodCalendar = {
  calendar: { billingDay: 1, timeZone: 'UTC' },
  periods: [],
};

/**
 * The billing period in which usage of an hour is billed. What exists stays as it is when the calendar changes: others go
 * on where it ends, forwards and backwards, and reach to a bound of the new calendar that is at least a day away.
 */
export function periodAt({ calendar, periods }: PeriodCalendar, hour: HourNumber): UsagePeriod {
  const [first] = periods;
  const last = periods.at(-1);
  if (first === undefined || last === undefined) {
    const { fromHour, toHour } = periodBounds(calendar, hour);
    return unused(calendar, fromHour, toHour);
  }
  if (hour < first.hours.from) return periodBefore(calendar, first, hour);
  if (hour >= last.hours.to) return periodAfter(calendar, last, hour);
  const known = periods.find(({ hours }) => hours.from <= hour && hour < hours.to);
  if (known === undefined) throw new Error('the billing periods of an account have a gap');
  return known;
}

function periodAfter(calendar: BillingCalendar, last: UsagePeriod, hour: number): UsagePeriod {
  let period = last;
  while (period.hours.to <= hour) {
    const from = period.hours.to;
    period = unused(calendar, from, firstBound(calendar, from + HOURS_PER_DAY));
  }
  return period;
}

function periodBefore(calendar: BillingCalendar, first: UsagePeriod, hour: number): UsagePeriod {
  let period = first;
  while (period.hours.from > hour) {
    const to = period.hours.from;
    const { fromHour } = periodBounds(calendar, hourNumber(to - HOURS_PER_DAY));
    period = unused(calendar, fromHour, to);
  }
  return period;
}

/** The first bound of the calendar that is not before the hour. */
function firstBound(calendar: BillingCalendar, hour: number): number {
  const { fromHour, toHour } = periodBounds(calendar, hourNumber(hour));
  return fromHour === hour ? fromHour : toHour;
}

/** Named as it would be when something is billed in it: by the month of its first noon. */
function unused({ timeZone }: BillingCalendar, from: number, to: number): UsagePeriod {
  const noon = hourStart(hourNumber(from + HOURS_PER_DAY / 2)).toZonedDateTimeISO(timeZone);
  const name = `${noon.year}${String(noon.month).padStart(2, '0')}-1`;
  return { name, hours: { from, to }, number: undefined, isIssued: false };
}

/** The parts of billing periods that make up a range, in order; empty for an empty range. */
export function partsOf(of: PeriodCalendar, { from, to }: HourRange): UsagePeriod[] {
  const parts: UsagePeriod[] = [];
  for (let hour = from; hour < to;) {
    const period = periodAt(of, hourNumber(hour));
    parts.push(period);
    hour = period.hours.to;
  }
  return parts;
}

/** The billing periods of an account from one hour to the one of the present, the newest first. */
export function periodsBetween(of: PeriodCalendar, from: HourNumber, now: Instant): UsagePeriod[] {
  return partsOf(of, { from, to: hourOf(now) + 1 }).toReversed();
}

/** The day on which the period begins where the account is. */
export function firstDayOf(of: PeriodCalendar, { hours }: UsagePeriod): number {
  return localDay(of, hours.from);
}

/** The last day of the period, which belongs to it. */
export function lastDayOf(of: PeriodCalendar, { hours }: UsagePeriod): number {
  return localDay(of, hours.to) - 1;
}

/**
 * The day that begins nearest to an hour, in days since 1970: a period begins at the first whole hour at or after local
 * midnight, and one from before the account moved to another time zone some hours from it.
 */
function localDay({ calendar }: PeriodCalendar, hour: number): number {
  const start = hourStart(hourNumber(hour)).toZonedDateTimeISO(calendar.timeZone);
  const local = start.epochMilliseconds + start.offsetNanoseconds / 1_000_000;
  return Math.floor((local + MILLISECONDS_PER_HALF_DAY) / MILLISECONDS_PER_DAY);
}

/** A day as `2026-11-30`. */
export function dateText(day: number): string {
  return Temporal.Instant.fromEpochMilliseconds(day * MILLISECONDS_PER_DAY)
    .toString()
    .slice(0, 10);
}

/**
 * A test of last days that a `$filter` leaves.
 *
 * @param field the one name that it may compare, such as billingPeriodEndDate
 * @returns whether a day since 1970 is left
 * @throws InvalidProperty
 */
export function readDayFilter(filter: string, field: string): (day: number) => boolean {
  const bounds = readComparisons(filter, [field]).map(({ operator, value }) => ({
    operator,
    bound: readDate(value, filter).epochMilliseconds,
  }));
  return (day) =>
    bounds.every(({ operator, bound }) => {
      const at = day * MILLISECONDS_PER_DAY;
      const kept = narrow({ first: at, last: at }, operator, bound, { scale: 1, offset: 0 });
      return kept.first <= kept.last;
    });
}

/** @throws InvalidProperty when it is no time */
export function readDate(value: string, filter: string): Instant {
  const instant = parseWireTime(value);
  if (instant !== undefined) return instant;
  throw invalidProperty('$filter', filter, `'${value.slice(0, 40)}' is not a date or a time`);
}
