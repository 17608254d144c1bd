import { fail } from '../../../kernel/index.ts';
import { appendAudit } from '../../../audit/index.ts';
import type { Changing } from '../../../identity/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import { findOfferById, readLocked } from '../offers/store.ts';
import { takesUsage } from '../subscriptions/state.ts';
import { lockSubscription } from '../subscriptions/store.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import {
  deleteAcquiredPlan,
  insertAcquiredPlans,
  listAcquiredPlans,
  type AcquiredPlan,
  type AcquisitionId,
} from './acquired-plan.ts';
import type { PlanName } from './plan.ts';

/**
 * Gives a subscription a plan, in the caller's transaction; the same once more changes nothing.
 *
 * @param anyPlan whether the plan need not be one of the offer, as for the operator
 * @returns whether it had not had it
 * @throws Conflict when the offer does not have the plan or gives no more of it, and for a subscription that is not active
 */
export async function acquirePlan(
  tx: Queryable,
  subscription: Subscription,
  acquisitionId: AcquisitionId,
  plan: PlanName,
  { anyPlan, ...changing }: Changing & { readonly anyPlan: boolean },
): Promise<boolean> {
  const { subscriptionId } = subscription;
  const now = (await lockSubscription(tx, subscriptionId)) ?? subscription;
  const { state } = now;
  const acquired = await listAcquiredPlans(tx, subscriptionId);
  const known = acquired.find((one) => one.acquisitionId === acquisitionId);
  if (known?.plan.planId === plan.planId) return false;
  if (known !== undefined) {
    throw fail('Conflict', { reason: `the acquisition ${acquisitionId} is of another plan` });
  }
  if (!takesUsage(state)) {
    throw fail('Conflict', { reason: `the subscription ${subscriptionId} is ${state}` });
  }
  if (!anyPlan) await requireOffered(tx, now, plan, acquired);
  const at = changing.clock.now();
  await insertAcquiredPlans(tx, subscriptionId, [plan.planId], at, acquisitionId);
  await tell(tx, 'write', subscription, acquisitionId, { plan: plan.name }, changing);
  return true;
}

async function requireOffered(
  tx: Queryable,
  { offerId }: Subscription,
  plan: PlanName,
  acquired: readonly AcquiredPlan[],
): Promise<void> {
  const known = offerId && (await findOfferById(tx, offerId));
  const offer = known && (await readLocked(tx, known));
  const addon = offer?.addonPlans.find((one) => one.plan.planId === plan.planId);
  if (addon === undefined) {
    throw fail('Conflict', { reason: `the plan ${plan.name} is no add-on plan of the offer` });
  }
  const had = acquired.filter((one) => one.plan.planId === plan.planId).length;
  if (had < addon.maxAcquisitionCount) return;
  const reason = `the offer gives the plan ${plan.name} ${addon.maxAcquisitionCount} times at most`;
  throw fail('Conflict', { reason });
}

/** Takes a plan away from a subscription, in the caller's transaction. @returns whether it had it */
export async function releasePlan(
  tx: Queryable,
  subscription: Subscription,
  acquisitionId: AcquisitionId,
  changing: Changing,
): Promise<boolean> {
  if (!(await deleteAcquiredPlan(tx, subscription.subscriptionId, acquisitionId))) return false;
  await tell(tx, 'delete', subscription, acquisitionId, {}, changing);
  return true;
}

async function tell(
  tx: Queryable,
  verb: 'write' | 'delete',
  { subscriptionId }: Subscription,
  acquisitionId: AcquisitionId,
  detail: Record<string, unknown>,
  { clock, actor }: Changing,
): Promise<void> {
  await appendAudit(tx, clock, {
    actor,
    action: `Microsoft.Subscriptions.Admin/subscriptions/acquiredPlans/${verb}`,
    target: `/subscriptions/${subscriptionId}`,
    detail: { acquisitionId, ...detail },
  });
}
