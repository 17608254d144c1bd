import { percentOf, type Freshness, type Group } from '../../../analysis/index.ts';
import { Decimal, hourOf, sumOf } from '../../../kernel/index.ts';
import type { Tx } from '../../../platform/index.ts';
import type { AccountTree, PeriodBounds } from '../../accounts/index.ts';
import { dayOfPeriod } from '../forecast/days.ts';
import type { Forecast } from '../forecast/forecast.ts';
import type { PastForecast } from '../forecast/past-periods.ts';
import { forecastPeriod, periodQuestion } from '../forecast/present-period.ts';
import { costOf, topCosts, type PieceCost } from '../query/cost-store.ts';
import { readGround, type Ground } from '../query/ground.ts';
import { nameGroups } from '../query/names.ts';
import { freshnessOf, selectionOf } from '../query/read-costs.ts';
import type { Selection } from '../query/selection.ts';
import { settle } from '../query/settle.ts';
import type { CostAnalysisApi } from '../http/caller.ts';
import { readFrom } from '../reader.ts';
import type { Viewpoint } from '../viewpoint.ts';

const TOP = 5;
const TOP_BY = ['meter', 'resource', 'subscription'] as const;

/** A group with what it costs in the present period. */
export type TopGroup = Pick<Group, 'key' | 'name' | 'parent' | 'amount'>;

/** A billing period with what each of its days costs, as far as there are any: see {@link dayOfPeriod}. */
export interface PeriodTrend {
  readonly period: PeriodBounds;
  readonly amount: Decimal;
  readonly daily: readonly Decimal[];
}

/** What the first page shows of costs. */
export interface Overview {
  readonly current: PeriodTrend;
  readonly previous: PeriodTrend;
  /** Both on the same day: after so many complete days. */
  readonly compared: {
    readonly days: number;
    readonly current: Decimal;
    readonly previous: Decimal;
    /** Undefined: there was nothing. */
    readonly changePercent: string | undefined;
  };
  readonly forecast: Forecast | undefined;
  /** How the same method did on periods before. */
  readonly errors: readonly PastForecast[];
  readonly top: Readonly<Record<(typeof TOP_BY)[number], readonly TopGroup[]>>;
  readonly unpriced: number;
  readonly freshness: Freshness;
  /** Hours from the end of what is summed to the present hour; undefined while nothing is. */
  readonly hoursBehind: number | undefined;
}

/** Present and last period of an account by its own calendar, in one reading. */
export async function readOverview(
  { database, clock, namesOf }: Pick<CostAnalysisApi, 'database' | 'clock' | 'namesOf'>,
  tree: AccountTree,
  viewpoint: Viewpoint,
): Promise<Overview> {
  const question = periodQuestion(clock, viewpoint);
  const { present } = question;
  const [last = present] = question.before;
  return readFrom(
    database,
    viewpoint,
    (tx) => readGround(tx, viewpoint, question, { tree, namesOf }),
    async (tx, ground) => {
      const period = await forecastPeriod(tx, ground, question);
      const { total, unpriced, forecast, errors, days, known, pieces } = period;
      const selection = selectionOf(ground, { ...question, ...rangeOf(present) });
      const before = await costOf(tx, selectionOf(ground, { ...question, ...rangeOf(last) }));
      const current = trendOf(present, total, pieces, known);
      const previous = trendOf(last, before.total, pieces, known);
      const end = ground.summarizedTo;
      return {
        current,
        previous,
        top: await readTop(tx, ground, selection, total),
        unpriced,
        compared: compare(current, previous, days),
        forecast,
        errors,
        freshness: freshnessOf(ground),
        hoursBehind: end === undefined ? undefined : hourOf(clock.now()) - end,
      };
    },
  );
}

function rangeOf({ fromHour, toHour }: PeriodBounds): {
  readonly from: number;
  readonly to: number;
} {
  return { from: fromHour, to: toHour };
}

function trendOf(
  period: PeriodBounds,
  amount: Decimal,
  pieces: readonly PieceCost[],
  known: number,
): PeriodTrend {
  const { fromHour, toHour } = period;
  const last = dayOfPeriod(period, Math.min(toHour, Math.max(known, fromHour + 1)) - 1);
  const own = pieces.filter(({ hour }) => hour >= fromHour && hour < toHour);
  const days = own.map(({ hour }) => dayOfPeriod(period, hour));
  const parts = Array.from({ length: Math.max(last, ...days) + 1 }, () => Decimal.zero);
  for (const [at, piece] of own.entries()) {
    const day = days[at] ?? 0;
    parts[day] = (parts[day] ?? Decimal.zero).add(piece.amount);
  }
  return { period, amount, daily: settle(amount, parts) };
}

function compare(current: PeriodTrend, previous: PeriodTrend, days: number): Overview['compared'] {
  const [now, before] = [current, previous].map(({ daily }) => sumOf(daily.slice(0, days)));
  const [present, last] = [now ?? Decimal.zero, before ?? Decimal.zero];
  return {
    days,
    current: present,
    previous: last,
    changePercent: percentOf(present.subtract(last), last),
  };
}

async function readTop(
  tx: Tx,
  ground: Ground,
  selection: Selection,
  total: Decimal,
): Promise<Overview['top']> {
  const read = async (by: (typeof TOP_BY)[number]): Promise<readonly TopGroup[]> => {
    const groups = await topCosts(tx, ground, selection, { by, limit: TOP, total });
    const ids = groups.map(({ id }) => id);
    const names = await nameGroups(tx, by, ids, ground);
    return groups.map(({ id, amount }) => ({
      key: id,
      name: id,
      ...names.get(id),
      amount,
    }));
  };
  const meter = await read('meter');
  const resource = await read('resource');
  return { meter, resource, subscription: await read('subscription') };
}
