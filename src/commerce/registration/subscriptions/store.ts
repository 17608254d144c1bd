import type { DirectoryTenantId, Instant, SubscriptionId } from '../../../kernel/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import type { CommerceSubscription, CommerceSubscriptionKind } from './commerce-subscription.ts';

interface SubscriptionRow {
  readonly subscription_id: SubscriptionId;
  readonly display_name: string;
  readonly kind: CommerceSubscriptionKind;
  readonly partner_id: string | null;
  readonly tenant_id: DirectoryTenantId | null;
  readonly multitenancy_approved: boolean;
  readonly state: CommerceSubscription['state'];
  readonly created_at: Instant;
}

function fromRow(row: SubscriptionRow): CommerceSubscription {
  return {
    subscriptionId: row.subscription_id,
    displayName: row.display_name,
    kind: row.kind,
    partnerId: row.partner_id ?? undefined,
    tenantId: row.tenant_id ?? undefined,
    multitenancyApproved: row.multitenancy_approved,
    state: row.state,
    createdAt: row.created_at,
  };
}

export async function findCommerceSubscription(
  db: Queryable,
  subscriptionId: SubscriptionId,
): Promise<CommerceSubscription | undefined> {
  const { rows } = await db.query<SubscriptionRow>(
    'select * from commerce_subscription where subscription_id = $1',
    [subscriptionId],
  );
  return rows[0] && fromRow(rows[0]);
}

/** All of them, by name. */
export async function listCommerceSubscriptions(db: Queryable): Promise<CommerceSubscription[]> {
  const { rows } = await db.query<SubscriptionRow>(
    'select * from commerce_subscription order by lower(display_name), subscription_id',
  );
  return rows.map(fromRow);
}

/** Which subscriptions are on a page, by id. */
export interface SubscriptionPage {
  /** Only these; undefined for any. */
  readonly ids?: readonly SubscriptionId[] | undefined;
  /** Only those that come after. */
  readonly after?: SubscriptionId | undefined;
  readonly limit: number;
}

/** Some of them, by id. */
export async function listCommerceSubscriptionPage(
  db: Queryable,
  { ids, after, limit }: SubscriptionPage,
): Promise<CommerceSubscription[]> {
  const { rows } = await db.query<SubscriptionRow>(
    `select * from commerce_subscription
     where ($1::uuid[] is null or subscription_id = any($1)) and ($2::uuid is null or subscription_id > $2)
     order by subscription_id limit $3`,
    [ids ?? null, after ?? null, limit],
  );
  return rows.map(fromRow);
}

/** @returns false when the id is known already */
export async function insertCommerceSubscription(
  tx: Queryable,
  subscription: CommerceSubscription,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into commerce_subscription (subscription_id, display_name, kind, partner_id, tenant_id,
       multitenancy_approved, state, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (subscription_id) do nothing`,
    [
      subscription.subscriptionId,
      subscription.displayName,
      subscription.kind,
      subscription.partnerId ?? null,
      subscription.tenantId ?? null,
      subscription.multitenancyApproved,
      subscription.state,
      subscription.createdAt.toString(),
    ],
  );
  return rowCount === 1;
}

export async function updateCommerceSubscription(
  tx: Queryable,
  subscription: CommerceSubscription,
): Promise<void> {
  await tx.query(
    `update commerce_subscription
     set display_name = $2, tenant_id = $3, multitenancy_approved = $4, state = $5
     where subscription_id = $1`,
    [
      subscription.subscriptionId,
      subscription.displayName,
      subscription.tenantId ?? null,
      subscription.multitenancyApproved,
      subscription.state,
    ],
  );
}
