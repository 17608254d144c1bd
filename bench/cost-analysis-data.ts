import { hash, randomUUID } from 'node:crypto';
import { ensureBillingAccounts } from '../src/commerce/accounts/index.ts';
import { ensureCommerceMeters } from '../src/commerce/reported-usage/index.ts';
import { parseCurrency } from '../src/kernel/index.ts';
import { systemClock, type Database } from '../src/platform/index.ts';

/**
 * Rated lines as months of usage leave them: four of five customers buy from the provider, the others from a partner that
 * buys from the provider, so that five of six lines are in sales of the provider.
 */
export interface RatedShape {
  /** Calendar months, and with them billing periods; the last is the present one, to its 23rd. */
  readonly firstMonth: string;
  readonly months: number;
  readonly resources: number;
}

const CUSTOMERS = 100;
const SUBSCRIPTIONS = 500;
/** Meters that each resource has a line of on each day. */
const METERS = 10;
/** Lines of a day, meter and resource: 1 where the provider sells to its user, 2 where the partner does. */
const SALES = 1.2;
/** Customers of the partner: one of so many. */
const OF_PARTNER = 5;

const FIRST_MONTH = '2026-08-01';
const MONTHS = 4;
const DAYS = 31 + 30 + 31 + 23;

export function ratedSubscription(index: number): string {
  return `aaaaaaaa-0000-4000-8000-${String(index).padStart(12, '0')}`;
}

/** The shape that has about so many lines. */
export function shapeOf(lines: number): RatedShape {
  const resources = Math.max(500, Math.round(lines / (SALES * METERS * DAYS)));
  return { firstMonth: FIRST_MONTH, months: MONTHS, resources };
}

/** @returns the account of the partner */
export async function prepareRated(database: Database, shape: RatedShape): Promise<string> {
  const partner = randomUUID();
  await prepareAccounts(database, partner);
  await prepareResources(database, shape);
  await writeCharges(database, shape, partner);
  await database.pool.query('analyze');
  return partner;
}

async function prepareAccounts(database: Database, partner: string): Promise<void> {
  await database.transaction(async (tx) => {
    await ensureCommerceMeters(tx, systemClock);
    await tx.query(
      `insert into commerce_subscription (subscription_id, display_name, kind, created_at)
       select ('cccccccc-0000-4000-8000-' || lpad(i::text, 12, '0'))::uuid, 'customer ' || i, 'PayAsYouGo', now()
       from generate_series(0, $1::int - 1) as i`,
      [CUSTOMERS],
    );
    await ensureBillingAccounts(tx, systemClock);
    await tx.query(
      `insert into billing_account (account_id, kind, parent_id, name, series_prefix, currency, language, billing_day,
         time_zone, late_usage, wait_hours, review_days, payment_days, etag, created_at, updated_at)
       select $1, 'partner', account_id, 'partner', 'PA', $2, 'en', 1, 'UTC', 'NextInvoice', 24, 3, 30, $1, now(), now()
       from billing_account where kind = 'provider'`,
      [partner, parseCurrency('USD')],
    );
    await tx.query(
      `update billing_account a set billing_day = 1, time_zone = 'UTC',
         parent_id = case when right(a.subscription_id::text, 6)::int % ${OF_PARTNER} = 0 then $1::uuid else a.parent_id end
       where kind = 'customer'`,
      [partner],
    );
    await tx.query(
      `insert into registration (registration_id, subscription_id, resource_group, name, cloud_id, billing_model,
         usage_reporting, marketplace_syndication, principal_id, state, etag, created_at, updated_at)
       select gen_random_uuid(), subscription_id, 'azurestack', 'bench', gen_random_uuid(), 'PayAsYouUse', true, true,
              gen_random_uuid(), 'Active', gen_random_uuid(), now(), now()
       from commerce_subscription order by subscription_id limit 1`,
    );
  });
}

/** Five groups a subscription, each of one of three environments; subscriptions of fifty teams, in two locations. */
async function prepareResources({ pool }: Database, { resources }: RatedShape): Promise<void> {
  await pool.query(
    `create table bench_resource as
     select i, md5('rated' || i)::uuid as key, i % ${SUBSCRIPTIONS} as subscription,
            ('aaaaaaaa-0000-4000-8000-' || lpad((i % ${SUBSCRIPTIONS})::text, 12, '0'))::uuid as subscription_id,
            ('cccccccc-0000-4000-8000-' || lpad((i % ${CUSTOMERS})::text, 12, '0'))::uuid as customer
     from generate_series(0, $1::int - 1) as i`,
    [resources],
  );
  await pool.query(
    `insert into reported_resource
     select customer, key, subscription_id, '/subscriptions/' || subscription_id || '/resourceGroups/group' || (i / ${SUBSCRIPTIONS}) % 5
              || '/providers/Microsoft.Compute/virtualMachines/machine' || i,
            case when subscription % 7 = 0 then 'west' else 'local' end,
            '{"environment":"' || (array['production','test','development'])[1 + (i / ${SUBSCRIPTIONS}) % 5 % 3] || '","team":"team' || subscription % 50 || '"}', ''
     from bench_resource`,
  );
}

/** Charges of all sales and periods, and their lines, with prices of which every other has no end. */
async function writeCharges(
  database: Database,
  { firstMonth, months }: RatedShape,
  partner: string,
): Promise<void> {
  const { pool } = database;
  const plan = hash('sha256', 'bench', 'buffer');
  await pool.query(
    `insert into price_plan (problem, effective_from, factor, exchange_rate, chain, digest) values ('bench', 0, 1, 1, '[]', $1)`,
    [plan],
  );
  await pool.query(
    `insert into billing_period (account_id, name, from_hour, to_hour, time_zone)
     select a.account_id, to_char(first, 'YYYYMM') || '-1', (first - date '1970-01-01') * 24,
            ((first + interval '1 month')::date - date '1970-01-01') * 24, 'UTC'
     from billing_account a, generate_series(0, $2::int - 1) as month,
          lateral (select ($1::date + month * interval '1 month')::date as first) as m
     where a.kind in ('customer', 'partner') order by 3, 1`,
    [firstMonth, months],
  );
  const { rows: periods } = await pool.query<{ from: number; days: number }>(
    `select distinct from_hour as from, case when to_hour = max(to_hour) over () then 23 else (to_hour - from_hour) / 24 end as days
     from billing_period order by 1`,
  );
  for (const { from, days } of periods) {
    await writeMonth(database, { from, days, partner });
  }
  await pool.query(
    `insert into rating_progress (registration_number, last_window)
     select registration_number, $1::int - 1 from registration`,
    [(periods.at(-1)?.from ?? 0) + 23 * 24],
  );
}

async function writeMonth(
  database: Database,
  { from, days, partner }: { from: number; days: number; partner: string },
): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.query(
      `create temp table bench_line on commit drop as
       select b.account_id, r.customer, r.subscription_id, m.meter, r.key, day,
              24 * (1 + r.i % 4) - ((r.i * 7 + day * 13) % 1000) * 0.0001 as quantity
       from bench_resource r,
            lateral (select account_id from billing_account b where b.subscription_id = r.customer
                     union all select $2::uuid where right(r.customer::text, 6)::int % ${OF_PARTNER} = 0) as b,
            generate_series($1::int / 24, $1::int / 24 + $3::int - 1) as day,
            (select min(meter) as meter from commerce_meter where paid group by local_meter_key order by 1 limit ${METERS}) as m`,
      [from, partner, days],
    );
    await tx.query(
      `insert into charge (account_id, period, plan, customer_subscription_id, subscription_id, meter, billable, quantity, amount)
       select l.account_id, p.period, (select max(plan) from price_plan), l.customer, l.subscription_id, l.meter, true,
              sum(l.quantity), sum(l.quantity) * 0.0125 + case when l.meter % 2 = 0 then 0.01 else 0 end
       from bench_line l join billing_period p on p.account_id = l.account_id and p.from_hour = $1
       group by l.account_id, p.period, l.customer, l.subscription_id, l.meter`,
      [from],
    );
    await tx.query(
      `insert into rated_line (account_id, charge, usage_day, resource_key, quantity, rows, first_reported, last_reported)
       select l.account_id, c.charge, l.day, l.key, l.quantity, 24, l.day * 24, l.day * 24 + 23
       from bench_line l join billing_period p on p.account_id = l.account_id and p.from_hour = $1
       join charge c on c.period = p.period and c.customer_subscription_id = l.customer
                    and c.subscription_id = l.subscription_id and c.meter = l.meter
       order by l.day, c.charge, l.key`,
      [from],
    );
    await tx.query(
      `insert into rated_change (charge, usage_day)
       select charge, day from charge join billing_period p using (period), generate_series($1::int / 24, $1::int / 24 + $2::int - 1) as day
       where from_hour = $1`,
      [from, days],
    );
  });
}
