import type { Clock, Queryable, Tx } from '../../platform/index.ts';
import { ensureSamplePriceList } from '../pricing/index.ts';
import { holdBilling } from '../pricing/index.ts';

/** What accounts have that nobody has said anything of, in the words of their columns. */
const DEFAULTS = `1 as billing_day, 'NextInvoice' as late_usage, 24 as wait_hours,
  3 as review_days, 30 as payment_days, gen_random_uuid() as etag, $1::timestamptz as created_at,
  $1::timestamptz as updated_at`;
const DEFAULT_COLUMNS =
  'currency, language, time_zone, billing_day, late_usage, wait_hours, review_days, payment_days, etag, created_at, updated_at';

/**
 * Makes the account of the provider, and one below it for each subscription of commerce that has none,
 * with the sample prices and the provider's currency, language and time zone. Nothing to do costs one statement. Not told to the audit trail: the subscriptions
 * are, and whoever rates must not hold the trail.
 *
 * @returns how many accounts were made
 */
export async function ensureBillingAccounts(tx: Tx, clock: Clock): Promise<number> {
  if (await isComplete(tx)) return 0;
  await holdBilling(tx);
  const now = clock.now().toString();
  const provider = await tx.query(
    `insert into billing_account (account_id, kind, name, series_prefix, ${DEFAULT_COLUMNS})
     select gen_random_uuid(), 'provider', 'Provider', 'INV', 'USD', 'en', 'UTC', ${DEFAULTS}
     where not exists (select from billing_account where kind = 'provider')`,
    [now],
  );
  await ensureSamplePriceList(tx, clock);
  const { rowCount } = await tx.query(
    `with made as (
       insert into billing_account (account_id, kind, parent_id, subscription_id, name, series_prefix, ${DEFAULT_COLUMNS})
       select gen_random_uuid(), 'customer', p.account_id, s.subscription_id, s.display_name, '', p.currency, p.language,
              p.time_zone, ${DEFAULTS}
       from commerce_subscription s join billing_account p on p.kind = 'provider'
       where not exists (select from billing_account a where a.subscription_id = s.subscription_id)
       returning account_id)
     insert into account_pricing (account_id, version, effective_from, price_list_id, created_at)
     select account_id, 1, 0, 'sample', $1 from made`,
    [now],
  );
  return (provider.rowCount ?? 0) + (rowCount ?? 0);
}

/** Whether every subscription has its account. */
async function isComplete(db: Queryable): Promise<boolean> {
  const { rows } = await db.query<{ complete: boolean }>(
    `select exists (select from billing_account where kind = 'provider')
        and not exists (select from commerce_subscription s
                        where not exists (select from billing_account a where a.subscription_id = s.subscription_id))
            as complete`,
  );
  return rows[0]?.complete === true;
}
