import { hourNumber, type HourNumber } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';

/** Closed windows that wait to be reported. */
export interface Backlog {
  readonly windows: number;
  readonly rows: bigint;
  readonly oldest: HourNumber | undefined;
  readonly newest: HourNumber | undefined;
}

/** Closed windows from this one on. */
export async function readBacklog(db: Queryable, from: HourNumber): Promise<Backlog> {
  const { rows } = await db.query<{
    windows: number;
    rows: bigint;
    oldest: number | null;
    newest: number | null;
  }>(
    `select count(*)::int as windows, coalesce(sum(rows), 0)::bigint as rows,
            min(number) as oldest, max(number) as newest
     from reported_window where granularity = 'hour' and state = 'closed' and number >= $1`,
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
 * An hour before the stamp's own first one has a window only if an import made it. It counts as empty once history has
 * been imported and no import is under way; until then an import may still fill it, and it is waited for.
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
    `with own as (select first_hour from stamp_state),
          filled as (
            select exists (select from reported_window
                           where granularity = 'hour' and origin = 'imported' and state = 'closed')
               and not exists (select from reported_window
                               where granularity = 'hour' and origin = 'imported' and state <> 'closed') as done)
     select series.number, coalesce(w.state, case when filled.done and series.number < own.first_hour then 'empty' end) as state,
            w.rows, w.quantity, w.expired_at is not null as expired
     from own, filled, generate_series($1::int, $1::int + $2::int - 1) as series (number)
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
