import { usageReachOf, withUsageReach } from '../../../stamp/usage-analysis/index.ts';
import type { EntitySet } from './set.ts';

/** Reads what the roles of the caller show of usage. */
export const readingUsage: EntitySet['reading'] = async (database, principal, work) => {
  const reach = await usageReachOf(database.pool, principal);
  return withUsageReach(database, reach, async (tx) => {
    if (reach.everywhere) return work(tx);
    const { rows } = await tx.query<{ id: string }>(
      'select subscription_id as id from analysis_names()',
    );
    return work(
      tx,
      rows.map(({ id }) => id),
    );
  });
};
