import { hourOf, type Decimal } from '../../../kernel/index.ts';
import type { Clock, Database, Queryable } from '../../../platform/index.ts';
import { readAccountTree, type AccountTree } from '../../accounts/index.ts';
import { questionOf, type CostScope, type CostSoFar } from '../cost-so-far.ts';
import { costOf, costsByPiece } from '../query/cost-store.ts';
import { readGround, type Ground } from '../query/ground.ts';
import { selectionOf, type CostQuestion } from '../query/read-costs.ts';
import { readFrom } from '../reader.ts';
import { dailyCosts, daysBefore, daysToCome, wholeDaysToCome } from './days.ts';
import { forecast, type DailyCosts } from './forecast.ts';

const HOURS_PER_DAY = 24;
/** Complete days that are looked at: thirteen weeks. */
const LOOK_BACK_DAYS = 91;

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
    (tx) => readGround(tx, question.viewpoint, question, { tree }),
    async (tx, ground) => {
      const own = selectionOf(ground, { ...question, from, to });
      const { total: amount, unpriced } = await costOf(tx, own);
      const { summarizedTo } = ground;
      const ahead = wholeDaysToCome(summarizedTo ?? from, { from, to });
      const expected =
        summarizedTo === undefined || now < from
          ? undefined
          : forecast(
              amount,
              await pastCosts(tx, ground, question, summarizedTo),
              daysToCome(summarizedTo, { from, to }),
              (await costOf(tx, selectionOf(ground, { ...question, ...ahead }))).total,
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
async function pastCosts(
  db: Queryable,
  ground: Ground,
  question: CostQuestion,
  known: number,
): Promise<DailyCosts> {
  const days = daysBefore(known, Math.max(0, known - LOOK_BACK_DAYS * HOURS_PER_DAY));
  return dailyCosts(await costsByPiece(db, selectionOf(ground, { ...question, ...days })), days);
}
