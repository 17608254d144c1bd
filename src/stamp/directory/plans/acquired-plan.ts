import { isGuid, type Brand, type Instant, type SubscriptionId } from '../../../kernel/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import type { PlanId, PlanName } from './plan.ts';

/** Names an acquisition within its subscription, as lower-case GUID text. */
export type AcquisitionId = Brand<string, 'AcquisitionId'>;

/** A plan that a subscription has. */
export interface AcquiredPlan {
  readonly acquisitionId: AcquisitionId;
  readonly plan: PlanName;
  readonly provisioningState: 'NotSpecified' | 'Accepted' | 'Failed' | 'Succeeded';
  readonly acquiredAt: Instant;
}

/** Reads a GUID in any case; undefined for anything else. */
export function parseAcquisitionId(text: string): AcquisitionId | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one place that makes the brand
  return isGuid(text) ? (text.toLowerCase() as AcquisitionId) : undefined;
}

interface AcquiredRow {
  readonly acquisition_id: AcquisitionId;
  readonly plan_key: PlanId;
  readonly resource_group: string;
  readonly name: string;
  readonly provisioning_state: AcquiredPlan['provisioningState'];
  readonly acquired_at: Instant;
}

/** The plans of a subscription, the oldest first; one of them when it is named. */
export async function listAcquiredPlans(
  db: Queryable,
  subscriptionId: SubscriptionId,
  acquisitionId?: AcquisitionId,
): Promise<AcquiredPlan[]> {
  const { rows } = await db.query<AcquiredRow>(
    `select a.acquisition_id, a.provisioning_state, a.acquired_at, plan.plan_key, plan.resource_group, plan.name
     from acquired_plan a join plan using (plan_key)
     where a.subscription_id = $1 and ($2::uuid is null or a.acquisition_id = $2)
     order by a.acquired_at, a.acquisition_id`,
    [subscriptionId, acquisitionId ?? null],
  );
  return rows.map((row) => ({
    acquisitionId: row.acquisition_id,
    plan: { planId: row.plan_key, resourceGroup: row.resource_group, name: row.name },
    provisioningState: row.provisioning_state,
    acquiredAt: row.acquired_at,
  }));
}

/** Gives a subscription plans at once: there is nobody to wait for, since quotas are not enforced here. */
export async function insertAcquiredPlans(
  db: Queryable,
  subscriptionId: SubscriptionId,
  plans: readonly PlanId[],
  now: Instant,
  acquisitionId?: AcquisitionId,
): Promise<void> {
  await db.query(
    `insert into acquired_plan (subscription_id, acquisition_id, plan_key, provisioning_state, acquired_at)
     select $1, coalesce($4::uuid, gen_random_uuid()), plan, 'Succeeded', $3 from unnest($2::uuid[]) as plan`,
    [subscriptionId, plans, now.toString(), acquisitionId ?? null],
  );
}

/** @returns whether the subscription had it */
export async function deleteAcquiredPlan(
  db: Queryable,
  subscriptionId: SubscriptionId,
  acquisitionId: AcquisitionId,
): Promise<boolean> {
  const { rowCount } = await db.query(
    'delete from acquired_plan where subscription_id = $1 and acquisition_id = $2',
    [subscriptionId, acquisitionId],
  );
  return rowCount === 1;
}
