import type { Queryable, Tx } from '../../platform/index.ts';
import { deleteWindows, type WindowKey } from './batch-store.ts';
import { lastAcceptedOf } from './window-store.ts';

/** A window of which batches have come and which is not accepted. */
export interface UnacceptedWindow extends WindowKey {
  /** Whether it is the one that comes next in the open period; otherwise it never will be accepted. */
  readonly isNext: boolean;
}

/**
 * The windows of which something is kept although they are not accepted: they lie after the last accepted one, at most a
 * handful of each registration. Readers of rows leave them out, in the snapshot in which they read.
 *
 * @param registrationNumbers all registrations unless given
 */
export async function listUnaccepted(
  db: Queryable,
  registrationNumbers?: readonly number[],
): Promise<UnacceptedWindow[]> {
  // For each registration the end of two primary keys.
  const { rows } = await db.query<UnacceptedWindow>(
    `select r.registration_number as "registrationNumber", b.window, p.next_window is not null as "isNext"
     from registration r
     cross join lateral (
       select distinct reported_hour as window from reported_batch
       where registration_number = r.registration_number
         and reported_hour > coalesce(${lastAcceptedOf('r.registration_number')}, -1)
     ) b
     left join reporting_period p on p.registration_number = r.registration_number and p.ended_at is null
                                 and p.next_window = b.window
     where $1::int[] is null or r.registration_number = any($1)
     order by 1, 2`,
    [registrationNumbers ?? null],
  );
  return rows;
}

/**
 * Takes away what was sent of windows that can no longer be accepted: their period ended, or was moved on, before they
 * were whole. The one that the open period is at is left alone. To be called with the registration held.
 *
 * @returns the windows
 */
export async function dropUnaccepted(tx: Tx, registrationNumber: number): Promise<number[]> {
  const unaccepted = await listUnaccepted(tx, [registrationNumber]);
  const windows = unaccepted.flatMap(({ window, isNext }) => (isNext ? [] : [window]));
  await deleteWindows(tx, registrationNumber, windows);
  return windows;
}
