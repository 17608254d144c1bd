import type { Queryable } from '../../platform/index.ts';

/** The key of this database with which continued lists are signed. */
export async function readTokenKey(db: Queryable): Promise<Buffer> {
  const { rows } = await db.query<{ value: Buffer }>(
    `select value from signing_key where name = 'continuation-token'`,
  );
  return rows[0]!.value;
}
