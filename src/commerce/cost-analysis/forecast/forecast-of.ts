import { Decimal, hourOf } from '../../../kernel/index.ts';
import type { Clock, Database, Queryable } from '../../../platform/index.ts';
import { readAccountTree, type AccountTree } from '../../accounts/index.ts';
import { questionOf, type CostScope, type CostSoFar } from '../cost-so-far.ts';
import { costsBy, costsByPiece, type PieceCost } from '../query/cost-store.ts';
import { readGround, type Ground } from '../query/ground.ts';
import { selectionOf, type CostQuestion } from '../query/read-costs.ts';
import { readFrom } from '../reader.ts';
import { forecast, type DailyCosts, type DayToCome } from './forecast.ts';

const HOURS_PER_DAY = 24;
/** Complete days that are looked at: thirteen weeks. */
export const LOOK_BACK_DAYS = 91;

/** What a range costs as far as it is known, and what it is expected to come to. */
export interface CostForecast extends CostSoFar {
  /** Hours since 1970, half open: the range that is forecast. */
  readonly from: number;
  readonly to: number;
  /** What all of it is expected to come to; undefined before the range begins and while there is too little to go by. */
  readonly forecast: Decimal | undefined;
  /** Between what it will be in four of five cases. */
  readonly low: Decimal | undefined;
  readonly high: Decimal | undefined;
}

/**
 * What the usage of from..to (exclusive, hours since 1970) will have cost by its end. What has been rated and summed is
 * known; the rest is forecast, as {@link forecast} says.
 *
 * @throws BillingAccountNotFound, InvalidProperty for a view or currency that the account does not have
 */
export async function forecastOf(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  scope: CostScope & { readonly from: number; readonly to: number },
  known?: AccountTree,
): Promise<CostForecast> {
  const { from, to } = scope;
  const now = hourOf(clock.now());
  const tree = known ?? (await readAccountTree(database.pool));
  const firstHour = Math.max(0, Math.min(from, now - LOOK_BACK_DAYS * HOURS_PER_DAY));
  const question = questionOf(tree, scope, { from: firstHour, to });
  const { currency } = question.viewpoint;
  return readFrom(
    database,
    question.viewpoint,
    (tx) => readGround(tx, question.viewpoint, question, tree),
    async (tx, ground) => {
      const own = selectionOf(ground, { ...question, from, to });
      const { total: amount, unpriced } = await costsBy(tx, ground, own, undefined);
      const { summarizedTo } = ground;
      const expected =
        summarizedTo === undefined || now < from
          ? undefined
          : forecast(
              amount,
              await pastCosts(tx, ground, question, LOOK_BACK_DAYS),
              daysToCome(summarizedTo, { from, to }),
            );
      return {
        amount,
        currency,
        unpriced,
        from,
        to,
        forecast: expected?.amount,
        low: expected?.low,
        high: expected?.high,
      };
    },
  );
}

/** What usage cost on the last complete days. */
export async function pastCosts(
  db: Queryable,
  ground: Ground,
  question: CostQuestion,
  days: number,
): Promise<DailyCosts> {
  const range = completeDays(ground, days);
  const selection = selectionOf(ground, { ...question, ...range });
  return dailyCosts(await costsByPiece(db, ground, selection), range);
}

/** The hours of the last days of which all is summed. */
export function completeDays(
  { summarizedTo }: Pick<Ground, 'summarizedTo'>,
  days: number,
): { readonly from: number; readonly to: number } {
  const end = Math.floor((summarizedTo ?? 0) / HOURS_PER_DAY);
  return { from: Math.max(0, end - days) * HOURS_PER_DAY, to: end * HOURS_PER_DAY };
}

/** Pieces as days: those of one day together. */
export function dailyCosts(
  pieces: readonly PieceCost[],
  { from, to }: { readonly from: number; readonly to: number },
): DailyCosts {
  const firstDay = from / HOURS_PER_DAY;
  const amounts = Array.from({ length: to / HOURS_PER_DAY - firstDay }, () => Decimal.zero);
  for (const { hour, amount } of pieces) {
    if (hour < from || hour >= to) continue;
    const at = Math.floor(hour / HOURS_PER_DAY) - firstDay;
    amounts[at] = (amounts[at] ?? Decimal.zero).add(amount);
  }
  return { firstDay, amounts };
}

/** The days of a range from the hour on of which nothing is known. */
export function daysToCome(
  known: number,
  { from, to }: { readonly from: number; readonly to: number },
): DayToCome[] {
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
