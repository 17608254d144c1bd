import type { Server } from '../../../src/server/index.ts';

/** What there is in tables, to see that it stays. */
export interface Kept {
  /** Of tables that no request of the operator here has any reason to change. */
  readonly hashes: Readonly<Record<string, string>>;
  /** Of tables to which well-meant requests may add rows. */
  readonly counts: Readonly<Record<string, number>>;
}

/** What the database has now, for a comparison later. */
export async function readKept({ pool }: Server['database']): Promise<Kept> {
  const hashes: Record<string, string> = {};
  for (const table of [
    'usage_hourly',
    'usage_daily',
    'reported_window',
    'signing_key',
    'authority_key',
    'principal',
    'client_credential',
    'user_account',
    'schema_migration',
    'registration_base',
    'received_window',
    'statement_key',
    'commerce_meter',
  ]) {
    const { rows } = await pool.query<{ hash: string }>(
      `select count(*) || ' ' || coalesce(md5(string_agg(t::text, ' ' order by t::text)), '') as hash from ${table} t`,
    );
    hashes[table] = rows[0]?.hash ?? '';
  }
  const counts: Record<string, number> = {};
  for (const table of [
    'subscription',
    'role_assignment',
    'offer',
    'plan',
    'acquired_plan',
    'directory_tenant',
    'meter',
    'usage_record',
    'record_identity',
    'quarantine',
    'audit_event',
    'long_operation',
    'commerce_subscription',
    'registration',
    'customer_mapping',
    'reporting_period',
    'billing_account',
    'account_term',
    'charge',
    'invoice',
    'invoice_line',
    'invoice_document',
    'payment',
    'ledger_entry',
    'ledger_posting',
    'price_list_version',
    'tax_rate',
    'webhook_endpoint',
  ]) {
    const { rows } = await pool.query<{ count: number }>(
      `select count(*)::int as count from ${table}`,
    );
    counts[table] = rows[0]?.count ?? 0;
  }
  return { hashes, counts };
}
