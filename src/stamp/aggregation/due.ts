import type { Instant } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import { HOURS_PER_DAY } from './reported-window.ts';

/**
 * Since when the window has been due that has waited longest: an own hour since its end, also one that is yet to come;
 * a day since its end or since the last of its hours closed, whichever was later. Imported hours are not due: they wait
 * for their import.
 */
export async function readDueSince(db: Queryable): Promise<Instant | undefined> {
  const { rows } = await db.query<{ since: Instant | null }>(
    `select min(since) as since from (
       select to_timestamp((number + 1) * 3600::float8) as since from reported_window
       where granularity = 'hour' and origin = 'own' and state <> 'closed'
       union all
       select greatest(to_timestamp((day.number + 1) * 86400::float8), max(hour.closed_at))
       from reported_window day
       join reported_window hour on hour.granularity = 'hour'
         and hour.number >= day.number * ${HOURS_PER_DAY}
         and hour.number < (day.number + 1) * ${HOURS_PER_DAY}
       where day.granularity = 'day' and day.state <> 'closed'
       group by day.number
       having bool_and(hour.state = 'closed')
     ) as due`,
  );
  return rows[0]?.since ?? undefined;
}

/** Imported hours that are open: an import did not end, or was told to leave them so. Their days stay open with them. */
export async function countOpenImportedHours(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::int as count from reported_window
     where granularity = 'hour' and origin = 'imported' and state = 'open'`,
  );
  return rows[0]!.count;
}
