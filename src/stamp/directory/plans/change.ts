import { fail } from '../../../kernel/index.ts';
import { appendAudit } from '../../../audit/index.ts';
import type { Changing } from '../../../identity/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import { overtaken } from '../wire.ts';
import type { NewPlan, Plan } from './plan.ts';
import { deletePlan, findPlan, findUseOfPlan, insertPlan, updatePlan } from './store.ts';

/**
 * Makes a plan, in the caller's transaction.
 *
 * @throws Conflict when there is one of this name, in any resource group
 */
export async function addPlan(
  tx: Queryable,
  plan: NewPlan,
  { clock, actor }: Changing,
): Promise<Plan> {
  if (!(await insertPlan(tx, plan, clock.now()))) {
    throw fail('Conflict', { reason: `there is a plan ${plan.name} already` });
  }
  await tell(tx, plan, 'write', { created: true, ...detailOf(plan) }, { clock, actor });
  return (await findPlan(tx, plan.name))!;
}

/**
 * Writes a plan anew, all but its name and resource group, in the caller's transaction.
 *
 * @throws Conflict when it was removed meanwhile
 */
export async function changePlan(
  tx: Queryable,
  before: Plan,
  plan: NewPlan,
  changing: Changing,
): Promise<Plan> {
  await updatePlan(tx, before.planId, plan);
  const after = await findPlan(tx, before.name);
  if (after?.planId !== before.planId) throw overtaken();
  await tell(tx, before, 'write', { from: detailOf(before), to: detailOf(plan) }, changing);
  return after;
}

/**
 * Removes a plan, in the caller's transaction.
 *
 * @throws Conflict when an offer or a subscription has it, or it was removed meanwhile
 */
export async function removePlan(tx: Queryable, plan: Plan, changing: Changing): Promise<void> {
  const use = await findUseOfPlan(tx, plan.planId);
  if (use !== undefined) {
    throw fail('Conflict', {
      reason: `the plan ${plan.name} is part of an offer or a subscription`,
    });
  }
  if (!(await deletePlan(tx, plan.planId))) throw overtaken();
  await tell(tx, plan, 'delete', {}, changing);
}

function detailOf(plan: NewPlan): Record<string, unknown> {
  const { displayName, description, externalReferenceId, quotaIds } = plan;
  return { displayName, description, externalReferenceId, quotaIds };
}

async function tell(
  tx: Queryable,
  { resourceGroup, name }: Pick<NewPlan, 'resourceGroup' | 'name'>,
  verb: 'write' | 'delete',
  detail: Record<string, unknown>,
  { clock, actor }: Changing,
): Promise<void> {
  await appendAudit(tx, clock, {
    actor,
    action: `Microsoft.Subscriptions.Admin/plans/${verb}`,
    target: `/resourceGroups/${resourceGroup}/providers/Microsoft.Subscriptions.Admin/plans/${name}`,
    detail,
  });
}
