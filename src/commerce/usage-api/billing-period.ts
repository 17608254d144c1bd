import {
  dayFromInstant,
  dayStart,
  fail,
  parseWireTime,
  type DayNumber,
  type Instant,
} from '../../kernel/index.ts';
import { invalidProperty } from '../../platform/index.ts';
import { narrow, readComparisons, type WholeRange } from './comparison.ts';

const MONTHS_PER_YEAR = 12;
const MILLISECONDS_PER_DAY = 86_400_000;
const NAME = /^(\d{4})(0[1-9]|1[0-2])-1$/;

/** A calendar month in UTC, as the number of months since 1970-01. */
export type Month = number;

/** The month in which the instant lies. */
export function monthOf(instant: Instant): Month {
  const { year, month } = instant.toZonedDateTimeISO('UTC');
  return (year - 1970) * MONTHS_PER_YEAR + month - 1;
}

/** First day of the month. */
export function firstDayOf(month: Month): DayNumber {
  const day = dayFromInstant(Temporal.Instant.from(`${isoMonth(month)}-01T00:00Z`));
  if (day === undefined) throw new RangeError(`month ${month} does not begin at midnight`);
  return day;
}

/** Last day of the month, which belongs to it. */
export function lastDayOf(month: Month): number {
  return firstDayOf(month + 1) - 1;
}

function isoMonth(month: Month): string {
  const year = 1970 + Math.floor(month / MONTHS_PER_YEAR);
  const inYear = month - (year - 1970) * MONTHS_PER_YEAR + 1;
  return `${String(year).padStart(4, '0')}-${String(inYear).padStart(2, '0')}`;
}

/** The name of the billing period that the month is: `202611-1`. */
export function periodName(month: Month): string {
  return `${isoMonth(month).replace('-', '')}-1`;
}

/** Reads the name of a billing period; undefined for anything else. */
export function parsePeriodName(text: string): Month | undefined {
  const [, year = '', month = ''] = NAME.exec(text) ?? [];
  if (year === '') return undefined;
  return (Number.parseInt(year, 10) - 1970) * MONTHS_PER_YEAR + Number.parseInt(month, 10) - 1;
}

/** A day as `2026-11-30`. */
export function dateText(day: number): string {
  return Temporal.Instant.fromEpochMilliseconds(day * MILLISECONDS_PER_DAY)
    .toString()
    .slice(0, 10);
}

/**
 * The months of a range that a `$filter` on billingPeriodEndDate leaves. The end date is the last day of the month.
 *
 * @throws InvalidProperty
 */
export function filterMonths(months: WholeRange, filter: string): WholeRange {
  let { first, last } = months;
  for (const { operator, value } of readComparisons(filter, ['billingPeriodEndDate'])) {
    const bound = readDate(value, filter).epochMilliseconds;
    // Months differ in length, so each is asked by the order of its end, not by arithmetic.
    const fits = (month: Month): boolean => {
      const end = dayStart(firstDayOf(month + 1)).epochMilliseconds - MILLISECONDS_PER_DAY;
      const kept = narrow({ first: end, last: end }, operator, bound, { scale: 1, offset: 0 });
      return kept.first <= kept.last;
    };
    while (first <= last && !fits(first)) first += 1;
    while (last >= first && !fits(last)) last -= 1;
  }
  return { first, last };
}

/** @throws InvalidProperty when it is no time */
export function readDate(value: string, filter: string): Instant {
  const instant = parseWireTime(value);
  if (instant !== undefined) return instant;
  throw invalidProperty('$filter', filter, `'${value.slice(0, 40)}' is not a date or a time`);
}

/**
 * Cuts a page from a list of months, newest first.
 *
 * @param after the last month of the page before
 */
export function pageOfMonths(
  { first, last }: WholeRange,
  after: Month | undefined,
  limit: number,
): { readonly months: readonly Month[]; readonly more: boolean } {
  const from = after === undefined ? last : Math.min(last, after - 1);
  const length = Math.max(0, Math.min(limit, from - first + 1));
  const months = Array.from({ length }, (_, index) => from - index);
  return { months, more: from - length >= first };
}

/** @throws NotFound when the account has no such billing period */
export function requirePeriod(name: string, months: WholeRange): Month {
  const month = parsePeriodName(name);
  if (month !== undefined && month >= months.first && month <= months.last) return month;
  throw fail('NotFound', { path: `billingPeriods/${name}` });
}
