import type { Queryable } from './transaction.ts';

/** The key that signs what continues a list, made with the database. */
export async function readTokenKey(db: Queryable): Promise<Buffer> {
  const { rows } = await db.query<{ value: Buffer }>(
    `select value from signing_key where name = 'continuation-token'`,
  );
  return rows[0]!.value;
}
