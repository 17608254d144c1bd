import type { Tx } from '../../platform/index.ts';
import {
  customersBelow,
  salesOf,
  type AccountId,
  type AccountTree,
  type Sale,
} from '../accounts/index.ts';
import { compareParts, noteAmounts } from './compare-store.ts';
import type { BillingContext } from './billing-context.ts';
import { gatherParts } from './part-store.ts';
import type { PlanNumbers } from './plan-store.ts';
import { DifferenceSums, pricedAnew } from './pricing-pass.ts';
import { ratedWindows } from './progress-store.ts';
import { cutSpans } from './spans.ts';
import { draftTimeline, finishTimeline, type DraftStretch, type PeriodHours } from './timelines.ts';

/** How periods of a buyer are found out anew. */
export interface Recomputing {
  readonly accountId: AccountId;
  readonly periods: readonly PeriodHours[];
  /** Numbers of plans: entered, or only imagined. */
  readonly numberPlans: (tx: Tx, stretches: readonly DraftStretch[]) => Promise<PlanNumbers>;
}

/**
 * Finds out anew, from the rows of the windows that have been rated, what the charges and lines of whole periods are, and
 * leaves it beside what is kept, as {@link compareParts} says. Nothing that is kept is changed.
 *
 * @returns by how much amounts differ, by period; undefined when the account buys nothing
 */
export async function recompute(
  tx: Tx,
  context: BillingContext,
  { accountId, periods, numberPlans }: Recomputing,
): Promise<DifferenceSums | undefined> {
  const customers = customersBelow(context.tree, accountId);
  const sale = saleTo(context.tree, accountId);
  if (sale === undefined) return undefined;
  const draft = await draftTimeline(context, sale, periods);
  const numbers = await numberPlans(tx, draft.stretches);
  const timeline = await finishTimeline(context, draft, numbers);
  const spans = customers.flatMap((customer) => cutSpans(customer, periods, [timeline]));
  const firstUsed = Math.min(...periods.map(({ fromHour }) => fromHour));
  const numbersOfPeriods = periods.map(({ period }) => period);
  await gatherParts(tx, { windows: await ratedWindows(tx, firstUsed), spans });
  await compareParts(tx, numbersOfPeriods);
  const sums = new DifferenceSums();
  const request = {
    source: 'rating_charge',
    periods: numbersOfPeriods,
    timelines: [timeline],
  } as const;
  for await (const changes of pricedAnew(tx, context, request)) {
    sums.add(changes);
    await noteAmounts(tx, changes);
  }
  return sums;
}

/** The sale by which an account buys; undefined when it buys nothing. */
export function saleTo(tree: AccountTree, accountId: AccountId): Sale | undefined {
  const [customer] = customersBelow(tree, accountId);
  if (customer === undefined) return undefined;
  return salesOf(tree, customer).find(({ buyer }) => buyer.accountId === accountId);
}
