import type { Instant } from '../../kernel/index.ts';
import type { Queryable, Tx } from '../../platform/index.ts';
import {
  DAY_COLUMNS,
  DAY_IN_MONTH,
  HOUR_COLUMNS,
  LEVEL_KEYS,
  LEVELS,
  MONTH_OF_DAY,
  type Level,
} from './columns.ts';
import type { EmittedResource, Place } from './place.ts';

/** A closed hour that is not in the sums. */
export interface PendingHour {
  readonly hour: number;
  readonly rows: bigint;
  readonly closedAt: Instant;
  /** Its hourly rows are past retention; those of its day are there. */
  readonly expired: boolean;
}

/** Closed hours that are not in the sums yet, first hour first. */
export async function listPending(db: Queryable, limit: number): Promise<PendingHour[]> {
  const { rows } = await db.query<PendingHour>(
    `select number as hour, rows, closed_at as "closedAt", expired_at is not null as expired
     from reported_window w
     where granularity = 'hour' and state = 'closed'
       and not exists (select from usage_summarized s where s.reported_hour = w.number)
     order by expired_at is not null, number limit $1`,
    [limit],
  );
  return rows;
}

/** How many of the hours are in the sums. */
export async function countSummarized(db: Queryable, hours: readonly number[]): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    'select count(*)::int as count from usage_summarized where reported_hour = any ($1::int[])',
    [hours],
  );
  return rows[0]!.count;
}

/** Notes that the hours are in the sums; a second time is an error. */
export async function markSummarized(tx: Tx, hours: readonly number[]): Promise<void> {
  await tx.query('insert into usage_summarized select unnest($1::int[])', [hours]);
}

/** Where rows of reported windows are. */
export interface Source {
  readonly granularity: 'hour' | 'day';
  /** Reported hours or days. */
  readonly windows: readonly number[];
}

const SOURCES = {
  hour: { table: 'usage_hourly', reported: 'reported_hour' },
  day: { table: 'usage_daily', reported: 'reported_day' },
} as const;

/** Resources of the rows that are no places yet. */
export async function findNewResources(
  tx: Tx,
  { granularity, windows }: Source,
  limit: number,
): Promise<EmittedResource[]> {
  const { table, reported } = SOURCES[granularity];
  const { rows } = await tx.query<EmittedResource>(
    `select subscription_id as "subscriptionId", resource_key as "resourceKey", resource_uri as "resourceUri",
            location, tags
     from (
       select distinct subscription_id, resource_key from ${table}
       where ${reported} = any ($1::int[])
     ) as used
     join resource using (subscription_id, resource_key)
     where not exists (
       select from usage_place p
       where p.subscription_id = used.subscription_id and p.resource_key = used.resource_key)
     limit $2`,
    [windows, limit],
  );
  return rows;
}

export async function insertPlaces(tx: Tx, places: readonly Place[]): Promise<void> {
  await tx.query(
    `insert into usage_place (subscription_id, resource_key, resource, uri_key, name, name_key, resource_group,
       resource_group_id, resource_group_name, resource_type, resource_type_name, location, tags)
     select a, b, c, d, e, f, g, h, i, j, k, l, m::jsonb
     from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[],
                 $9::text[], $10::text[], $11::text[], $12::text[], $13::text[])
       as new (a, b, c, d, e, f, g, h, i, j, k, l, m)`,
    [
      places.map((place) => place.subscriptionId),
      places.map((place) => place.resourceKey),
      places.map((place) => place.resource),
      places.map((place) => place.uriKey),
      places.map((place) => place.name),
      places.map((place) => place.nameKey),
      places.map((place) => place.resourceGroup),
      places.map((place) => place.resourceGroupId),
      places.map((place) => place.resourceGroupName),
      places.map((place) => place.resourceType),
      places.map((place) => place.resourceTypeName),
      places.map((place) => place.location),
      places.map((place) => place.tags),
    ],
  );
}

/**
 * Adds the rows of reported windows to the sums of every level, in one statement: the rows are read and grouped once, by
 * place, meter and usage day, and all levels are made of that. Rows of days add to days alone.
 */
export async function addToSums(tx: Tx, { granularity, windows }: Source): Promise<void> {
  // A group of rows of a day is small; what is sorted and hashed here is a batch of windows.
  await tx.query(`set local work_mem = '64MB'; set local jit = off`);
  const text = granularity === 'hour' ? ADD_HOURS : ADD_DAYS;
  await tx.query({ name: `usage-sums-${granularity}`, text, values: [windows] });
}

const OF_HOURS = HOUR_COLUMNS.map(
  (column, hour) => `sum(quantity) filter (where usage_hour % 24 = ${hour}) as ${column}`,
).join(', ');

/** What of the rows belongs to a place, meter and usage day. */
function factOf(granularity: 'hour' | 'day'): string {
  const { table, reported } = SOURCES[granularity];
  const day = granularity === 'hour' ? 'usage_hour / 24' : 'usage_day';
  return `select p.place, p.subscription_id, p.location, r.meter, ${day} as day,
                 ${MONTH_OF_DAY(`min(${day})`)} as month, ${DAY_IN_MONTH(`min(${day})`)} as day_in_month,
                 sum(quantity) as total${granularity === 'hour' ? `, ${OF_HOURS}` : ''}
          from ${table} r
          join usage_place p on p.subscription_id = r.subscription_id and p.resource_key = r.resource_key
          where ${reported} = any ($1::int[])
          group by p.place, p.subscription_id, p.location, r.meter, ${day}`;
}

const ADD_DAYS = `with fact as materialized (${factOf('day')}), ${LEVELS.map(daysInto).join(', ')} select 1`;
const ADD_HOURS = `with fact as materialized (${factOf('hour')}),
  ${LEVELS.map(daysInto).join(', ')}, ${LEVELS.map(hoursInto).join(', ')} select 1`;

/** Written in the order of the key, so that neighbours on a page are written together. */
function daysInto(level: Level): string {
  const columns = DAY_COLUMNS.map(
    (column, at) => `sum(total) filter (where day_in_month = ${at + 1}) as ${column}`,
  );
  return intoLevel(level, 'days', 'month', DAY_COLUMNS, ['sum(total) as total', ...columns]);
}

function hoursInto(level: Level): string {
  const columns = HOUR_COLUMNS.map((column) => `sum(${column}) as ${column}`);
  return intoLevel(level, 'hours', 'day', HOUR_COLUMNS, columns);
}

function intoLevel(
  level: Level,
  kind: 'days' | 'hours',
  block: 'month' | 'day',
  columns: readonly string[],
  sums: readonly string[],
): string {
  const table = `usage_${kind}_by_${level}`;
  const key = ['meter', block, ...LEVEL_KEYS[level]];
  const unique = key.filter((column) => level !== 'place' || column !== 'subscription_id');
  const total = kind === 'days' ? ['total'] : [];
  // Most of a row stays as it is: an hour that closes adds to one or two of its columns.
  const updates = [
    ...total.map(() => 'total = kept.total + excluded.total'),
    ...columns.map(
      (column) =>
        `${column} = coalesce(kept.${column} + excluded.${column}, kept.${column}, excluded.${column})`,
    ),
  ];
  return `${kind}_${level} as (
    insert into ${table} as kept (${[...key, ...total, ...columns].join(', ')})
    select ${key.join(', ')}, ${sums.join(', ')} from fact group by ${key.join(', ')} order by ${unique.join(', ')}
    on conflict (${unique.join(', ')}) do update set ${updates.join(', ')}
    returning 1
  )`;
}

/** Usage days whose hours are past retention as reported, and still in the sums. */
export async function findExpiredDays(db: Queryable): Promise<number[]> {
  const { rows } = await db.query<{ day: number }>(
    `select distinct number / 24 as day from reported_window w
     where granularity = 'hour' and expired_at is not null
       and exists (select from usage_hours_by_meter h where h.day = w.number / 24)`,
  );
  return rows.map(({ day }) => day);
}

/** Forgets the hours of usage days. Their days stay. */
export async function dropHours(tx: Tx, days: readonly number[]): Promise<void> {
  for (const level of LEVELS) {
    await tx.query(`delete from usage_hours_by_${level} where day = any ($1::int[])`, [days]);
  }
}
