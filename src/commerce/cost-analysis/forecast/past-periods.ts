import { Decimal, halfEven, hourNumber, sumOf } from '../../../kernel/index.ts';
import { periodBounds, type BillingCalendar, type PeriodBounds } from '../../accounts/index.ts';
import type { PieceCost } from '../query/cost-store.ts';
import { dailyCosts, daysBefore, daysToCome, endOfDays } from './days.ts';
import { errorPercent, forecast } from './forecast.ts';

const PERIODS = 3;

/** What was forecast for a period on the same day of it, and what it came to. */
export interface PastForecast {
  readonly period: PeriodBounds;
  readonly forecast: Decimal;
  readonly actual: Decimal;
  /** How far off it was, in percent of what it came to. */
  readonly percent: Decimal;
}

/** The periods before one, the newest first. */
export function periodsBefore(
  calendar: BillingCalendar,
  { fromHour }: Pick<PeriodBounds, 'fromHour'>,
): PeriodBounds[] {
  const periods: PeriodBounds[] = [];
  let end: number = fromHour;
  while (periods.length < PERIODS && end > 0) {
    const period = periodBounds(calendar, hourNumber(end - 1));
    periods.push(period);
    end = period.fromHour;
  }
  return periods;
}

/**
 * How the forecast did on periods that are over, as many complete days into each as are known of the present one. What a
 * period came to is all of it, also where it begins or ends within a UTC day. Periods that cost nothing, or before which there
 * was too little to go by, are left out.
 *
 * @param pieces of all these periods, and of the days before them by which they are forecast
 */
export function pastForecasts(
  pieces: readonly PieceCost[],
  periods: readonly PeriodBounds[],
  daysKnown: number,
): PastForecast[] {
  const firstHour = Math.min(...pieces.map(({ hour }) => hour));
  if (pieces.length === 0) return [];
  return periods.flatMap((period) => {
    const { fromHour: from, toHour: to } = period;
    const known = endOfDays(period, daysKnown);
    const guess = forecast(
      costBetween(pieces, from, known),
      dailyCosts(pieces, daysBefore(known, firstHour)),
      daysToCome(known, { from, to }),
    );
    const actual = costBetween(pieces, from, to);
    const percent = guess && errorPercent(guess.amount, actual);
    if (guess === undefined || percent === undefined) return [];
    return [{ period, forecast: guess.amount, actual, percent }];
  });
}

function costBetween(pieces: readonly PieceCost[], from: number, to: number): Decimal {
  return sumOf(pieces.filter(({ hour }) => hour >= from && hour < to).map(({ amount }) => amount));
}

/** The mean of the errors in percent, to two digits; undefined without any. */
export function meanPercent(past: readonly Pick<PastForecast, 'percent'>[]): Decimal | undefined {
  if (past.length === 0) return undefined;
  const sum = sumOf(past.map(({ percent }) => percent));
  return sum.divide(Decimal.fromBigInt(BigInt(past.length)), 2, halfEven);
}
