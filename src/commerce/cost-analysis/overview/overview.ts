import { percentOf, type Freshness } from '../../../analysis/index.ts';
import { Decimal, hourOf, sumOf } from '../../../kernel/index.ts';
import type { Clock, Database, Tx } from '../../../platform/index.ts';
import { periodBounds, type AccountTree, type PeriodBounds } from '../../accounts/index.ts';
import { completeDays, dailyCosts, daysToCome, LOOK_BACK_DAYS } from '../forecast/forecast-of.ts';
import { forecast, type Forecast } from '../forecast/forecast.ts';
import { periodsBefore } from '../forecast/past-periods.ts';
import { costsBy, costsByPiece, type PieceCost } from '../query/cost-store.ts';
import { readGround, type Ground } from '../query/ground.ts';
import { nameGroups } from '../query/keys.ts';
import { foldColumns, freshnessOf, selectionOf, type CostQuestion } from '../query/read-costs.ts';
import { spread } from '../query/settle.ts';
import { readFrom } from '../reader.ts';
import type { Viewpoint } from '../viewpoint.ts';

const HOURS_PER_DAY = 24;
const TOP = 5;
const TOP_BY = ['meter', 'resource', 'subscription'] as const;

/** A group with what it costs in the present period. */
export interface TopGroup {
  readonly key: string;
  readonly name: string;
  readonly amount: Decimal;
}

/** A billing period with what each of its UTC days costs, as far as there are any. */
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
  readonly top: Readonly<Record<(typeof TOP_BY)[number], readonly TopGroup[]>>;
  readonly unpriced: number;
  readonly freshness: Freshness;
  /** Hours from the end of what is summed to the present hour; undefined while nothing is. */
  readonly hoursBehind: number | undefined;
}

/** Present and last period of an account by its own calendar, in one reading. */
export async function readOverview(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  tree: AccountTree,
  viewpoint: Viewpoint,
): Promise<Overview> {
  const now = hourOf(clock.now());
  const present = periodBounds(viewpoint.account, now);
  const [last = present] = periodsBefore(viewpoint.account, present);
  const back = Math.floor(now / HOURS_PER_DAY) - LOOK_BACK_DAYS;
  const from = Math.max(0, Math.min(last.fromHour, back * HOURS_PER_DAY));
  const question = { viewpoint, filters: [], from, to: present.toHour };
  return readFrom(
    database,
    viewpoint,
    (tx) => readGround(tx, viewpoint, question, tree),
    async (tx, ground) => {
      const known = ground.summarizedTo ?? present.fromHour;
      const pieces = await costsByPiece(tx, ground, selectionOf(ground, question));
      const { top, total, unpriced } = await readTop(tx, ground, question, present);
      const before = selectionOf(ground, { ...question, ...rangeOf(last) });
      const current = trendOf(present, total, pieces, known);
      const previous = trendOf(
        last,
        (await costsBy(tx, ground, before, undefined)).total,
        pieces,
        known,
      );
      const past = dailyCosts(pieces, completeDays(ground, LOOK_BACK_DAYS));
      return {
        current,
        previous,
        top,
        unpriced,
        compared: compare(current, previous, completeDaysOf(present, known)),
        forecast: forecast(total, past, daysToCome(known, rangeOf(present))),
        freshness: freshnessOf(ground),
        hoursBehind: ground.summarizedTo === undefined ? undefined : now - ground.summarizedTo,
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

/** Days of a period of which everything is summed. */
function completeDaysOf({ fromHour }: PeriodBounds, known: number): number {
  return Math.max(0, Math.floor((known - fromHour) / HOURS_PER_DAY));
}

/** Costs by the 24 hours of the period, from its own beginning on: days in its time zone, but for summer time. */
function trendOf(
  period: PeriodBounds,
  amount: Decimal,
  pieces: readonly PieceCost[],
  known: number,
): PeriodTrend {
  const { fromHour, toHour } = period;
  const days = Math.ceil((Math.min(toHour, Math.max(known, fromHour)) - fromHour) / HOURS_PER_DAY);
  const parts = Array.from({ length: Math.max(1, days) }, () => Decimal.zero);
  for (const piece of pieces) {
    if (piece.hour < fromHour || piece.hour >= toHour) continue;
    const at = Math.min(parts.length - 1, Math.floor((piece.hour - fromHour) / HOURS_PER_DAY));
    parts[at] = (parts[at] ?? Decimal.zero).add(piece.amount);
  }
  return { period, amount, daily: spread(amount, parts) };
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
  question: CostQuestion,
  present: PeriodBounds,
): Promise<Pick<Overview, 'top' | 'unpriced'> & { readonly total: Decimal }> {
  const selection = selectionOf(ground, { ...question, ...rangeOf(present) });
  const found: Partial<Record<(typeof TOP_BY)[number], readonly TopGroup[]>> = {};
  let whole = { total: Decimal.zero, unpriced: 0 };
  for (const by of TOP_BY) {
    const { total, unpriced, groups } = await costsBy(tx, ground, selection, by);
    whole = { total, unpriced };
    const largest = foldColumns(groups, by, ground, total)
      .toSorted((a, b) => b.amount.compare(a.amount) || (a.key < b.key ? -1 : 1))
      .slice(0, TOP);
    const columns = largest.flatMap((group) => group.columns.at(-1) ?? []);
    const names = await nameGroups(tx, by, columns, ground);
    found[by] = largest.map(({ key, amount, columns: own }) => {
      const named = names.get(own.at(-1) ?? '');
      return { key: named?.key ?? key, name: named?.name ?? key, amount };
    });
  }
  const { meter = [], resource = [], subscription = [] } = found;
  return { ...whole, top: { meter, resource, subscription } };
}
