import type { DirectoryTenantId, Instant, SubscriptionId } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import type {
  DirectoryTenant,
  Offer,
  Subscription,
  SubscriptionOrigin,
  SubscriptionState,
} from './subscription.ts';

interface SubscriptionRow {
  readonly subscription_id: SubscriptionId;
  readonly display_name: string;
  readonly owner: string;
  readonly tenant_id: DirectoryTenantId;
  readonly delegated_provider_subscription_id: SubscriptionId | null;
  readonly offer_id: string | null;
  readonly routing_resource_manager_type: 'Default' | 'Admin';
  readonly state: SubscriptionState;
  readonly origin: SubscriptionOrigin;
  readonly created_at: Instant;
}

function fromRow(row: SubscriptionRow): Subscription {
  return {
    subscriptionId: row.subscription_id,
    displayName: row.display_name,
    owner: row.owner,
    tenantId: row.tenant_id,
    delegatedProviderSubscriptionId: row.delegated_provider_subscription_id ?? undefined,
    offerId: row.offer_id ?? undefined,
    routingResourceManagerType: row.routing_resource_manager_type,
    state: row.state,
    origin: row.origin,
    createdAt: row.created_at,
  };
}

/** The root of the tree of providers, made when the stamp is set up. */
export async function findDefaultProviderSubscription(
  db: Queryable,
): Promise<Subscription | undefined> {
  const { rows } = await db.query<SubscriptionRow>(
    'select * from subscription where delegated_provider_subscription_id is null',
  );
  return rows[0] && fromRow(rows[0]);
}

export async function findSubscription(
  db: Queryable,
  id: SubscriptionId,
): Promise<Subscription | undefined> {
  const { rows } = await db.query<SubscriptionRow>({
    name: 'subscription-find',
    text: 'select * from subscription where subscription_id = $1',
    values: [id],
  });
  return rows[0] && fromRow(rows[0]);
}

/** All subscriptions, or those made directly under `provider`, by id. */
export async function listSubscriptions(
  db: Queryable,
  filter: { provider?: SubscriptionId } = {},
): Promise<Subscription[]> {
  const { rows } = await db.query<SubscriptionRow>(
    `select * from subscription
     where $1::uuid is null or delegated_provider_subscription_id = $1
     order by subscription_id`,
    [filter.provider ?? null],
  );
  return rows.map(fromRow);
}

/** Creates the subscription, or does nothing when its id is known. @returns whether it was created */
export async function insertSubscription(
  db: Queryable,
  subscription: Subscription,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into subscription (subscription_id, display_name, owner, tenant_id, delegated_provider_subscription_id,
       offer_id, routing_resource_manager_type, state, origin, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (subscription_id) do nothing`,
    [
      subscription.subscriptionId,
      subscription.displayName,
      subscription.owner,
      subscription.tenantId,
      subscription.delegatedProviderSubscriptionId ?? null,
      subscription.offerId ?? null,
      subscription.routingResourceManagerType,
      subscription.state,
      subscription.origin,
      subscription.createdAt.toString(),
    ],
  );
  return rowCount === 1;
}

/** @returns false when there is no such subscription */
export async function setSubscriptionState(
  db: Queryable,
  id: SubscriptionId,
  state: SubscriptionState,
): Promise<boolean> {
  const { rowCount } = await db.query(
    'update subscription set state = $2 where subscription_id = $1',
    [id, state],
  );
  return rowCount === 1;
}

/** Makes the directory tenant, or does nothing when its id is known, whatever its name is by now. */
export async function ensureDirectoryTenant(db: Queryable, tenant: DirectoryTenant): Promise<void> {
  await db.query(
    'insert into directory_tenant (tenant_id, name) values ($1, $2) on conflict (tenant_id) do nothing',
    [tenant.tenantId, tenant.name],
  );
}

export async function upsertDirectoryTenant(db: Queryable, tenant: DirectoryTenant): Promise<void> {
  await db.query(
    `insert into directory_tenant (tenant_id, name) values ($1, $2)
     on conflict (tenant_id) do update set name = excluded.name`,
    [tenant.tenantId, tenant.name],
  );
}

export async function upsertOffer(db: Queryable, offer: Offer): Promise<void> {
  await db.query(
    `insert into offer (offer_id, display_name, state) values ($1, $2, $3)
     on conflict (offer_id) do update set display_name = excluded.display_name, state = excluded.state`,
    [offer.offerId, offer.displayName, offer.state],
  );
}

/** Id and state of each subscription: all that the intake needs to know of it. */
export async function listSubscriptionStates(
  db: Queryable,
): Promise<{ subscriptionId: SubscriptionId; state: SubscriptionState }[]> {
  const { rows } = await db.query<{ subscription_id: SubscriptionId; state: SubscriptionState }>(
    'select subscription_id, state from subscription',
  );
  return rows.map((row) => ({ subscriptionId: row.subscription_id, state: row.state }));
}

/** The counter that changes whenever subscriptions, meters, clients or roles do. */
export async function readDirectoryVersion(db: Queryable): Promise<bigint> {
  const { rows } = await db.query<{ version: bigint }>('select version from directory_version');
  return rows[0]!.version;
}
