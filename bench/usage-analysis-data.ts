import type { Database } from '../src/platform/index.ts';
import { insertMeters, referenceMeters } from '../src/stamp/meters/index.ts';

/** October 2026: usage of every hour of it, reported an hour later. */
const FIRST_HOUR = Temporal.Instant.from('2026-10-01T00:00Z').epochMilliseconds / 3_600_000;
const HOURS = 31 * 24;

export const ANALYSED_SUBSCRIPTIONS = 400;
const GROUPS_EACH = 5;
export const ANALYSED_METERS = referenceMeters.slice(0, 4);

export function analysedSubscription(index: number): string {
  return `7a7a7a7a-0000-4000-8000-${String(index).padStart(12, '0')}`;
}

export function analysedResource(index: number): string {
  const subscription = analysedSubscription(index % ANALYSED_SUBSCRIPTIONS);
  const group = Math.floor(index / ANALYSED_SUBSCRIPTIONS) % GROUPS_EACH;
  const type = ['virtualMachines', 'disks', 'scaleSets'][index % 3];
  return `/subscriptions/${subscription}/resourceGroups/rg${group}/providers/Microsoft.Compute/${type}/used${index}`;
}

/**
 * A stamp whose closed hours of one month have that many hourly rows: each of its resources uses each of the meters in
 * every hour. Written as closing leaves them; closing is measured elsewhere.
 *
 * @param firstHour of the month, in hours since 1970, at the beginning of a day
 * @returns how many rows there are
 */
export async function writeUsage(
  database: Database,
  rows: number,
  firstHour = FIRST_HOUR,
): Promise<number> {
  const { pool } = database;
  const resources = Math.ceil(rows / HOURS / ANALYSED_METERS.length);
  await insertMeters(pool, ANALYSED_METERS);
  await writeDirectory(database);
  await pool.query(
    `insert into meter_spelling (meter, spelled) select meter, meter_id from meter where meter_id = any ($1)`,
    [ANALYSED_METERS.map(({ id }) => id)],
  );
  await writeResources(database, resources);
  await pool.query(
    'select ensure_usage_partitions(hour) from generate_series($1::int, $2::int, 24) as hour',
    [firstHour, firstHour + HOURS + 24],
  );
  for (let hour = firstHour; hour < firstHour + HOURS; hour += 24) {
    await writeDay(database, hour + 1, firstHour);
  }
  await pool.query('analyze usage_hourly; analyze resource');
  return resources * ANALYSED_METERS.length * HOURS;
}

async function writeDirectory({ pool }: Database): Promise<void> {
  await pool.query(
    `insert into directory_tenant (tenant_id, name) values (gen_random_uuid(), 'bench')`,
  );
  await pool.query(
    `insert into subscription (subscription_id, display_name, owner, tenant_id, delegated_provider_subscription_id, created_at)
     select ('7a7a7a7a-0000-4000-8000-' || lpad(i::text, 12, '0'))::uuid, 'subscription ' || i, 'owner', tenant_id,
            case when i > 0 then '7a7a7a7a-0000-4000-8000-000000000000'::uuid
                 else (select subscription_id from subscription where delegated_provider_subscription_id is null) end, now()
     from directory_tenant, generate_series(0, $1::int - 1) as i where name = 'bench'`,
    [ANALYSED_SUBSCRIPTIONS],
  );
}

async function writeResources({ pool }: Database, resources: number): Promise<void> {
  const uris = Array.from({ length: resources }, (_, index) => analysedResource(index));
  await pool.query(
    `insert into resource (subscription_id, resource_key, resource_uri, location, tags, additional_info)
     select split_part(uri, '/', 3)::uuid, md5(uri)::uuid, uri, case i % 4 when 0 then 'east' else 'west' end,
            format('{"env":"%s","cost-center":"cc%s"}', (array['production', 'test', 'development'])[1 + i % 3], i % 20),
            '{"ServiceType":"Standard_D2_v2"}'
     from unnest($1::text[]) with ordinality as made (uri, i)`,
    [uris],
  );
}

/** A day of reported hours; some of the usage was reported a day late. */
async function writeDay(database: Database, first: number, firstOfAll: number): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.query(
      `insert into usage_hourly (reported_hour, subscription_id, usage_hour, resource_key, meter, spelling, records, quantity)
       select hour, r.subscription_id, hour - case when r.late and hour % 24 = 0 and hour > $2 + 24 then 25 else 1 end,
              r.resource_key, m.meter, m.spelling, 4, round((0.25 + m.meter * (hour % 97) / 7.0)::numeric, 6)
       from generate_series($1::int, $1::int + 23) as hour,
            (select subscription_id, resource_key, resource_uri like '%0' as late from resource) as r,
            meter_spelling as m
       order by 1, 2, 3, 4, 5`,
      [first, firstOfAll],
    );
    await tx.query(
      `insert into reported_window (granularity, number, state, origin, opened_at, closed_at, rows, records, quantity, hash)
       select 'hour', reported_hour, 'closed', 'own', now(), now(), count(*), sum(records), sum(quantity), 0
       from usage_hourly where reported_hour between $1 and $1 + 23 group by reported_hour`,
      [first],
    );
  });
}
