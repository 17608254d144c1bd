import type { Instant } from '../../kernel/index.ts';
import type { Queryable, Tx } from '../../platform/index.ts';
import {
  HOURS_PER_DAY,
  type Granularity,
  type ReportedWindow,
  type WindowSums,
} from './reported-window.ts';

interface WindowRow {
  readonly granularity: Granularity;
  readonly number: number;
  readonly state: 'open' | 'closing' | 'closed';
  readonly origin: 'own' | 'imported';
  readonly opened_at: Instant;
  readonly closed_at: Instant | null;
  readonly expired_at: Instant | null;
  readonly records_expired_at: Instant | null;
  readonly rows: bigint | null;
  readonly records: bigint | null;
  readonly quantity: string | null;
  readonly hash: string | null;
}

function fromRow(row: WindowRow): ReportedWindow {
  const base = {
    granularity: row.granularity,
    number: row.number,
    origin: row.origin,
    openedAt: row.opened_at,
  };
  if (row.state !== 'closed') return { ...base, state: row.state };
  return {
    ...base,
    state: 'closed',
    // A constraint of the table holds these together with the state.
    closedAt: row.closed_at!,
    expiredAt: row.expired_at ?? undefined,
    recordsExpiredAt: row.records_expired_at ?? undefined,
    sums: { rows: row.rows!, records: row.records!, quantity: row.quantity!, hash: row.hash! },
  };
}

/** The hour that takes records now and the first one ever opened here; undefined before the first start. */
export async function readStampState(
  db: Queryable,
): Promise<{ openHour: number; firstHour: number } | undefined> {
  const { rows } = await db.query<{ open_hour: number | null; first_hour: number | null }>(
    'select open_hour, first_hour from stamp_state',
  );
  const row = rows[0]!;
  if (row.open_hour === null || row.first_hour === null) return undefined;
  return { openHour: row.open_hour, firstHour: row.first_hour };
}

/** As readStampState, and nobody else changes it until the transaction ends. */
export async function lockStampState(
  tx: Tx,
): Promise<{ openHour: number; firstHour: number } | undefined> {
  await tx.query('select from stamp_state for update');
  return readStampState(tx);
}

export async function writeStampState(
  tx: Tx,
  state: { openHour: number; firstHour: number },
): Promise<void> {
  await tx.query('update stamp_state set open_hour = $1, first_hour = $2', [
    state.openHour,
    state.firstHour,
  ]);
}

/** Makes windows from..through (inclusive) that do not exist yet, in the given state. */
export async function insertWindows(
  tx: Tx,
  windows: {
    granularity: Granularity;
    from: number;
    through: number;
    state: 'open' | 'closing';
    origin: 'own' | 'imported';
    openedAt: Instant;
  },
): Promise<void> {
  await tx.query(
    `insert into reported_window (granularity, number, state, origin, opened_at)
     select $1::text, number, $4::text, $5::text, $6::timestamptz from generate_series($2::int, $3::int) as number
     on conflict do nothing`,
    [
      windows.granularity,
      windows.from,
      windows.through,
      windows.state,
      windows.origin,
      windows.openedAt.toString(),
    ],
  );
}

export async function ensurePartitions(tx: Tx, hours: readonly number[]): Promise<void> {
  await tx.query('select ensure_usage_partitions(hour) from unnest($1::int[]) as hour', [hours]);
}

/** Hours that wait to be closed, in order. */
export async function listClosing(db: Queryable, through: number): Promise<number[]> {
  const { rows } = await db.query<{ number: number }>(
    `select number from reported_window
     where granularity = 'hour' and state = 'closing' and number <= $1 order by number`,
    [through],
  );
  return rows.map((row) => row.number);
}

/** From here on the hours from..through (inclusive) take no new records; those under way may still end. */
export async function markClosing(tx: Tx, from: number, through: number): Promise<void> {
  await tx.query(
    `update reported_window set state = 'closing'
     where granularity = 'hour' and number between $1 and $2 and state = 'open'`,
    [from, through],
  );
}

export async function readWindow(
  db: Queryable,
  granularity: Granularity,
  number: number,
): Promise<ReportedWindow | undefined> {
  const { rows } = await db.query<WindowRow>(
    'select * from reported_window where granularity = $1 and number = $2',
    [granularity, number],
  );
  return rows[0] && fromRow(rows[0]);
}

/** Windows from..through (inclusive), in order, or the newest first. */
export async function listWindows(
  db: Queryable,
  range: {
    granularity: Granularity;
    from: number;
    through: number;
    limit?: number;
    newestFirst?: true;
  },
): Promise<ReportedWindow[]> {
  const { rows } = await db.query<WindowRow>(
    `select * from reported_window
     where granularity = $1 and number between $2 and $3
     order by number ${range.newestFirst === true ? 'desc' : 'asc'} limit $4`,
    [range.granularity, range.from, range.through, range.limit ?? null],
  );
  return rows.map(fromRow);
}

/** Days whose hours are all closed and that are not closed themselves, in order. */
export async function listDaysToClose(db: Queryable, throughHour: number): Promise<number[]> {
  const { rows } = await db.query<{ number: number }>(
    `select day.number from reported_window day
     where day.granularity = 'day' and day.state <> 'closed'
       and (day.number + 1) * ${HOURS_PER_DAY} - 1 <= $1
       and not exists (
         select from reported_window hour
         where hour.granularity = 'hour' and hour.state <> 'closed'
           and hour.number >= day.number * ${HOURS_PER_DAY}
           and hour.number < (day.number + 1) * ${HOURS_PER_DAY})
     order by day.number`,
    [throughHour],
  );
  return rows.map((row) => row.number);
}

/** Whether all hours of a day that there are have been closed. */
export async function isDayComplete(tx: Tx, day: number): Promise<boolean> {
  const { rowCount } = await tx.query(
    `select from reported_window
     where granularity = 'hour' and state <> 'closed' and number between $1 and $2 limit 1`,
    [day * HOURS_PER_DAY, (day + 1) * HOURS_PER_DAY - 1],
  );
  return rowCount === 0;
}

/** The first day that is closed though one of the hours from..through (inclusive) in it is not. */
export async function findClosedDayWithOpenHour(
  tx: Tx,
  from: number,
  through: number,
): Promise<number | undefined> {
  const { rows } = await tx.query<{ number: number }>(
    `select day.number from reported_window hour
     join reported_window day on day.granularity = 'day' and day.number = hour.number / ${HOURS_PER_DAY}
     where hour.granularity = 'hour' and hour.state <> 'closed' and hour.number between $1 and $2
       and day.state = 'closed'
     order by day.number limit 1`,
    [from, through],
  );
  return rows[0]?.number;
}

/** How the rows of a granularity are made and where they are kept. */
interface Aggregate {
  readonly table: string;
  readonly reported: string;
  readonly usage: string;
  /** the rows that the input of window $1 makes */
  readonly made: string;
}

const AGGREGATES: Readonly<Record<Granularity, Aggregate>> = {
  hour: {
    table: 'usage_hourly',
    reported: 'reported_hour',
    usage: 'usage_hour',
    made: `
      select r.subscription_id, r.usage_hour, r.resource_key, s.meter, min(r.spelling) as spelling,
             count(*)::int as records, trim_scale(sum(r.quantity)) as quantity
      from usage_record r join meter_spelling s on s.spelling = r.spelling
      where r.reported_hour = $1::int
      group by r.subscription_id, r.usage_hour, r.resource_key, s.meter`,
  },
  day: {
    table: 'usage_daily',
    reported: 'reported_day',
    usage: 'usage_day',
    made: `
      select subscription_id, usage_hour / ${HOURS_PER_DAY} as usage_day, resource_key, meter,
             min(spelling) as spelling, sum(records)::int as records, trim_scale(sum(quantity)) as quantity
      from usage_hourly
      where reported_hour >= $1::int * ${HOURS_PER_DAY} and reported_hour < ($1::int + 1) * ${HOURS_PER_DAY}
      group by subscription_id, usage_hour / ${HOURS_PER_DAY}, resource_key, meter`,
  },
};

function columnsOf({ usage }: Aggregate): string {
  return `subscription_id, ${usage}, resource_key, meter, spelling, records, quantity`;
}

/** The hash of a row is one that PostgreSQL keeps the same across versions, because hash partitioning depends on it. */
function sumsOf(from: string, aggregate: Aggregate): string {
  return `select count(*) as rows, coalesce(sum(records), 0)::bigint as records,
                 trim_scale(coalesce(sum(quantity), 0))::text as quantity,
                 coalesce(sum(hash_record_extended(row(${columnsOf(aggregate)}), 0)), 0)::text as hash
          from ${from}`;
}

/** Writes the rows of a window. Sorted by key, so that both indexes are filled from left to right. */
export async function aggregateWindow(
  tx: Tx,
  granularity: Granularity,
  number: number,
): Promise<WindowSums> {
  const aggregate = AGGREGATES[granularity];
  const { table, reported, made } = aggregate;
  const columns = columnsOf(aggregate);
  await allowLargeSorts(tx);
  const { rows } = await tx.query<WindowSums>(
    `with made as (
       insert into ${table} (${reported}, ${columns})
       select $1::int, made.* from (${made}) as made order by 2, 3, 4, 5
       returning ${columns}
     ) ${sumsOf('made', aggregate)}`,
    [number],
  );
  return rows[0]!;
}

/** Closing handles a whole window at once: the memory of one query, and given back with it. */
async function allowLargeSorts(tx: Tx): Promise<void> {
  await tx.query(`set local work_mem = '128MB'`);
}

export async function markClosed(
  tx: Tx,
  window: { granularity: Granularity; number: number },
  sums: WindowSums,
  closedAt: Instant,
): Promise<void> {
  await tx.query(
    `update reported_window
     set state = 'closed', closed_at = $3, rows = $4, records = $5, quantity = $6, hash = $7
     where granularity = $1 and number = $2`,
    [
      window.granularity,
      window.number,
      closedAt.toString(),
      String(sums.rows),
      String(sums.records),
      sums.quantity,
      sums.hash,
    ],
  );
}

/** Sums of the rows as they stand in the table. */
export async function sumStored(
  tx: Tx,
  granularity: Granularity,
  number: number,
): Promise<WindowSums> {
  const aggregate = AGGREGATES[granularity];
  const { table, reported } = aggregate;
  const { rows } = await tx.query<WindowSums>(
    sumsOf(`${table} where ${reported} = $1::int`, aggregate),
    [number],
  );
  return rows[0]!;
}

/** Sums of the rows that the window's input makes when it is computed anew. */
export async function sumRecomputed(
  tx: Tx,
  granularity: Granularity,
  number: number,
): Promise<WindowSums> {
  const aggregate = AGGREGATES[granularity];
  await allowLargeSorts(tx);
  const { rows } = await tx.query<WindowSums>(sumsOf(`(${aggregate.made}) as made`, aggregate), [
    number,
  ]);
  return rows[0]!;
}

export interface DifferentRow {
  readonly side: 'stored' | 'recomputed';
  readonly row: string;
}

/** Rows that stand on one side only, a few of them, as text. */
export async function differingRows(
  tx: Tx,
  granularity: Granularity,
  number: number,
  limit: number,
): Promise<DifferentRow[]> {
  const aggregate = AGGREGATES[granularity];
  const { table, reported, made } = aggregate;
  const stored = `select ${columnsOf(aggregate)} from ${table} where ${reported} = $1::int`;
  const { rows } = await tx.query<DifferentRow>(
    `(select 'stored' as side, d::text as row from (${stored} except all (${made})) as d limit $2)
     union all
     (select 'recomputed', d::text from ((${made}) except all ${stored}) as d limit $2)`,
    [number, limit],
  );
  return rows;
}
