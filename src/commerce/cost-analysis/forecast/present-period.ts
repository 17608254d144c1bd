import type { AnalysisFilter } from '../../../analysis/index.ts';
import { hourOf, sumOf, type Decimal } from '../../../kernel/index.ts';
import type { Clock, Queryable } from '../../../platform/index.ts';
import { periodBounds, type PeriodBounds } from '../../accounts/index.ts';
import { costOf, costsByPiece, type PieceCost } from '../query/cost-store.ts';
import type { Ground } from '../query/ground.ts';
import { selectionOf, type CostQuestion } from '../query/read-costs.ts';
import type { Viewpoint } from '../viewpoint.ts';
import { completeDaysOf, dailyCosts, daysBefore, daysToCome, wholeDaysToCome } from './days.ts';
import { forecast, SEEN_DAYS, type Forecast } from './forecast.ts';
import { pastForecasts, periodsBefore, type PastForecast } from './past-periods.ts';

const HOURS_PER_DAY = 24;

/** The present billing period of an account by its calendar, and what is looked at to forecast it. */
export interface PeriodQuestion extends CostQuestion {
  readonly present: PeriodBounds;
  /** The newest first. */
  readonly before: readonly PeriodBounds[];
}

/** What is known of a period, and expected of it. */
export interface PeriodForecast {
  /** So far. */
  readonly total: Decimal;
  readonly unpriced: number;
  readonly forecast: Forecast | undefined;
  /** How the same method did on periods before, on the same day. */
  readonly errors: readonly PastForecast[];
  /** Complete days of the present period. */
  readonly days: number;
  /** The end of what is known, or the beginning of the period where nothing is. */
  readonly known: number;
  /** What was used day by day, from before the first of the periods on. */
  readonly pieces: readonly PieceCost[];
}

export function periodQuestion(
  clock: Clock,
  viewpoint: Viewpoint,
  filters: readonly AnalysisFilter[] = [],
  buyers?: readonly string[],
): PeriodQuestion {
  const present = periodBounds(viewpoint.account, hourOf(clock.now()));
  const before = periodsBefore(viewpoint.account, present);
  const first = Math.floor((before.at(-1) ?? present).fromHour / HOURS_PER_DAY) - SEEN_DAYS;
  const from = Math.max(0, first * HOURS_PER_DAY);
  return { viewpoint, filters, buyers, from, to: present.toHour, present, before };
}

export async function forecastPeriod(
  db: Queryable,
  ground: Ground,
  question: PeriodQuestion,
): Promise<PeriodForecast> {
  const { present, before } = question;
  const range = { from: present.fromHour, to: present.toHour };
  const { total, unpriced } = await costOf(db, selectionOf(ground, { ...question, ...range }));
  const pieces = await costsByPiece(db, selectionOf(ground, question));
  const known = ground.summarizedTo ?? present.fromHour;
  const past = dailyCosts(pieces, daysBefore(known, question.from));
  const days = completeDaysOf(present, known);
  return {
    total,
    unpriced,
    forecast: forecast(total, past, daysToCome(known, range), costAhead(pieces, known, range)),
    errors: pastForecasts(pieces, before, days),
    days,
    known,
    pieces,
  };
}

function costAhead(
  pieces: readonly PieceCost[],
  known: number,
  range: { readonly from: number; readonly to: number },
): Decimal {
  const { from, to } = wholeDaysToCome(known, range);
  return sumOf(pieces.flatMap(({ hour, amount }) => (hour >= from && hour < to ? [amount] : [])));
}
