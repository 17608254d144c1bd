import type { Queryable } from '../../platform/index.ts';

/** The counter that changes whenever subscriptions, meters, principals or roles do. */
export async function readDirectoryVersion(db: Queryable): Promise<bigint> {
  const { rows } = await db.query<{ version: bigint }>('select version from directory_version');
  return rows[0]!.version;
}
