import { hourOf, type SubscriptionId } from '../../kernel/index.ts';
import { insertMeters, referenceMeters } from '../meters/index.ts';
import { insertSubscription, upsertDirectoryTenant } from '../directory/index.ts';
import { parseDirectoryTenantId, parseSubscriptionId } from '../../kernel/index.ts';
import type { Database } from '../../platform/index.ts';

/** Rows as closing leaves them, written for tests: what is summed up, not how it came in. */
export interface FactRow {
  readonly reportedHour: number;
  readonly usageHour: number;
  /** Number of the subscription; 0 is the root, 4 is below 3, the others below the root. */
  readonly subscription: number;
  readonly resourceUri: string;
  readonly location: string;
  readonly tags: string;
  /** Index among {@link METERS}. */
  readonly meter: number;
  readonly quantity: string;
}

export const START = Temporal.Instant.from('2026-02-26T00:00:00Z');
/** The first reported hour, first of a day. */
export const FIRST: number = hourOf(START);
export const METERS = referenceMeters.slice(0, 3);
export const TENANT = parseDirectoryTenantId('11111111-0000-4000-8000-000000000001')!;

export function subscriptionOf(number: number): SubscriptionId {
  return parseSubscriptionId(`22222222-0000-4000-8000-00000000000${number}`)!;
}

const SUBSCRIPTIONS = 5;

/** Subscriptions and meters, with the spelling of each meter having its number. */
export async function setUpUsage({ pool }: Database): Promise<void> {
  await upsertDirectoryTenant(pool, { tenantId: TENANT, name: 'tenant.example' });
  await insertMeters(pool, METERS);
  await pool.query(
    `insert into meter_spelling (spelling, meter, spelled) overriding system value
     select meter, meter, meter_id from meter order by meter`,
  );
  for (let number = 0; number < SUBSCRIPTIONS; number++) {
    await insertSubscription(pool, {
      subscriptionId: subscriptionOf(number),
      displayName: `Subscription ${'EDCBA'[number]}`,
      owner: 'owner@tenant.example',
      tenantId: TENANT,
      delegatedProviderSubscriptionId:
        number === 0 ? undefined : subscriptionOf(number === 4 ? 3 : 0),
      offerId: undefined,
      routingResourceManagerType: 'Default',
      state: 'Enabled',
      origin: 'created',
      createdAt: START,
    });
  }
}

/** Closed hours from..through (inclusive) with these rows in them, and the days that they complete. */
export async function writeClosedHours(
  { pool }: Database,
  from: number,
  through: number,
  rows: readonly FactRow[],
): Promise<void> {
  await pool.query(
    'select ensure_usage_partitions(hour) from generate_series($1::int, $2::int, 24) as hour',
    [from, through + 24],
  );
  await pool.query(
    `insert into resource (subscription_id, resource_key, resource_uri, location, tags, additional_info)
     select distinct s, md5(u || '|' || l || '|' || t)::uuid, u, l, t, '' from unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) as r (s, u, l, t)
     on conflict do nothing`,
    [
      rows.map(({ subscription }) => subscriptionOf(subscription)),
      rows.map(({ resourceUri }) => resourceUri),
      rows.map(({ location }) => location),
      rows.map(({ tags }) => tags),
    ],
  );
  await pool.query(
    `insert into usage_hourly (reported_hour, subscription_id, usage_hour, resource_key, meter, spelling, records, quantity)
     select rh, s, uh, md5(u || '|' || l || '|' || t)::uuid, m, m, count(*)::int, trim_scale(sum(q))
     from unnest($1::int[], $2::int[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::smallint[], $8::numeric[])
       as r (rh, uh, s, u, l, t, m, q)
     group by 1, 2, 3, 4, 5, 6`,
    [
      rows.map(({ reportedHour }) => reportedHour),
      rows.map(({ usageHour }) => usageHour),
      rows.map(({ subscription }) => subscriptionOf(subscription)),
      rows.map(({ resourceUri }) => resourceUri),
      rows.map(({ location }) => location),
      rows.map(({ tags }) => tags),
      rows.map(({ meter }) => meter + 1),
      rows.map(({ quantity }) => quantity),
    ],
  );
  await closeHours({ pool }, from, through);
}

async function closeHours(
  { pool }: Pick<Database, 'pool'>,
  from: number,
  through: number,
): Promise<void> {
  await pool.query(
    `insert into reported_window (granularity, number, state, origin, opened_at, closed_at, rows, records, quantity, hash)
     select 'hour', hour, 'closed', 'own', now(), to_timestamp((hour + 1) * 3600.0), count(h.*), coalesce(sum(h.records), 0),
            coalesce(sum(h.quantity), 0), 0
     from generate_series($1::int, $2::int) as hour left join usage_hourly h on h.reported_hour = hour
     group by hour`,
    [from, through],
  );
  await pool.query(
    `insert into usage_daily (reported_day, subscription_id, usage_day, resource_key, meter, spelling, records, quantity)
     select reported_hour / 24, subscription_id, usage_hour / 24, resource_key, meter, min(spelling), sum(records), sum(quantity)
     from usage_hourly where reported_hour between $1 and $2 group by 1, 2, 3, 4, 5`,
    [from, through],
  );
}

/** A URI of a subscription; without a group it belongs to the subscription itself. */
export function uriOf(subscription: number, group: string, name: string, type = 'things'): string {
  const of = `/subscriptions/${subscriptionOf(subscription)}`;
  const inside = group === '' ? of : `${of}/resourceGroups/${group}`;
  return `${inside}/providers/Microsoft.Test/${type}/${name}`;
}
