import { hourNumber, type HourNumber } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';

/** Closed windows that wait to be reported. */
export interface Backlog {
  readonly windows: number;
  readonly rows: bigint;
  readonly oldest: HourNumber | undefined;
  readonly newest: HourNumber | undefined;
}

/** Before which hour those without a window count as empty; the operator has said so. */
const RELEASED = `select released_before as before from bridge_progress join activation using (registration_id)`;

/** Windows from this one on that are closed, or count as empty. Those behind one that is not closed are among them. */
export async function readBacklog(db: Queryable, from: HourNumber): Promise<Backlog> {
  const { rows } = await db.query<{
    windows: number;
    rows: bigint;
    oldest: number | null;
    newest: number | null;
  }>(
    `with due as (
       select number, rows from reported_window where granularity = 'hour' and state = 'closed' and number >= $1
       union all
       select series.number, 0 from stamp_state, (${RELEASED}) as released,
         generate_series($1::int, case when released.before > 0 then least(released.before, first_hour) - 1 end)
           as series (number)
       where not exists (select from reported_window w where w.granularity = 'hour' and w.number = series.number)
     )
     select count(*)::int as windows, coalesce(sum(rows), 0)::bigint as rows,
            min(number) as oldest, max(number) as newest from due`,
    [from],
  );
  const { windows, rows: usage, oldest, newest } = rows[0]!;
  return {
    windows,
    rows: usage,
    oldest: oldest === null ? undefined : hourNumber(oldest),
    newest: newest === null ? undefined : hourNumber(newest),
  };
}

/** A window as it can be sent: what was noted when it closed. */
export interface DueWindow {
  readonly window: HourNumber;
  readonly rows: bigint;
  /** Sum of all quantities; exact decimal text. */
  readonly quantity: string;
  /** Its rows are past retention. */
  readonly isExpired: boolean;
}

/**
 * The windows that can be sent, in order and without a gap, beginning with `next`: up to the first that is not closed.
 *
 * An hour before the stamp's own first one has a window only if an import made it. Without one it is waited for, since
 * an import may come; it counts as empty once the operator has released it.
 */
export async function listDue(
  db: Queryable,
  next: HourNumber,
  limit: number,
): Promise<DueWindow[]> {
  const { rows } = await db.query<{
    number: number;
    state: string | null;
    rows: bigint | null;
    quantity: string | null;
    expired: boolean;
  }>(
    `select series.number, coalesce(w.state, case when series.number < own.first_hour and released.before is not null then 'empty' end) as state,
            w.rows, w.quantity, w.expired_at is not null as expired
     from (select first_hour from stamp_state where first_hour is not null) as own
     cross join generate_series($1::int, $1::int + $2::int - 1) as series (number)
     left join (${RELEASED}) as released on released.before is not null and series.number < released.before
     left join reported_window w on w.granularity = 'hour' and w.number = series.number
     order by series.number`,
    [next, limit],
  );
  const due: DueWindow[] = [];
  for (const row of rows) {
    if (row.state !== 'closed' && row.state !== 'empty') break;
    due.push({
      window: hourNumber(row.number),
      rows: row.rows ?? 0n,
      quantity: row.quantity ?? '0',
      isExpired: row.expired,
    });
  }
  return due;
}

const LISTED = 200;

/** All windows that can be sent from this one on, as {@link listDue} has them; only those before `until` if given. */
export async function* eachDue(
  db: Queryable,
  from: HourNumber,
  until?: HourNumber,
): AsyncGenerator<DueWindow> {
  for (let next: HourNumber | undefined = from; next !== undefined;) {
    const limit: number = Math.min(LISTED, (until ?? Infinity) - next);
    const due: DueWindow[] = limit > 0 ? await listDue(db, next, limit) : [];
    yield* due;
    const last: DueWindow | undefined = due.at(-1);
    next = due.length < limit || last === undefined ? undefined : hourNumber(last.window + 1);
  }
}

/** Hours from..to (exclusive) before the stamp's own first one that have no window. */
export async function countMissing(
  db: Queryable,
  range: { readonly from: number; readonly to: number },
): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::int as count from stamp_state, generate_series($1::int, least($2::int, first_hour) - 1) as h (number)
     where not exists (select from reported_window w where w.granularity = 'hour' and w.number = h.number)`,
    [range.from, range.to],
  );
  return rows[0]!.count;
}

/** Imported hours that are not closed: their import is under way, or was interrupted. */
export async function countImportedOpen(db: Queryable): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::int as count from reported_window
     where granularity = 'hour' and origin = 'imported' and state <> 'closed'`,
  );
  return rows[0]!.count;
}

/** Whether there is a window of this hour; where not, an import is waited for. */
export async function hasWindow(db: Queryable, window: HourNumber): Promise<boolean> {
  const { rowCount } = await db.query(
    `select from reported_window where granularity = 'hour' and number = $1`,
    [window],
  );
  return rowCount === 1;
}

/**
 * Reported windows whose usage came after they had been reported as empty, because history was imported into them then:
 * usage that commerce does not have.
 */
export async function countImportedTooLate(
  db: Queryable,
  range: { readonly registrationId: string; readonly from: number; readonly to: number },
): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::int as count from bridge_window sent
     join reported_window w on w.granularity = 'hour' and w.number = sent.reported_hour
     where sent.registration_id = $1 and sent.reported_hour >= $2 and sent.reported_hour < $3
       and w.state = 'closed' and w.rows > 0 and sent.rows = 0`,
    [range.registrationId, range.from, range.to],
  );
  return rows[0]!.count;
}
