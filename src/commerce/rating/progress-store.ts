import { hourNumber, type HourNumber } from '../../kernel/index.ts';
import type { Queryable, Tx } from '../../platform/index.ts';
import { countOf } from './numbers.ts';
import type { WindowRange } from './part-store.ts';

/**
 * The first hour of which no usage has been rated: everything before may have charges. Undefined while nothing has been
 * rated at all.
 */
export async function ratedUpTo(db: Queryable): Promise<HourNumber | undefined> {
  const { rows } = await db.query<{ last: number | null }>(
    'select max(last_window) as last from rating_progress',
  );
  const last = rows[0]?.last ?? undefined;
  return last === undefined ? undefined : hourNumber(last + 1);
}

/**
 * The first hour of which some usage may still have to be rated: of the stamps that report, the one that is furthest
 * behind. Where none reports any more, {@link ratedUpTo}.
 */
export async function completelyRatedUpTo(db: Queryable): Promise<HourNumber | undefined> {
  const { rows } = await db.query<{ next: number | null }>(
    `select case when max(p.last_window) is not null
                 then coalesce(min(greatest(o.from_window, p.last_window + 1)) filter (where o.from_window is not null),
                               max(p.last_window) + 1) end as next
     from registration r left join rating_progress p using (registration_number)
     left join reporting_period o on o.registration_number = r.registration_number and o.ended_at is null`,
  );
  const next = rows[0]?.next ?? undefined;
  return next === undefined ? undefined : hourNumber(next);
}

/** Accepted windows that are rated next, and how much there is of them. */
export interface WaitingWindows {
  readonly ranges: readonly WindowRange[];
  readonly windows: number;
  readonly rows: number;
}

/** Windows of one registration that are looked at at once. */
const MOST_WINDOWS = 2_208;

/**
 * The accepted windows that come next, the earliest first and those of each registration in order: at least one, and as
 * many as have `mostRows` rows together. Rows that are not accepted lie after them.
 */
export async function waitingWindows(db: Queryable, mostRows: number): Promise<WaitingWindows> {
  // For each registration the end of a primary key.
  const { rows } = await db.query<{
    registration: number;
    after: number;
    window: number;
    rows: bigint;
  }>({
    name: 'rating-waiting',
    text: `select registration, after, reported_hour as window, rows
           from (
             select r.registration_number as registration, coalesce(p.last_window, -1) as after, w.reported_hour, w.rows,
                    sum(w.rows) over (order by w.reported_hour, r.registration_number) as until,
                    row_number() over (order by w.reported_hour, r.registration_number) as place
             from registration r
             left join rating_progress p using (registration_number)
             cross join lateral (
               select reported_hour, rows from received_window
               where registration_number = r.registration_number and reported_hour > coalesce(p.last_window, -1)
               order by reported_hour limit $1
             ) w
           ) as waiting
           where until <= $2 or place = 1
           order by reported_hour, registration`,
    values: [MOST_WINDOWS, mostRows],
  });
  const ranges = new Map<number, WindowRange>();
  let count = 0;
  for (const { registration, after, window, rows: own } of rows) {
    ranges.set(registration, { registration, after, through: window });
    count += countOf(own);
  }
  return { ranges: [...ranges.values()], windows: rows.length, rows: count };
}

/** Hours by which usage is at most later than the window that it is reported in: what is later is refused. */
const MOST_AHEAD = 24;

/**
 * The windows of each registration that have been rated and can have usage from an hour on.
 *
 * @param firstUsed hour since 1970
 */
export async function ratedWindows(db: Queryable, firstUsed: number): Promise<WindowRange[]> {
  const { rows } = await db.query<WindowRange>(
    `select registration_number as registration, $1::int as after, last_window as through
     from rating_progress where last_window > $1 order by registration_number`,
    [Math.max(-1, firstUsed - MOST_AHEAD - 1)],
  );
  return rows;
}

/** Notes that these windows are rated; in the transaction that does it, so that no row counts twice. */
export async function noteRated(tx: Tx, ranges: readonly WindowRange[]): Promise<void> {
  await tx.query({
    name: 'rating-note-rated',
    text: `insert into rating_progress (registration_number, last_window)
           select * from unnest($1::int[], $2::int[])
           on conflict (registration_number) do update set last_window = excluded.last_window`,
    values: [ranges.map(({ registration }) => registration), ranges.map(({ through }) => through)],
  });
}

/** How much is accepted and not rated yet. */
export interface RatingBacklog {
  readonly windows: number;
  readonly rows: number;
  /** The earliest of the windows; undefined when there is none. */
  readonly earliest: HourNumber | undefined;
}

export async function ratingBacklog(db: Queryable): Promise<RatingBacklog> {
  const { rows } = await db.query<{ windows: bigint; rows: bigint; earliest: number | null }>(
    `select count(*) as windows, coalesce(sum(w.rows), 0)::bigint as rows, min(w.reported_hour) as earliest
     from registration r
     left join rating_progress p using (registration_number)
     join received_window w on w.registration_number = r.registration_number
                           and w.reported_hour > coalesce(p.last_window, -1)`,
  );
  const [backlog] = rows;
  return {
    windows: countOf(backlog?.windows ?? 0n),
    rows: countOf(backlog?.rows ?? 0n),
    earliest: typeof backlog?.earliest === 'number' ? hourNumber(backlog.earliest) : undefined,
  };
}
