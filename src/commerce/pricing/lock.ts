import type { Queryable } from '../../platform/index.ts';

/**
 * Lets one change of accounts or prices, or one run of rating, go on at a time, until the transaction
 * ends. To be taken before any row and the audit trail: rating sees the tree and the prices of one moment.
 */
export async function holdBilling(tx: Queryable): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(7322)');
}
