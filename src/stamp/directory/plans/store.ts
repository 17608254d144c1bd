import type { Instant } from '../../../kernel/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import type { NewPlan, Plan, PlanId } from './plan.ts';

interface PlanRow {
  readonly plan_key: PlanId;
  readonly resource_group: string;
  readonly name: string;
  readonly display_name: string;
  readonly description: string;
  readonly external_reference_id: string;
  readonly location: string | null;
  readonly quota_ids: string[];
  readonly created_at: Instant;
  readonly subscription_count: number;
}

function fromRow(row: PlanRow): Plan {
  return {
    planId: row.plan_key,
    resourceGroup: row.resource_group,
    name: row.name,
    displayName: row.display_name,
    description: row.description,
    externalReferenceId: row.external_reference_id,
    location: row.location ?? undefined,
    quotaIds: row.quota_ids,
    subscriptionCount: row.subscription_count,
    createdAt: row.created_at,
  };
}

const SELECT = `
  select plan.*, (select count(distinct a.subscription_id)::int from acquired_plan a join subscription s using (subscription_id)
                  where a.plan_key = plan.plan_key and s.state <> 'Deleted') as subscription_count
  from plan`;

/** Plans by name; of one resource group when it is named, in any case. */
export async function listPlans(db: Queryable, resourceGroup?: string): Promise<Plan[]> {
  const { rows } = await db.query<PlanRow>(
    `${SELECT} where $1::text is null or lower(resource_group) = lower($1) order by lower(name)`,
    [resourceGroup ?? null],
  );
  return rows.map(fromRow);
}

/** The plan of this name, in any case: names are unique on the whole stamp. */
export async function findPlan(db: Queryable, name: string): Promise<Plan | undefined> {
  const { rows } = await db.query<PlanRow>(`${SELECT} where lower(name) = lower($1)`, [name]);
  return rows[0] && fromRow(rows[0]);
}

/** The plans of these names, in any case and in the same order; undefined where there is none. */
export async function findPlanIds(
  db: Queryable,
  names: readonly string[],
): Promise<(PlanId | undefined)[]> {
  const { rows } = await db.query<{ plan_key: PlanId | null }>(
    `select plan_key from unnest($1::text[]) with ordinality as given (name, position)
     left join plan on lower(plan.name) = lower(given.name) order by position`,
    [names],
  );
  return rows.map((row) => row.plan_key ?? undefined);
}

/** Writes a new plan, unless there is one of this name. @returns whether it was written */
export async function insertPlan(db: Queryable, plan: NewPlan, now: Instant): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into plan (resource_group, name, display_name, description, external_reference_id, location, quota_ids, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`,
    [...valuesOf(plan), now.toString()],
  );
  return rowCount === 1;
}

/** Writes all but the name and the resource group of a plan anew. */
export async function updatePlan(db: Queryable, planId: PlanId, plan: NewPlan): Promise<void> {
  const [, , ...values] = valuesOf(plan);
  await db.query(
    `update plan set display_name = $2, description = $3, external_reference_id = $4, location = $5, quota_ids = $6
     where plan_key = $1`,
    [planId, ...values],
  );
}

function valuesOf(plan: NewPlan): unknown[] {
  return [
    plan.resourceGroup,
    plan.name,
    plan.displayName,
    plan.description,
    plan.externalReferenceId,
    plan.location ?? null,
    plan.quotaIds,
  ];
}

/** What still needs the plan; undefined when nothing does. Deleted subscriptions need it no more. */
export async function findUseOfPlan(
  db: Queryable,
  planId: PlanId,
): Promise<'offer' | 'subscription' | undefined> {
  const { rows } = await db.query<{ kind: 'offer' | 'subscription' }>(
    `(select 'offer' as kind from offer_plan where plan_key = $1 limit 1)
     union all (select 'subscription' from acquired_plan join subscription using (subscription_id)
                where plan_key = $1 and state <> 'Deleted' limit 1)`,
    [planId],
  );
  return rows[0]?.kind;
}

/** To be asked for only when no living subscription needs the plan: the database refuses otherwise. @returns whether it was there */
export async function deletePlan(db: Queryable, planId: PlanId): Promise<boolean> {
  await db.query(
    `delete from acquired_plan using subscription
     where plan_key = $1 and subscription.subscription_id = acquired_plan.subscription_id and state = 'Deleted'`,
    [planId],
  );
  const { rowCount } = await db.query('delete from plan where plan_key = $1', [planId]);
  return rowCount === 1;
}
