import { Decimal, halfEven, sumOf } from '../../../kernel/index.ts';

/** What usage cost day by day: UTC days since 1970 that follow each other, the last the last complete one. */
export interface DailyCosts {
  readonly firstDay: number;
  readonly amounts: readonly Decimal[];
}

/** A day, or a part of one, of which nothing is known yet. */
export interface DayToCome {
  readonly day: number;
  /** Of its 24. */
  readonly hours: number;
}

/** What is expected by the end, and between what it will be in four of five cases. */
export interface Forecast {
  readonly amount: Decimal;
  readonly low: Decimal;
  readonly high: Decimal;
}

const DAYS_PER_WEEK = 7;
const HOURS_PER_DAY = 24;
/** Complete days by which a day is expected. */
export const SEEN_DAYS = 28;
/** Fewer tell nothing of weekdays. */
const FEWEST_DAYS = DAYS_PER_WEEK;
/** Fewer past errors tell nothing of how far off it can be. */
const FEWEST_ERRORS = 10;
/** Digits after the point of a mean. */
const DIGITS = 20;

/**
 * Forecasts an amount of which a part is known. Each day to come is expected to cost the mean of the same weekday in the last
 * 28 complete days; a weekday without one, the mean of all of them. The interval comes from how far off the same method was
 * on past days: for as many days ahead it is tried from every past day from which that can be told, and the interval leaves
 * out a tenth of these errors at each end. Where the past is too short for that, it reaches from what is known to twice
 * the rest.
 *
 * @param soFar what is known, days that are not complete among it
 * @param ahead what of that is of days to come as a whole: of stamps that are ahead of others. They are forecast like any
 *   other day and counted once, but it never comes to less than what is known
 * @returns undefined when there are fewer than seven complete days since the first cost
 */
export function forecast(
  soFar: Decimal,
  past: DailyCosts,
  toCome: readonly DayToCome[],
  ahead: Decimal = Decimal.zero,
): Forecast | undefined {
  const costs = sinceFirstCost(past);
  if (toCome.length === 0) return { amount: soFar, low: soFar, high: soFar };
  const expected = expectedAfter(costs, costs.amounts.length);
  if (expected === undefined) return undefined;
  const rest = restOf(expected, toCome);
  const guess = soFar.subtract(ahead).add(rest);
  const amount = ahead.isZero() ? guess : greatest(guess, soFar);
  const errors = pastErrors(costs, toCome.length);
  if (errors.length < FEWEST_ERRORS)
    return { amount, low: least(soFar, amount), high: greatest(guess.add(rest), amount) };
  const low = greatest(soFar, guess.add(quantile(errors, 1)));
  return {
    amount,
    low: least(low, amount),
    high: greatest(guess.add(quantile(errors, 9)), amount),
  };
}

/** How far from what it came to the forecast of a stretch was, in percent of that. */
export function errorPercent(forecasted: Decimal, actual: Decimal): Decimal | undefined {
  if (actual.isZero()) return undefined;
  const off = forecasted.subtract(actual);
  const size = off.isNegative() ? off.negate() : off;
  const whole = actual.isNegative() ? actual.negate() : actual;
  return size.multiply(Decimal.fromBigInt(100n)).divide(whole, 2, halfEven);
}

function sinceFirstCost({ firstDay, amounts }: DailyCosts): DailyCosts {
  const first = amounts.findIndex((amount) => !amount.isZero());
  const skipped = first < 0 ? amounts.length : first;
  return { firstDay: firstDay + skipped, amounts: amounts.slice(skipped) };
}

type Expected = (day: number) => Decimal;

/** What a day is expected to cost by the `known` first days; undefined where they are too few. */
function expectedAfter({ firstDay, amounts }: DailyCosts, known: number): Expected | undefined {
  if (known < FEWEST_DAYS) return undefined;
  const from = Math.max(0, known - SEEN_DAYS);
  const byWeekday = Map.groupBy(
    amounts.slice(from, known).map((amount, at) => ({ amount, day: firstDay + from + at })),
    ({ day }) => day % DAYS_PER_WEEK,
  );
  // Seven days that follow each other have each weekday.
  const means = new Map(
    [...byWeekday].map(([weekday, days]) => [weekday, meanOf(days.map(({ amount }) => amount))]),
  );
  return (day) => means.get(day % DAYS_PER_WEEK) ?? Decimal.zero;
}

function restOf(expected: Expected, toCome: readonly DayToCome[]): Decimal {
  return sumOf(
    toCome.map(({ day, hours }) => {
      const amount = expected(day);
      if (hours === HOURS_PER_DAY) return amount;
      const share = amount.multiply(Decimal.fromBigInt(BigInt(hours)));
      return share.divide(Decimal.fromBigInt(BigInt(HOURS_PER_DAY)), DIGITS, halfEven);
    }),
  );
}

/** By how much the sum of so many days was more than expected before them, from each past day; in order of size. */
function pastErrors(costs: DailyCosts, ahead: number): Decimal[] {
  const { firstDay, amounts } = costs;
  const errors: Decimal[] = [];
  for (let known = FEWEST_DAYS; known + ahead <= amounts.length; known++) {
    const expected = expectedAfter(costs, known);
    if (expected === undefined) continue;
    const actual = amounts.slice(known, known + ahead);
    const guess = actual.map((_, at) => expected(firstDay + known + at));
    errors.push(sumOf(actual).subtract(sumOf(guess)));
  }
  return errors.toSorted((a, b) => a.compare(b));
}

/** The value below which so many tenths are. */
function quantile(sorted: readonly Decimal[], tenths: number): Decimal {
  const at = Math.round(((sorted.length - 1) * tenths) / 10);
  return sorted[at] ?? Decimal.zero;
}

function meanOf(amounts: readonly Decimal[]): Decimal {
  return sumOf(amounts).divide(Decimal.fromBigInt(BigInt(amounts.length)), DIGITS, halfEven);
}

function least(a: Decimal, b: Decimal): Decimal {
  return a.compare(b) < 0 ? a : b;
}

function greatest(a: Decimal, b: Decimal): Decimal {
  return a.compare(b) > 0 ? a : b;
}
