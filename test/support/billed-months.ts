import { SYSTEM } from '../../src/audit/index.ts';
import {
  ensureBillingAccounts,
  putAccount,
  readAccountTree,
  type AccountId,
} from '../../src/commerce/accounts/index.ts';
import { ensureSamplePriceList, ensureTaxTable } from '../../src/commerce/pricing/index.ts';
import { ensureCommerceMeters } from '../../src/commerce/reported-usage/index.ts';
import { hourOf } from '../../src/kernel/index.ts';
import type { Clock, Database, Tx } from '../../src/platform/index.ts';

/** How much there is to invoice. */
export interface BilledMonths {
  /** Accounts, with a month each. */
  readonly count: number;
  /** Paid meters, and subscriptions of the stamp: their product is the lines of an invoice. */
  readonly meters: number;
  readonly subscriptions: number;
  /** Resources below each line. */
  readonly resources: number;
}

/**
 * Accounts with a month each in review, stated as rating would have left it, ledger and all: for what works on many
 * invoices and not on how they come about.
 */
export async function addBilledMonths(
  database: Database,
  clock: Clock,
  { count, meters, subscriptions, resources }: BilledMonths,
): Promise<{ readonly accountId: AccountId; readonly period: number }[]> {
  return database.transaction(async (tx) => {
    await ensureCommerceMeters(tx, clock);
    await ensureSamplePriceList(tx, clock);
    await ensureTaxTable(tx, clock);
    await tx.query(
      `insert into commerce_subscription (subscription_id, display_name, kind, created_at)
       select gen_random_uuid(), 'customer ' || i, 'PayAsYouGo', now() from generate_series(1, $1::int) as i`,
      [count],
    );
    await ensureBillingAccounts(tx, clock);
    const { root } = await readAccountTree(tx);
    const seller = {
      accountId: root.accountId,
      name: 'Provider',
      registrationId: '1',
      country: 'FR',
    };
    await putAccount(tx, seller, { clock, actor: SYSTEM });
    await tx.query(
      `update billing_account set country = 'FR', city = 'Paris' where kind = 'customer'`,
    );
    const { rows: plans } = await tx.query<{ plan: number }>(
      `insert into price_plan (price_list_id, price_list_version, effective_from, factor, exchange_rate, chain, digest)
       values ('sample', 1, 0, 1, 1, '[]', '\\x00') returning plan`,
    );
    const to = hourOf(clock.now()) - 48;
    await tx.query(
      `insert into billing_period (account_id, name, from_hour, to_hour, time_zone, state, review_started_at)
       select account_id, 'bench', $1::int - 720, $1, 'UTC', 'InReview', now() from billing_account where kind = 'customer'`,
      [to],
    );
    await tx.query(
      `insert into charge (account_id, period, plan, customer_subscription_id, subscription_id, meter, billable, quantity, amount)
       select a.account_id, p.period, $1, a.subscription_id,
              ('00000000-0000-4000-8000-' || lpad(s::text, 12, '0'))::uuid, m.meter, true, m.meter * 100 + s + 0.123456,
              (m.meter * 100 + s + 0.123456) * 0.046
       from billing_account a join billing_period p using (account_id)
       cross join generate_series(1, $2::int) as s
       cross join (select meter from commerce_meter where paid order by meter limit $3) m
       where a.kind = 'customer'`,
      [plans[0]?.plan, subscriptions, meters],
    );
    const used = { day: Math.floor(to / 24) - 3, resources };
    await tx.query(
      `insert into rated_line (account_id, charge, usage_day, resource_key, quantity, rows, first_reported, last_reported)
       select account_id, charge, $1, md5(r || ' ' || subscription_id)::uuid, quantity / $2, 24, $1 * 24, $1 * 24 + 23
       from charge cross join generate_series(1, $2::int) as r`,
      [used.day, used.resources],
    );
    await tx.query(
      `insert into reported_resource (customer_subscription_id, resource_key, subscription_id, resource_uri, location, tags,
                                      additional_info)
       select distinct on (1, 2) c.customer_subscription_id, l.resource_key, c.subscription_id,
              '/subscriptions/' || c.subscription_id || '/resourceGroups/group/providers/Microsoft.Compute/virtualMachines/m' || l.resource_key,
              'local', '', ''
       from rated_line l join charge c using (charge)`,
    );
    await postAsRated(tx, root.accountId);
    await tx.query('analyze');
    const { rows } = await tx.query<{ accountId: AccountId; period: number }>(
      'select account_id as "accountId", period from billing_period',
    );
    return rows;
  });
}

/** The ledger entry of the rating, so that the books are whole. */
async function postAsRated(tx: Tx, book: AccountId): Promise<void> {
  await tx.query(
    `with booked as (
       insert into ledger_entry (book, kind, reference, occurred_at)
       select $1, 'usage', 'bench', now() returning entry),
     sums as (select account_id, sum(amount) as amount from charge group by account_id)
     insert into ledger_posting (entry, posting, account, party, currency, amount)
     select entry, row_number() over (), side.account, account_id, 'USD', side.sign * amount
     from booked cross join sums
     cross join (values ('unbilled', 1), ('revenue', -1)) as side (account, sign)`,
    [book],
  );
}
