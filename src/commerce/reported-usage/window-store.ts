import { isJsonObject, type Instant } from '../../kernel/index.ts';
import type { Queryable, Tx } from '../../platform/index.ts';
import { readAccepted, type AcceptedWindow } from '../../reporting/index.ts';
import { countOf, type WindowKey } from './batch-store.ts';

/** An accepted window as it is kept. */
export interface StoredWindow {
  readonly window: number;
  /** The text that was hashed. */
  readonly content: string;
  /** In hexadecimal digits, both. */
  readonly previousHash: string;
  readonly hash: string;
}

const COLUMNS = `reported_hour as window, content, encode(previous_hash, 'hex') as "previousHash",
  encode(hash, 'hex') as hash`;

export async function findReceived(
  db: Queryable,
  { registrationNumber, window }: WindowKey,
): Promise<StoredWindow | undefined> {
  const { rows } = await db.query<StoredWindow>(
    `select ${COLUMNS} from received_window where registration_number = $1 and reported_hour = $2`,
    [registrationNumber, window],
  );
  return rows[0];
}

/** The accepted windows from `from`, inclusive, to `to`, exclusive, in order. */
export async function listReceived(
  db: Queryable,
  registrationNumber: number,
  { from, to }: WindowRange,
): Promise<StoredWindow[]> {
  const { rows } = await db.query<StoredWindow>(
    `select ${COLUMNS} from received_window
     where registration_number = $1 and reported_hour >= $2 and reported_hour < $3 order by reported_hour`,
    [registrationNumber, from, to],
  );
  return rows;
}

/** Windows, hours since 1970-01-01T00:00Z; `to` is exclusive. */
export interface WindowRange {
  readonly from: number;
  readonly to: number;
}

/** Characters that {@link listReceived} would read. */
export async function measureReceived(
  db: Queryable,
  registrationNumber: number,
  { from, to }: WindowRange,
): Promise<bigint> {
  const { rows } = await db.query<{ characters: bigint }>(
    `select coalesce(sum(length(content)), 0)::bigint as characters from received_window
     where registration_number = $1 and reported_hour >= $2 and reported_hour < $3`,
    [registrationNumber, from, to],
  );
  return rows[0]!.characters;
}

/** The window that was accepted last; undefined when none was. */
export async function lastReceived(
  db: Queryable,
  registrationNumber: number,
): Promise<{ readonly window: number; readonly hash: string } | undefined> {
  const { rows } = await db.query<{ window: number; hash: string }>(
    `select reported_hour as window, encode(hash, 'hex') as hash from received_window
     where registration_number = $1 order by reported_hour desc limit 1`,
    [registrationNumber],
  );
  return rows[0];
}

export async function insertReceived(
  tx: Tx,
  { registrationNumber, window }: WindowKey,
  { manifest, acceptedAt, previousHash, hash }: AcceptedWindow,
  content: string,
): Promise<void> {
  await tx.query(
    `insert into received_window (registration_number, reported_hour, batches, rows, content, previous_hash, hash,
                                  accepted_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      registrationNumber,
      window,
      manifest.batches,
      manifest.rows,
      content,
      Buffer.from(previousHash, 'hex'),
      Buffer.from(hash, 'hex'),
      acceptedAt.toString(),
    ],
  );
}

/**
 * SQL of the last accepted window of a registration, null without one: a step at the end of the primary key. All that is
 * kept of windows up to it was accepted, and nothing of what is kept after it; see `unaccepted-store.ts`.
 *
 * @param number SQL of the number of the registration
 */
export function lastAcceptedOf(number: string): string {
  return `(select max(reported_hour) from received_window where registration_number = ${number})`;
}

/** What was hashed, with its place in the chain, as a window again. */
export function toAccepted({ content, previousHash, hash }: StoredWindow): AcceptedWindow {
  const parsed: unknown = JSON.parse(content);
  const parts: readonly unknown[] = Array.isArray(parsed) ? parsed : [];
  const [, , window, batches, rows, digest, meters, acceptedAt] = parts;
  const value = { window, batches, rows, digest, meters, acceptedAt, previousHash, hash };
  const accepted = isJsonObject(value) ? readAccepted(value) : undefined;
  if (accepted === undefined) throw new Error('An accepted window is not kept as it was written.');
  return accepted;
}

/** How much was accepted of each registration after what is known already. */
export interface ReceivedSince {
  readonly registrationNumber: number;
  readonly registrationId: string;
  readonly windows: number;
  readonly rows: number;
  /** The last accepted window; undefined when none came. */
  readonly through: number | undefined;
  /** The window that comes next in the open period; undefined when none is open. */
  readonly next: number | undefined;
  readonly startedAt: Instant | undefined;
}

/** @param known the last window that is known already, by registration number */
export async function readReceivedSince(
  db: Queryable,
  known: ReadonlyMap<number, number>,
): Promise<ReceivedSince[]> {
  const { rows } = await db.query<{
    number: number;
    id: string;
    windows: bigint;
    rows: bigint;
    through: number | null;
    next: number | null;
    started: Instant | null;
  }>(
    `select r.registration_number as number, r.registration_id as id, w.windows, w.rows, w.through,
            p.next_window as next, p.started_at as started
     from registration r
     left join unnest($1::int[], $2::int[]) as k (number, through) on k.number = r.registration_number
     left join reporting_period p on p.registration_number = r.registration_number and p.ended_at is null
     cross join lateral (
       select count(*) as windows, coalesce(sum(rows), 0)::bigint as rows, max(reported_hour) as through
       from received_window
       where registration_number = r.registration_number and reported_hour > coalesce(k.through, -1)
     ) w
     where r.state <> 'Removed'`,
    [[...known.keys()], [...known.values()]],
  );
  return rows.map((row) => ({
    registrationNumber: row.number,
    registrationId: row.id,
    windows: countOf(row.windows),
    rows: countOf(row.rows),
    through: row.through ?? undefined,
    next: row.next ?? undefined,
    startedAt: row.started ?? undefined,
  }));
}
