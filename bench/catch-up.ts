import { hourNumber, hourOf, parseSubscriptionId } from '../src/kernel/index.ts';
import { SYSTEM } from '../src/audit/index.ts';
import {
  activationKeyOf,
  addCommerceSubscription,
  putRegistration,
} from '../src/commerce/registration/index.ts';
import { readRegistrationToken } from '../src/reporting/index.ts';
import {
  applyActivationKey,
  makeRegistrationToken,
  readProgress,
} from '../src/stamp/bridge/index.ts';
import type { Bench } from './bench.ts';
import { timed } from './figures.ts';
import { sendRecords } from './ingest.ts';
import { subscriptionId, SUBSCRIPTIONS } from './workload.ts';

/** Five days in which commerce could not be reached. */
const OFFLINE_HOURS = 120;
const METERS = 4;
const PATIENCE_MS = 600_000;
const POLL_MS = 25;

/**
 * What is reported after days offline: closed windows wait, the stamp is activated, and the bridge catches up through
 * HTTPS with commerce in the same process; then once more while records are sent as fast as they are taken.
 */
export async function measureCatchUp(bench: Bench): Promise<void> {
  const { report, server, clock, quick } = bench;
  const rows = quick ? 200_000 : 1_000_000;
  const present = hourOf(clock.now()) - 24;
  const from = present - 3 * OFFLINE_HOURS;
  await openWindows(bench, from, from + 2 * OFFLINE_HOURS - 1);
  await writeBacklog(bench, from, rows);
  await register(bench, from);
  await server.memory();

  const whole = await catchUp(bench, from + OFFLINE_HOURS, rows);
  report.add('report.catch-up', whole.rate, 'rows/s', await insertFloor(bench));
  report.add('report.catch-up.second-half', whole.secondHalf, 'rows/s', whole.firstHalf);
  const { rss, peakRss } = await server.memory();
  report.add('report.catch-up.memory', peakRss / 2 ** 20, 'MiB', rss / 2 ** 20);

  const records = quick ? 300_000 : 1_000_000;
  const alone = records / (await sendRecords(bench, records, 'alone')).seconds;
  await writeBacklog(bench, from + OFFLINE_HOURS, rows);
  const second = catchUp(bench, from + 2 * OFFLINE_HOURS, rows);
  await reached(bench, from + OFFLINE_HOURS + 1);
  const before = await receivedRows(bench);
  const beside = await sendRecords(bench, records, 'beside');
  const meanwhile = (await receivedRows(bench)) - before;
  report.add('ingest.https.while-reporting', records / beside.seconds, 'records/s', alone);
  report.add('report.while-ingesting', meanwhile / beside.seconds, 'rows/s');
  await second;
  const received = await receivedRows(bench);
  if (received !== 2 * perHour(rows) * OFFLINE_HOURS) throw new Error(`${received} rows received`);
}

/** The same rows written once more inside the database, into a table with the same keys: no network, no JSON, no checks. */
async function insertFloor({ database }: Bench): Promise<number> {
  const { pool } = database;
  await pool.query('create table floor_reported (like reported_usage including all)');
  const { seconds, result } = await timed(() =>
    pool.query('insert into floor_reported select * from reported_usage'),
  );
  await pool.query('drop table floor_reported');
  return (result.rowCount ?? 0) / seconds;
}

async function receivedRows({ database }: Bench): Promise<number> {
  const { rows } = await database.pool.query<{ rows: number }>(
    'select coalesce(sum(rows), 0)::int as rows from reported_batch',
  );
  return rows[0]?.rows ?? 0;
}

function perHour(rows: number): number {
  return Math.ceil(rows / OFFLINE_HOURS / METERS) * METERS;
}

/** Until they are closed the bridge waits for them. */
async function openWindows({ database }: Bench, from: number, through: number): Promise<void> {
  await database.pool.query(
    `insert into reported_window (granularity, number, state, origin, opened_at)
     select 'hour', hour, 'open', 'imported', now() from generate_series($1::int, $2::int) as hour`,
    [from, through],
  );
}

/** Closed windows as a stamp has them, written at once: closing is measured elsewhere. */
async function writeBacklog({ database }: Bench, from: number, rows: number): Promise<void> {
  const through = from + OFFLINE_HOURS - 1;
  await database.transaction(async (tx) => {
    await tx.query(
      'select ensure_usage_partitions(hour) from generate_series($1::int, $2::int, 24) as hour',
      [from, through + 24],
    );
    await tx.query(
      `insert into resource
       select sub::uuid, md5('backlog' || i)::uuid,
              '/subscriptions/' || sub || '/resourceGroups/production/providers/Microsoft.Compute/virtualMachines/backlog' || i,
              'local', 'null', '{"ServiceType":"Standard_D2_v2","ImageType":null}'
       from generate_series(0, $1::int - 1) as i,
            lateral (select '5b5b5b5b-0000-4000-8000-' || lpad((i % $2::int)::text, 12, '0') as sub) as s
       on conflict do nothing`,
      [perHour(rows) / METERS, SUBSCRIPTIONS],
    );
    await tx.query(
      `insert into usage_hourly (reported_hour, subscription_id, usage_hour, resource_key, meter, spelling, records, quantity)
       select hour, r.subscription_id, hour - 1, r.resource_key, m.meter, m.spelling, 4, 0.25 + m.meter
       from generate_series($1::int, $2::int) as hour,
            (select subscription_id, resource_key from resource where resource_uri like '%/backlog%') as r,
            (select distinct on (meter) meter, spelling from meter_spelling order by meter limit $3) as m
       order by 1, 2, 3, 4, 5`,
      [from, through, METERS],
    );
    await tx.query(
      `update reported_window w
       set state = 'closed', closed_at = now(), rows = made.rows, records = made.records, quantity = made.quantity, hash = 0
       from (select reported_hour, count(*) as rows, sum(records) as records, trim_scale(sum(quantity)) as quantity
             from usage_hourly where reported_hour between $1 and $2 group by reported_hour) as made
       where w.granularity = 'hour' and w.number = made.reported_hour`,
      [from, through],
    );
  });
  await database.pool.query('analyze usage_hourly; analyze resource');
}

async function register({ database, clock, server }: Bench, from: number): Promise<void> {
  const changing = { clock, actor: SYSTEM };
  const base = parseSubscriptionId(`${subscriptionId(0).slice(0, -12)}ba5e00000000`)!;
  const token = await makeRegistrationToken(
    { database, clock },
    { billingModel: 'PayAsYouUse', from: hourNumber(from) },
    changing,
  );
  const checked = await readRegistrationToken(token, clock.now());
  const { homeTenantId } = server;
  const registration = await database.transaction(async (tx) => {
    await addCommerceSubscription(
      tx,
      {
        subscriptionId: base,
        displayName: 'Bench',
        kind: 'EnterpriseAgreement',
        partnerId: undefined,
        tenantId: homeTenantId,
        multitenancyApproved: false,
      },
      changing,
    );
    const place = { subscriptionId: base, resourceGroup: 'azurestack', name: 'bench' };
    return (await putRegistration(tx, place, checked, { homeTenantId }, changing)).registration;
  });
  const key = await activationKeyOf({ database, clock }, registration, {
    origin: server.baseUrl,
    ca: server.ca,
    homeTenantId,
  });
  await applyActivationKey({ database, clock }, key, changing);
}

interface CaughtUp {
  readonly rate: number;
  readonly firstHalf: number;
  readonly secondHalf: number;
}

/** Waits until all windows before this one have been reported. */
async function reached({ database }: Bench, window: number): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const progress = await readProgress(database.pool);
    if (progress?.lastSentAt !== undefined && progress.nextWindow >= window) return;
    if (performance.now() > deadline) throw new Error('the bridge does not catch up');
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** From the first window that arrives to the last. */
async function catchUp(bench: Bench, until: number, rows: number): Promise<CaughtUp> {
  const first = until - OFFLINE_HOURS;
  bench.server.wakeBridge();
  // The first window stands for the start; its rows are not counted.
  await reached(bench, first + 1);
  const one = await timed(() => reached(bench, first + OFFLINE_HOURS / 2));
  const other = await timed(() => reached(bench, until));
  const window = perHour(rows);
  return {
    rate: ((OFFLINE_HOURS - 1) * window) / (one.seconds + other.seconds),
    firstHalf: ((OFFLINE_HOURS / 2 - 1) * window) / one.seconds,
    secondHalf: ((OFFLINE_HOURS / 2) * window) / other.seconds,
  };
}
