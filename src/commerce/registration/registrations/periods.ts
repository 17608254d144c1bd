import type { Instant } from '../../../kernel/index.ts';
import type { Queryable } from '../../../platform/index.ts';

/** A time during which windows are reported, one after another. Windows are hours since 1970-01-01T00:00Z. */
export interface ReportingPeriod {
  readonly fromWindow: number;
  /** The one that must come next; all from the first up to it have been accepted. */
  readonly nextWindow: number;
  readonly startedAt: Instant;
  readonly endedAt: Instant | undefined;
  readonly endReason: 'ReportingOff' | 'Removed' | undefined;
}

interface PeriodRow {
  readonly from_window: number;
  readonly next_window: number;
  readonly started_at: Instant;
  readonly ended_at: Instant | null;
  readonly end_reason: 'ReportingOff' | 'Removed' | null;
}

function fromRow(row: PeriodRow): ReportingPeriod {
  return {
    fromWindow: row.from_window,
    nextWindow: row.next_window,
    startedAt: row.started_at,
    endedAt: row.ended_at ?? undefined,
    endReason: row.end_reason ?? undefined,
  };
}

/** The periods of a registration, by their first window. */
export async function listReportingPeriods(
  db: Queryable,
  registrationNumber: number,
): Promise<ReportingPeriod[]> {
  const { rows } = await db.query<PeriodRow>(
    'select * from reporting_period where registration_number = $1 order by from_window',
    [registrationNumber],
  );
  return rows.map(fromRow);
}

/** The period that has not ended, held until the transaction ends. */
export async function lockOpenPeriod(
  tx: Queryable,
  registrationNumber: number,
): Promise<ReportingPeriod | undefined> {
  const { rows } = await tx.query<PeriodRow>(
    'select * from reporting_period where registration_number = $1 and ended_at is null for update',
    [registrationNumber],
  );
  return rows[0] && fromRow(rows[0]);
}

/** Notes in the open period that a window was accepted. To be called while the period is held. */
export async function advanceWindow(
  tx: Queryable,
  registrationNumber: number,
  acceptedWindow: number,
): Promise<void> {
  const { rowCount } = await tx.query(
    `update reporting_period set next_window = $2::integer + 1
     where registration_number = $1 and ended_at is null and next_window = $2`,
    [registrationNumber, acceptedWindow],
  );
  if (rowCount !== 1) throw new Error(`the window ${acceptedWindow} is not the next one`);
}

/**
 * The window after the last one that was accepted of a stamp, under whatever registration of it;
 * undefined when none was.
 */
export async function acceptedUntil(tx: Queryable, cloudId: string): Promise<number | undefined> {
  const { rows } = await tx.query<{ until: number | null }>(
    `select max(p.next_window) as until from registration r join reporting_period p using (registration_number)
     where r.cloud_id = $1 and p.next_window > p.from_window`,
    [cloudId],
  );
  return rows[0]?.until ?? undefined;
}

/** Lets reporting begin with a window. A period that ended before anything was accepted begins once more. */
export async function openPeriod(
  tx: Queryable,
  registrationNumber: number,
  fromWindow: number,
  now: Instant,
): Promise<void> {
  await tx.query(
    `insert into reporting_period (registration_number, from_window, next_window, started_at)
     values ($1, $2, $2, $3)
     on conflict (registration_number, from_window) do update
       set started_at = excluded.started_at, ended_at = null, end_reason = null`,
    [registrationNumber, fromWindow, now.toString()],
  );
}

/**
 * Lets the open period, of which nothing was accepted, begin with another window. What was received of
 * the window at which it stood goes: nobody has seen it, and it would stand among accepted ones later.
 */
export async function movePeriod(
  tx: Queryable,
  registrationNumber: number,
  { nextWindow }: Pick<ReportingPeriod, 'nextWindow'>,
  fromWindow: number,
): Promise<void> {
  for (const table of ['reported_usage', 'reported_batch']) {
    await tx.query(`delete from ${table} where registration_number = $1 and reported_hour = $2`, [
      registrationNumber,
      nextWindow,
    ]);
  }
  await tx.query(
    `delete from reporting_period
     where registration_number = $1 and from_window = $2 and ended_at is not null`,
    [registrationNumber, fromWindow],
  );
  await tx.query(
    `update reporting_period set from_window = $2, next_window = $2
     where registration_number = $1 and ended_at is null`,
    [registrationNumber, fromWindow],
  );
}

/** Ends the open period, if there is one. Waits for a window that is just being accepted. */
export async function endOpenPeriod(
  tx: Queryable,
  registrationNumber: number,
  reason: 'ReportingOff' | 'Removed',
  now: Instant,
): Promise<void> {
  await tx.query(
    `update reporting_period set ended_at = $3, end_reason = $2
     where registration_number = $1 and ended_at is null`,
    [registrationNumber, reason, now.toString()],
  );
}
