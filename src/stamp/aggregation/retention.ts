import type { Instant } from '../../kernel/index.ts';
import type { Database, Tx } from '../../platform/index.ts';
import { HOURS_PER_DAY } from './reported-window.ts';

export interface RetentionPeriods {
  /** days after its window closed for which a raw record is kept */
  readonly recordDays: number;
  /** days after its window closed for which an hourly row is kept; daily rows stay */
  readonly hourlyDays: number;
}

export interface Expired {
  readonly partition: string;
  readonly hours: number;
}

interface Partition {
  readonly name: string;
  readonly low: number;
  readonly high: number;
}

/**
 * Drops what is past retention, a partition at a time: one of records when the whole of its day may go, one of
 * hourly rows when its whole month may. Counted from the closing of the windows, so that history imported today
 * is kept as long as usage reported today. The windows remember that their rows are gone.
 */
export async function applyRetention(
  database: Database,
  now: Instant,
  periods: RetentionPeriods,
): Promise<Expired[]> {
  const records = await expire(database, now, {
    parent: 'usage_record',
    days: periods.recordDays,
    column: 'records_expired_at',
  });
  const hourly = await expire(database, now, {
    parent: 'usage_hourly',
    days: periods.hourlyDays,
    column: 'expired_at',
  });
  return [...records, ...hourly];
}

interface Rule {
  readonly parent: 'usage_record' | 'usage_hourly';
  readonly days: number;
  readonly column: 'records_expired_at' | 'expired_at';
}

async function expire(database: Database, now: Instant, rule: Rule): Promise<Expired[]> {
  const expired: Expired[] = [];
  const closedBefore = now.subtract({ hours: rule.days * HOURS_PER_DAY });
  for (const partition of await listPartitions(database, rule.parent)) {
    const hours = await database.transaction(async (tx) => {
      // Waiting for readers would make later readers wait behind it: give up soon, the next run tries again.
      await tx.query(`set local lock_timeout = '2s'`);
      if (!(await mayExpire(tx, partition, closedBefore))) return undefined;
      const { rowCount } = await tx.query(
        `update reported_window set ${rule.column} = $3
         where granularity = 'hour' and number >= $1 and number < $2 and ${rule.column} is null`,
        [partition.low, partition.high, now.toString()],
      );
      if (rule.parent === 'usage_hourly') await markDays(tx, partition, now);
      await tx.query(`drop table "${partition.name}"`);
      return rowCount ?? 0;
    });
    if (hours !== undefined) expired.push({ partition: partition.name, hours });
  }
  return expired;
}

/** Daily rows stay, and what they were made of is gone. */
async function markDays(tx: Tx, partition: Partition, now: Instant): Promise<void> {
  await tx.query(
    `update reported_window set records_expired_at = $3
     where granularity = 'day' and number >= $1 / ${HOURS_PER_DAY} and number < $2 / ${HOURS_PER_DAY}
       and records_expired_at is null`,
    [partition.low, partition.high, now.toString()],
  );
}

/** Every window in it was closed before then, and so was the day that is made of it. */
async function mayExpire(tx: Tx, partition: Partition, closedBefore: Instant): Promise<boolean> {
  const { rows } = await tx.query<{ kept: boolean; hours: bigint }>(
    `select coalesce(bool_or(state <> 'closed' or closed_at >= $3), false) as kept,
            count(*) filter (where granularity = 'hour') as hours
     from reported_window
     where (granularity = 'hour' and number >= $1 and number < $2)
        or (granularity = 'day' and number >= $1 / ${HOURS_PER_DAY} and number < $2 / ${HOURS_PER_DAY})`,
    [partition.low, partition.high, closedBefore.toString()],
  );
  const row = rows[0]!;
  return !row.kept && row.hours > 0n;
}

async function listPartitions(database: Database, parent: string): Promise<Partition[]> {
  const { rows } = await database.pool.query<{ name: string; bounds: string }>(
    `select c.relname as name, pg_get_expr(c.relpartbound, c.oid) as bounds
     from pg_inherits i join pg_class c on c.oid = i.inhrelid
     where i.inhparent = $1::regclass order by c.relname`,
    [parent],
  );
  return rows.flatMap(({ name, bounds }) => {
    const [, low, high] = /FROM \('?(-?\d+)'?\) TO \('?(-?\d+)'?\)/.exec(bounds) ?? [];
    if (low === undefined || high === undefined) return [];
    return [{ name, low: Number.parseInt(low, 10), high: Number.parseInt(high, 10) }];
  });
}
