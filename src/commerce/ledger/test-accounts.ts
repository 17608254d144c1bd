import { randomUUID } from 'node:crypto';
import type { Queryable } from '../../platform/index.ts';
import { parseAccountId, type AccountId } from '../accounts/index.ts';

export function testAccountId(): AccountId {
  return parseAccountId(randomUUID())!;
}

/** A provider and accounts below it, as rows alone: the ledger needs no more of them. */
export async function insertTestAccounts(
  db: Queryable,
  count: number,
): Promise<{ readonly provider: AccountId; readonly partners: readonly AccountId[] }> {
  const provider = testAccountId();
  const partners = Array.from({ length: count }, testAccountId);
  const insert = `insert into billing_account (account_id, kind, parent_id, name, series_prefix, currency, language,
      billing_day, time_zone, late_usage, wait_hours, review_days, payment_days, etag, created_at, updated_at)
    values ($1::uuid, $2, $3, $4, left($1::text, 8), 'EUR', 'en', 1, 'UTC', 'NextInvoice', 24, 3, 30, $1::uuid,
            'epoch', 'epoch')`;
  await db.query(insert, [provider, 'provider', null, 'provider']);
  for (const partner of partners) await db.query(insert, [partner, 'partner', provider, 'partner']);
  return { provider, partners };
}
