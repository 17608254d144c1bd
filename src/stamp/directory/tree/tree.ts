import type { SubscriptionId } from '../../../kernel/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import { takesUsage, type SubscriptionState } from '../subscriptions/state.ts';
import { fromRow, SELECT_SUBSCRIPTION, type SubscriptionRow } from '../subscriptions/store.ts';
import type { Subscription } from '../subscriptions/subscription.ts';

/** First key of the lock that holds the shape of the tree still: shared to add a leaf, alone to move or delete. */
const TREE_LOCK = 7305;

/** Leaves may be added at the same time, but nothing moves and no provider goes until the transaction ends. */
export async function holdTree(tx: Queryable): Promise<void> {
  await tx.query('select pg_advisory_xact_lock_shared($1, 0)', [TREE_LOCK]);
}

/** Nothing is added, moves or goes until the transaction ends: two moves together could close a circle. */
export async function holdTreeAlone(tx: Queryable): Promise<void> {
  await tx.query('select pg_advisory_xact_lock($1, 0)', [TREE_LOCK]);
}

/**
 * Holds the tree as a change of a subscription needs it, which depends on the state that is asked for: nobody is to come
 * below one that is about to be out of service. To be taken before anything is looked up, and once: who shares the tree
 * already could wait for ever for others who do.
 */
export async function holdTreeFor(
  tx: Queryable,
  state: SubscriptionState | undefined,
): Promise<void> {
  const leaves = state !== undefined && !takesUsage(state);
  await (leaves ? holdTreeAlone(tx) : holdTree(tx));
}

/** The providers above a subscription, the one that it stands under first, the default provider last. */
export async function providersAbove(db: Queryable, id: SubscriptionId): Promise<SubscriptionId[]> {
  const { rows } = await db.query<{ id: SubscriptionId }>(
    `with recursive above as (
       select delegated_provider_subscription_id as id, 1 as height from subscription where subscription_id = $1
       union all
       select s.delegated_provider_subscription_id, above.height + 1
       from subscription s join above on s.subscription_id = above.id
     ) select id from above where id is not null order by height`,
    [id],
  );
  return rows.map((row) => row.id);
}

/**
 * A subscription that stands under the provider: directly, or anywhere below it. Undefined for every other id,
 * whether or not there is such a subscription.
 */
export async function findBelow(
  db: Queryable,
  provider: SubscriptionId,
  id: SubscriptionId,
  includeIndirect: boolean,
): Promise<Subscription | undefined> {
  const { rows } = await db.query<SubscriptionRow>({
    name: 'subscription-find-below',
    text: `with recursive above as (
             select delegated_provider_subscription_id as id from subscription where subscription_id = $1
             union
             select s.delegated_provider_subscription_id from subscription s join above on s.subscription_id = above.id
             where $3
           ) ${SELECT_SUBSCRIPTION}
           where s.subscription_id = $1 and exists (select from above where id = $2)`,
    values: [id, provider, includeIndirect],
  });
  return rows[0] && fromRow(rows[0]);
}

/** Whether any subscription that is not deleted stands directly under this one. */
export async function hasSubscriptionsBelow(db: Queryable, id: SubscriptionId): Promise<boolean> {
  const { rows } = await db.query(
    `select from subscription where delegated_provider_subscription_id = $1 and state <> 'Deleted' limit 1`,
    [id],
  );
  return rows.length > 0;
}
