import type {
  DirectoryTenantId,
  Instant,
  PrincipalId,
  SubscriptionId,
} from '../../../kernel/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import type { OfferId } from '../offers/offer.ts';
import type { SubscriptionState } from './state.ts';
import type { Subscription, SubscriptionOrigin } from './subscription.ts';

/** A subscription as {@link SELECT_SUBSCRIPTION} gives it. */
export interface SubscriptionRow {
  readonly subscription_id: SubscriptionId;
  readonly display_name: string;
  readonly owner: string;
  readonly owner_principal_id: PrincipalId | null;
  readonly tenant_id: DirectoryTenantId;
  readonly delegated_provider_subscription_id: SubscriptionId | null;
  readonly offer_key: OfferId | null;
  readonly offer_name: string | null;
  readonly offer_resource_group: string | null;
  readonly offer_provider: SubscriptionId | null;
  readonly offer_of_default: boolean | null;
  readonly routing_resource_manager_type: 'Default' | 'Admin';
  readonly state: SubscriptionState;
  readonly external_reference_id: string | null;
  readonly origin: SubscriptionOrigin;
  readonly created_at: Instant;
}

/** Subscriptions `s` with the names of their offers. */
export const SELECT_SUBSCRIPTION = `
  select s.*, o.name as offer_name, o.resource_group as offer_resource_group,
         o.provider_subscription_id as offer_provider,
         p.delegated_provider_subscription_id is null as offer_of_default
  from subscription s
  left join offer o on o.offer_key = s.offer_key
  left join subscription p on p.subscription_id = o.provider_subscription_id`;

export function fromRow(row: SubscriptionRow): Subscription {
  return {
    subscriptionId: row.subscription_id,
    displayName: row.display_name,
    owner: row.owner,
    ownerPrincipalId: row.owner_principal_id ?? undefined,
    tenantId: row.tenant_id,
    delegatedProviderSubscriptionId: row.delegated_provider_subscription_id ?? undefined,
    offerId: row.offer_key ?? undefined,
    offer:
      row.offer_name === null || row.offer_provider === null
        ? undefined
        : {
            providerSubscriptionId: row.offer_provider,
            ofDefaultProvider: row.offer_of_default === true,
            resourceGroup: row.offer_resource_group ?? '',
            name: row.offer_name,
          },
    routingResourceManagerType: row.routing_resource_manager_type,
    state: row.state,
    externalReferenceId: row.external_reference_id ?? undefined,
    origin: row.origin,
    createdAt: row.created_at,
  };
}

/** The root of the tree of providers, made when the stamp is set up. */
export async function findDefaultProviderSubscription(
  db: Queryable,
): Promise<Subscription | undefined> {
  const { rows } = await db.query<SubscriptionRow>(
    `${SELECT_SUBSCRIPTION} where s.delegated_provider_subscription_id is null`,
  );
  return rows[0] && fromRow(rows[0]);
}

export async function findSubscription(
  db: Queryable,
  id: SubscriptionId,
): Promise<Subscription | undefined> {
  const { rows } = await db.query<SubscriptionRow>({
    name: 'subscription-find',
    text: `${SELECT_SUBSCRIPTION} where s.subscription_id = $1`,
    values: [id],
  });
  return rows[0] && fromRow(rows[0]);
}

/** The subscription, which nobody else changes until the transaction ends. */
export async function lockSubscription(
  tx: Queryable,
  id: SubscriptionId,
): Promise<Subscription | undefined> {
  await tx.query('select from subscription where subscription_id = $1 for no key update', [id]);
  return findSubscription(tx, id);
}

/** All subscriptions, by id. */
export async function listSubscriptions(db: Queryable): Promise<Subscription[]> {
  const { rows } = await db.query<SubscriptionRow>(
    `${SELECT_SUBSCRIPTION} order by s.subscription_id`,
  );
  return rows.map(fromRow);
}

/** Writes the subscription as it is, or does nothing when its id is known. @returns whether it was written */
export async function insertSubscription(
  db: Queryable,
  subscription: Subscription,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `insert into subscription (subscription_id, display_name, owner, owner_principal_id, tenant_id,
       delegated_provider_subscription_id, offer_key, routing_resource_manager_type, state, external_reference_id,
       origin, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict (subscription_id) do nothing`,
    [
      subscription.subscriptionId,
      subscription.displayName,
      subscription.owner,
      subscription.ownerPrincipalId ?? null,
      subscription.tenantId,
      subscription.delegatedProviderSubscriptionId ?? null,
      subscription.offerId ?? null,
      subscription.routingResourceManagerType,
      subscription.state,
      subscription.externalReferenceId ?? null,
      subscription.origin,
      subscription.createdAt.toString(),
    ],
  );
  return rowCount === 1;
}

/** What of a subscription may change; its provider and offer change together. */
export async function updateSubscription(db: Queryable, subscription: Subscription): Promise<void> {
  await db.query(
    `update subscription set display_name = $2, owner = $3, owner_principal_id = $4, state = $5,
       external_reference_id = $6, delegated_provider_subscription_id = $7, offer_key = $8
     where subscription_id = $1`,
    [
      subscription.subscriptionId,
      subscription.displayName,
      subscription.owner,
      subscription.ownerPrincipalId ?? null,
      subscription.state,
      subscription.externalReferenceId ?? null,
      subscription.delegatedProviderSubscriptionId ?? null,
      subscription.offerId ?? null,
    ],
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

/** Names of these subscriptions; of those that there are. */
export async function readDisplayNames(
  db: Queryable,
  subscriptions: readonly SubscriptionId[],
): Promise<Map<SubscriptionId, string>> {
  const { rows } = await db.query<{ id: SubscriptionId; name: string }>(
    'select subscription_id as id, display_name as name from subscription where subscription_id = any($1::uuid[])',
    [subscriptions],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}
