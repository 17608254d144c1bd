import type { Queryable } from '../../platform/index.ts';

/** The counter that changes whenever subscriptions, meters, principals or roles do. */
export async function readDirectoryVersion(db: Queryable): Promise<bigint> {
  const { rows } = await db.query<{ version: bigint }>('select version from directory_version');
  return rows[0]!.version;
}

/**
 * Waits for whoever changes the directory, and makes others wait until the transaction ends. Taken first of all by
 * those who write to the audit trail before they write a subscription: everybody else locks the counter first.
 */
export async function holdDirectoryVersion(tx: Queryable): Promise<void> {
  await tx.query('select from directory_version for no key update');
}
