import { hourNumber } from '../../kernel/index.ts';
import type { Changing } from '../../identity/index.ts';
import type { Queryable } from '../../platform/index.ts';
import { salesOf, type AccountId } from '../accounts/index.ts';
import { readBillingContext, type BillingContext, type ItemCache } from './billing-context.ts';
import { digestOfPlan } from './plan.ts';
import { accountsToWait, orNote } from './problem-store.ts';
import { rerateBuyer, type RatingRoom, type ReratingReport } from './rerate.ts';
import { draftTimeline, hull, type PeriodHours } from './timelines.ts';

/** A period of a buyer in which something has no price because no price list or rate of exchange could be found. */
interface Unpriced extends PeriodHours {
  readonly accountId: AccountId;
  readonly customer: Parameters<typeof salesOf>[1];
  /** Of the plan that says why. */
  readonly digest: string;
}

/**
 * Tries again what had no price list or no rate of exchange. Where there is a remedy the periods are rated anew; where
 * there is none, nothing is done, and the charges say so until there is one. An account that fails is noted, and tried
 * again later.
 */
export async function rateUnpriced(
  room: RatingRoom,
  cache: ItemCache,
  changing: Changing,
): Promise<ReratingReport[]> {
  const { pool } = room.database;
  const unpriced = await listUnpriced(pool);
  if (unpriced.length === 0) return [];
  const context = await readBillingContext(pool, cache);
  const waiting = await accountsToWait(pool, room.clock.now());
  const reports: ReratingReport[] = [];
  const reason = 'prices that were missing are there';
  for (const [accountId, own] of Map.groupBy(unpriced, (one) => one.accountId)) {
    if (waiting.has(accountId)) continue;
    const outcome = await orNote(room, accountId, async () => {
      const remedied: PeriodHours[] = [];
      for (const one of own) if (await hasRemedy(context, one)) remedied.push(one);
      if (remedied.length === 0) return undefined;
      const request = { accountId, range: hull(remedied), reason };
      return rerateBuyer(room, cache, request, changing);
    });
    if ('done' in outcome && outcome.done !== undefined) reports.push(outcome.done);
  }
  return reports;
}

async function listUnpriced(db: Queryable): Promise<Unpriced[]> {
  const { rows } = await db.query<Unpriced>({
    name: 'rating-unpriced',
    // A charge without an amount is never invoiced, so the index of those that are not has all of them.
    text: `select p.account_id as "accountId", p.period, p.from_hour as "fromHour", p.to_hour as "toHour",
                  encode(plan.digest, 'hex') as digest, min(c.customer_subscription_id::text) as customer
           from charge c join billing_period p using (period) join price_plan plan using (plan)
           where (c.quantity <> c.invoiced_quantity or c.amount is distinct from c.invoiced_amount)
             and c.amount is null and c.quantity <> 0 and plan.problem is not null
           group by p.account_id, p.period, p.from_hour, p.to_hour, plan.digest
           order by p.account_id, p.from_hour`,
  });
  return rows;
}

/** Whether usage of the period would be rated by another plan now. */
async function hasRemedy(context: BillingContext, one: Unpriced): Promise<boolean> {
  const sales = salesOf(context.tree, one.customer);
  const sale = sales.find(({ buyer }) => buyer.accountId === one.accountId);
  if (sale === undefined) return false;
  const period = {
    period: one.period,
    fromHour: hourNumber(one.fromHour),
    toHour: hourNumber(one.toHour),
  };
  const { stretches } = await draftTimeline(context, sale, [period]);
  return !stretches.some(({ terms }) => digestOfPlan(terms) === one.digest);
}
