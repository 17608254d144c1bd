import { randomUUID } from 'node:crypto';
import type { Queryable } from '../../platform/index.ts';
import type { AccountId } from '../accounts/index.ts';

/** An endpoint that wants to hear everything of an account: messages are kept only where somebody does. */
export async function hearOf(db: Queryable, accountId: AccountId): Promise<void> {
  await db.query(
    `insert into webhook_endpoint (endpoint_id, account_id, url, secret, event_types, state, description, created_at)
     values ($1, $2, 'https://localhost/', '\\x00', '{}', 'Enabled', '', 'epoch')`,
    [randomUUID(), accountId],
  );
}

/** What was told of an account, oldest first. */
export async function heardOf(
  db: Queryable,
  accountId: AccountId,
): Promise<{ readonly type: string; readonly data: Readonly<Record<string, unknown>> }[]> {
  const { rows } = await db.query<{ type: string; payload: string }>(
    `select type, payload from webhook_message where $1 = any(account_ids) order by occurred_at, type`,
    [accountId],
  );
  return rows.map(({ type, payload }) => {
    const { data }: { data: Readonly<Record<string, unknown>> } = JSON.parse(payload);
    return { type, data };
  });
}
