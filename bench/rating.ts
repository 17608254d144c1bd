import { randomUUID } from 'node:crypto';
import { hourOf, parseCurrency } from '../src/kernel/index.ts';
import { ensureBillingAccounts } from '../src/commerce/accounts/index.ts';
import {
  explainCharge,
  explainRows,
  rateAcceptedUsage,
  verifyRating,
} from '../src/commerce/rating/index.ts';
import { ensureCommerceMeters } from '../src/commerce/reported-usage/index.ts';
import { systemClock, type Database } from '../src/platform/index.ts';
import type { Bench } from './bench.ts';
import { withOwnDatabase } from './database.ts';
import { percentile, timed, type Report } from './figures.ts';

/** Windows of a day and a half week: lines of several days, and of several windows each. */
const HOURS = 120;
/** Accounts that buy from two partners, who buy from the provider: two sales of each row. */
const CUSTOMERS = 20;
const SUBSCRIPTIONS_EACH = 5;
/** Paid meters that each resource has a row of in each hour. */
const METERS = 4;
/** Windows that come one by one, as they do when nothing waits. */
const SINGLE_WINDOWS = 12;
const EXPLANATIONS = 200;

/** What {@link measureRating} needs. */
export interface RatingBench {
  readonly report: Report;
  readonly quick: boolean;
  /** Rows among which charges are explained. */
  readonly explainRows: number;
}

/**
 * Rating of accepted windows, in a database of its own on the server of the bench: nothing else rates there.
 *
 * @param bench.explainRows more than are rated for the figures above; the rest is rated before charges are explained
 */
export async function measureRating(bench: RatingBench & Pick<Bench, 'database'>): Promise<void> {
  await withOwnDatabase(bench.database, 'rating', (database) => measureIn(bench, database));
}

async function measureIn(
  { report, quick, explainRows: wanted }: RatingBench,
  database: Database,
): Promise<void> {
  const rows = quick ? 200_000 : 1_000_000;
  const from = hourOf(systemClock.now()) - 24 * 60;
  await prepare(database);
  await writeWindows(database, from, HOURS, rows / HOURS);
  const floor = await insertFloor(database);
  const rated = await rateAll(database);
  report.add('rating.catch-up', rated.rate, 'rows/s', floor);
  report.add('rating.catch-up.lines', rated.lineRate, 'lines/s');
  // A quick run is one transaction.
  if (!quick)
    report.add('rating.catch-up.second-half', rated.secondHalf, 'rows/s', rated.firstHalf);
  report.add('rating.memory', rated.peakRss / 2 ** 20, 'MiB', rated.rss / 2 ** 20);
  await writeWindows(database, from + HOURS, SINGLE_WINDOWS, rows / HOURS);
  const single = await timed(() =>
    rateAcceptedUsage({ database, clock: systemClock }, { rowsAtOnce: 1 }),
  );
  report.add('rating.window-by-window', single.result.rows / single.seconds, 'rows/s', floor);
  const verified = await timed(() => verifyRating({ database }));
  if (verified.result.differences.length > 0) throw new Error('rating does not verify');
  const all = rows + single.result.rows;
  report.add('rating.verify', all / verified.seconds, 'rows/s');
  await fill(database, from + HOURS + SINGLE_WINDOWS, wanted - all, rows / HOURS);
  const { kept, samples } = await explainSome(database);
  report.add('explain.rows', kept, 'rows');
  report.add('explain.p50', percentile(samples, 0.5), 'ms');
  report.add('explain.p95', percentile(samples, 0.95), 'ms');
}

async function prepare(database: Database): Promise<void> {
  await database.transaction(async (tx) => {
    await ensureCommerceMeters(tx, systemClock);
    await tx.query(
      `insert into commerce_subscription (subscription_id, display_name, kind, created_at)
       select ('cccccccc-0000-4000-8000-' || lpad(i::text, 12, '0'))::uuid, 'customer ' || i, 'PayAsYouGo', now()
       from generate_series(0, $1::int - 1) as i`,
      [CUSTOMERS],
    );
    await ensureBillingAccounts(tx, systemClock);
    const partners = [randomUUID(), randomUUID()];
    await tx.query(
      `insert into billing_account (account_id, kind, parent_id, name, series_prefix, currency, language, billing_day,
         time_zone, late_usage, wait_hours, review_days, payment_days, etag, created_at, updated_at)
       select id, 'partner', (select account_id from billing_account where kind = 'provider'), 'partner', left(id::text, 8),
              $2, 'en', 1, 'UTC', 'NextInvoice', 24, 3, 30, id, now(), now()
       from unnest($1::uuid[]) as id`,
      [partners, parseCurrency('USD')],
    );
    await tx.query(
      `insert into account_pricing (account_id, version, effective_from, price_list_id, created_at)
       select id, 1, 0, 'sample', now() from unnest($1::uuid[]) as id`,
      [partners],
    );
    await tx.query(
      `insert into account_pricing (account_id, version, effective_from, markup_percent, created_at)
       select account_id, 2, 0, 10, now() from billing_account where kind = 'customer'`,
    );
    await tx.query(
      `update billing_account set parent_id = ($1::uuid[])[1 + right(subscription_id::text, 4)::int % 2]
       where kind = 'customer'`,
      [partners],
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

/** Accepted windows as commerce keeps them, written at once: receiving is measured elsewhere. */
async function writeWindows(
  database: Database,
  from: number,
  hours: number,
  rowsPerHour: number,
): Promise<void> {
  const resources = Math.ceil(rowsPerHour / METERS);
  await database.transaction(async (tx) => {
    await tx.query(
      'select ensure_reported_partition(hour) from generate_series($1::int, $2::int, 24) as hour',
      [from, from + hours + 24],
    );
    const made = `
      select ('cccccccc-0000-4000-8000-' || lpad((i % ${CUSTOMERS})::text, 12, '0'))::uuid as customer,
             ('aaaaaaaa-0000-4000-8000-' || lpad((i % ${CUSTOMERS * SUBSCRIPTIONS_EACH})::text, 12, '0'))::uuid as subscription,
             md5('rated' || i)::uuid as key, i
      from generate_series(0, ${resources - 1}) as i`;
    await tx.query(
      `insert into reported_resource
       select customer, key, subscription, '/subscriptions/' || subscription || '/resourceGroups/production/providers/Microsoft.Compute/virtualMachines/rated' || i,
              'local', 'null', '{"ServiceType":"Standard_D2_v2"}'
       from (${made}) as made on conflict do nothing`,
    );
    await tx.query(
      `insert into reported_usage
       select r.registration_number, hour, made.subscription, hour - 1, made.key, m.meter, 1, 0.25 + m.meter,
              'dddddddd-0000-4000-8000-000000000000', null, made.customer, true
       from generate_series($1::int, $2::int) as hour,
            (select registration_number from registration) as r,
            (select min(meter) as meter from commerce_meter where paid group by local_meter_key order by 1 limit $3) as m,
            (${made}) as made
       order by hour, made.subscription, hour, made.key, m.meter`,
      [from, from + hours - 1, METERS],
    );
    await tx.query(
      `insert into received_window
       select registration_number, reported_hour, 1, count(*), 'bench', '\\x00', '\\x00', now()
       from reported_usage where reported_hour >= $1 group by 1, 2`,
      [from],
    );
  });
  await database.pool.query('analyze reported_usage; analyze reported_resource');
}

/** The same rows written once more inside the database, into a table with the same keys. */
async function insertFloor({ pool }: Database): Promise<number> {
  await pool.query('create table floor_reported (like reported_usage including all)');
  const { seconds, result } = await timed(() =>
    pool.query('insert into floor_reported select * from reported_usage'),
  );
  await pool.query('drop table floor_reported');
  return (result.rowCount ?? 0) / seconds;
}

interface RatedAll {
  readonly rate: number;
  /** Lines of rated usage, of all sales, a second. */
  readonly lineRate: number;
  readonly firstHalf: number;
  readonly secondHalf: number;
  readonly rss: number;
  readonly peakRss: number;
}

async function rateAll(database: Database): Promise<RatedAll> {
  const { pool } = database;
  const started = performance.now();
  const marks: { readonly rows: number; readonly seconds: number }[] = [{ rows: 0, seconds: 0 }];
  let peakRss = process.memoryUsage.rss();
  const { rows } = await rateAcceptedUsage(
    { database, clock: systemClock },
    {
      onProgress: (report) => {
        peakRss = Math.max(peakRss, process.memoryUsage.rss());
        marks.push({ rows: report.rows, seconds: (performance.now() - started) / 1000 });
      },
    },
  );
  const seconds = (performance.now() - started) / 1000;
  const half = marks.find((mark) => mark.rows >= rows / 2) ?? { rows, seconds };
  const { rows: counted } = await pool.query<{ lines: number }>(
    'select count(*)::int as lines from rated_line',
  );
  return {
    rate: rows / seconds,
    lineRate: (counted[0]?.lines ?? 0) / seconds,
    firstHalf: half.rows / half.seconds,
    secondHalf: (rows - half.rows) / (seconds - half.seconds),
    rss: process.memoryUsage.rss(),
    peakRss,
  };
}

/** More windows until there are so many rows, rated. */
async function fill(
  database: Database,
  from: number,
  missing: number,
  rowsPerHour: number,
): Promise<void> {
  let left = missing;
  for (let hour = from; left > 0; hour += HOURS) {
    const hours = Math.min(HOURS, Math.ceil(left / rowsPerHour));
    await writeWindows(database, hour, hours, rowsPerHour);
    await rateAcceptedUsage({ database, clock: systemClock });
    left -= hours * rowsPerHour;
  }
  await database.pool.query('analyze');
}

/** From a charge down to the rows of one of its lines, chosen at random. */
async function explainSome({
  pool,
}: Database): Promise<{ readonly kept: number; readonly samples: number[] }> {
  const { rows: counted } = await pool.query<{ kept: number }>(
    'select sum(rows)::int as kept from received_window',
  );
  const { rows: lines } = await pool.query<{ charge: bigint; key: string; day: number }>(
    `select charge, resource_key as key, usage_day as day from rated_line order by md5(charge || resource_key::text) limit $1`,
    [EXPLANATIONS],
  );
  const samples: number[] = [];
  for (const { charge, key, day } of lines) {
    const { seconds, result } = await timed(async () => {
      await explainCharge(pool, charge);
      return explainRows(pool, { charge, resourceKey: key, usageDay: day });
    });
    if (result.length === 0) throw new Error('a line has no rows');
    samples.push(seconds * 1000);
  }
  return { kept: counted[0]?.kept ?? 0, samples };
}
