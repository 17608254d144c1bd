import type { SubscriptionId } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';

/** The default provider subscription of the stamp, below which all others are. */
export async function findRootSubscription(db: Queryable): Promise<SubscriptionId> {
  const { rows } = await db.query<{ id: SubscriptionId }>(
    `select subscription_id as id from subscription where delegated_provider_subscription_id is null`,
  );
  const [row] = rows;
  if (row === undefined) throw new Error('no stamp runs here, so there is no usage of one');
  return row.id;
}
