import { isJsonObject } from '../../../kernel/index.ts';
import type { Database, Queryable } from '../../../platform/index.ts';
import { newSigningKey, type SigningKey } from '../../../reporting/index.ts';

/** The key with which commerce signs activation keys, receipts and statements; made at its first use. */
export async function readStatementKey(
  database: Pick<Database, 'pool' | 'transaction'>,
): Promise<SigningKey> {
  const present = await findKey(database.pool);
  if (present !== undefined) return present;
  return database.transaction(async (tx) => {
    // Whoever comes second waits here, and then finds the key of the first.
    await tx.query('lock table statement_key in exclusive mode');
    const made = (await findKey(tx)) ?? newSigningKey();
    await tx.query(
      `insert into statement_key (kid, private_jwk, public_jwk, created_at) values ($1, $2, $3, now())
       on conflict (kid) do nothing`,
      [made.kid, JSON.stringify(made.privateJwk), JSON.stringify(made.publicJwk)],
    );
    return made;
  });
}

async function findKey(db: Queryable): Promise<SigningKey | undefined> {
  const { rows } = await db.query<{ kid: string; private_jwk: string; public_jwk: string }>(
    'select kid, private_jwk, public_jwk from statement_key order by created_at, kid limit 1',
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  return {
    kid: row.kid,
    privateJwk: readTexts(row.private_jwk),
    publicJwk: readTexts(row.public_jwk),
  };
}

function readTexts(text: string): Record<string, string> {
  const value: unknown = JSON.parse(text);
  const parts = isJsonObject(value) ? Object.entries(value) : [];
  return Object.fromEntries(parts.map(([name, part]) => [name, String(part)]));
}
