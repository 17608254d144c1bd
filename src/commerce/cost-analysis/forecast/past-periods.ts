import { Decimal, halfEven, hourNumber, sumOf } from '../../../kernel/index.ts';
import { periodBounds, type BillingCalendar, type PeriodBounds } from '../../accounts/index.ts';
import { costsUntil, errorPercent, forecast, type DailyCosts } from './forecast.ts';

const HOURS_PER_DAY = 24;
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
 * How the forecast did on periods that are over, as many complete days into each as are known of the present one. Days are
 * those of UTC. Periods that cost nothing, or before which there was too little to go by, are left out.
 */
export function pastForecasts(
  costs: DailyCosts,
  periods: readonly PeriodBounds[],
  daysKnown: number,
): PastForecast[] {
  return periods.flatMap((period) => {
    const first = Math.floor(period.fromHour / HOURS_PER_DAY);
    const end = Math.ceil(period.toHour / HOURS_PER_DAY);
    const known = Math.min(first + daysKnown, end);
    const sumBetween = (from: number, to: number): Decimal =>
      sumOf(
        costs.amounts.slice(Math.max(0, from - costs.firstDay), Math.max(0, to - costs.firstDay)),
      );
    const toCome = Array.from({ length: end - known }, (_, at) => ({
      day: known + at,
      hours: HOURS_PER_DAY,
    }));
    const guess = forecast(sumBetween(first, known), costsUntil(costs, known), toCome);
    const actual = sumBetween(first, end);
    const percent = guess && errorPercent(guess.amount, actual);
    if (guess === undefined || percent === undefined) return [];
    return [{ period, forecast: guess.amount, actual, percent }];
  });
}

/** The mean of the errors in percent, to two digits; undefined without any. */
export function meanPercent(past: readonly Pick<PastForecast, 'percent'>[]): Decimal | undefined {
  if (past.length === 0) return undefined;
  const sum = sumOf(past.map(({ percent }) => percent));
  return sum.divide(Decimal.fromBigInt(BigInt(past.length)), 2, halfEven);
}
