import { hash } from 'node:crypto';
import type { Instant } from '../../kernel/index.ts';
import { uuidOf, uuidText, type Queryable, type Tx } from '../../platform/index.ts';
import { storable } from './event.ts';

/** A record that cannot be counted, as it goes into quarantine. */
export interface HeldRecord {
  readonly principalId: string | undefined;
  readonly code: string;
  readonly message: string;
  readonly source: string | undefined;
  readonly recordId: string | undefined;
  readonly body: Buffer;
}

export type QuarantineState = 'held' | 'replayed' | 'discarded';

export interface QuarantineEntry {
  readonly quarantineId: bigint;
  readonly firstReceivedAt: Instant;
  readonly lastReceivedAt: Instant;
  readonly occurrences: bigint;
  readonly principalId: string;
  readonly code: string;
  readonly message: string;
  readonly source: string | undefined;
  readonly recordId: string | undefined;
  /** as received; in lists its beginning */
  readonly body: Buffer;
  readonly bodyBytes: number;
  readonly state: QuarantineState;
  readonly resolvedAt: Instant | undefined;
  readonly resolution: string | undefined;
}

/** Stands for the stamp itself where a principal is asked for. */
export const STAMP_PRINCIPAL = '00000000-0000-0000-0000-000000000000';

/**
 * Puts records into quarantine. The same bytes with the same fault from the same sender are one entry, however often
 * they are sent: an emitter that repeats itself cannot fill the disk.
 *
 * @returns the id of the entry of each record, in the order given
 */
export async function insertHeld(
  tx: Tx,
  records: readonly HeldRecord[],
  now: Instant,
): Promise<bigint[]> {
  const entries = new Map<string, { record: HeldRecord; count: number }>();
  const fingerprints = records.map((record) => {
    const fingerprint = fingerprintOf(record);
    const known = entries.get(fingerprint);
    if (known === undefined) entries.set(fingerprint, { record, count: 1 });
    else known.count += 1;
    return fingerprint;
  });
  const ordered = [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1));
  const { rows } = await tx.query<{ quarantine_id: bigint; fingerprint: string }>(
    `insert into quarantine as q (first_received_at, last_received_at, occurrences, principal_id, code, message,
       source, record_id, body, fingerprint)
     select $1, $1, * from unnest($2::bigint[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[],
       $8::bytea[], $9::uuid[])
     on conflict (fingerprint) where state = 'held' do update
       set occurrences = q.occurrences + excluded.occurrences, last_received_at = excluded.last_received_at
     returning quarantine_id, fingerprint`,
    [
      now.toString(),
      ordered.map(([, { count }]) => count),
      ordered.map(([, { record }]) => record.principalId ?? STAMP_PRINCIPAL),
      ordered.map(([, { record }]) => record.code),
      // These quote the record, and may hold what text cannot; the bytes as received are kept besides.
      ordered.map(([, { record }]) => storable(record.message)),
      ordered.map(([, { record }]) => orNull(record.source)),
      ordered.map(([, { record }]) => orNull(record.recordId)),
      ordered.map(([, { record }]) => record.body),
      ordered.map(([fingerprint]) => fingerprint),
    ],
  );
  const ids = new Map(rows.map((row) => [row.fingerprint, row.quarantine_id]));
  return fingerprints.map((fingerprint) => ids.get(fingerprint)!);
}

function orNull(text: string | undefined): string | null {
  return text === undefined ? null : storable(text);
}

function fingerprintOf(record: HeldRecord): string {
  const body = hash('sha256', record.body, 'hex');
  const all = `${record.principalId ?? STAMP_PRINCIPAL}|${record.code}|${body}`;
  return uuidText(uuidOf(all));
}

interface QuarantineRow {
  readonly quarantine_id: bigint;
  readonly first_received_at: Instant;
  readonly last_received_at: Instant;
  readonly occurrences: bigint;
  readonly principal_id: string;
  readonly code: string;
  readonly message: string;
  readonly source: string | null;
  readonly record_id: string | null;
  readonly body: Buffer;
  readonly body_bytes: number;
  readonly state: QuarantineState;
  readonly resolved_at: Instant | null;
  readonly resolution: string | null;
}

function fromRow(row: QuarantineRow): QuarantineEntry {
  return {
    quarantineId: row.quarantine_id,
    firstReceivedAt: row.first_received_at,
    lastReceivedAt: row.last_received_at,
    occurrences: row.occurrences,
    principalId: row.principal_id,
    code: row.code,
    message: row.message,
    source: row.source ?? undefined,
    recordId: row.record_id ?? undefined,
    body: row.body,
    bodyBytes: row.body_bytes,
    state: row.state,
    resolvedAt: row.resolved_at ?? undefined,
    resolution: row.resolution ?? undefined,
  };
}

export interface QuarantineFilter {
  readonly state?: QuarantineState | undefined;
  readonly code?: string | undefined;
  /** entries after this id */
  readonly after?: bigint | undefined;
  /** at most this many */
  readonly limit: number;
}

/** Bytes of each body that a list gives: enough to see what it is, however many large ones are held. */
const PREVIEW_BYTES = 4096;

const COLUMNS = `quarantine_id, first_received_at, last_received_at, occurrences, principal_id, code, message, source,
  record_id, octet_length(body) as body_bytes, state, resolved_at, resolution`;

/** Entries by id, oldest first, each with the beginning of its body. */
export async function listQuarantine(
  db: Queryable,
  filter: QuarantineFilter,
): Promise<QuarantineEntry[]> {
  const { rows } = await db.query<QuarantineRow>(
    `select ${COLUMNS}, substring(body for ${PREVIEW_BYTES}) as body from quarantine
     where ($1::text is null or state = $1) and ($2::text is null or code = $2) and quarantine_id > $3
     order by quarantine_id limit $4`,
    [filter.state ?? null, filter.code ?? null, String(filter.after ?? 0n), filter.limit],
  );
  return rows.map(fromRow);
}

/** One entry, locked against being resolved twice until the transaction ends. */
export async function lockQuarantined(
  tx: Tx,
  quarantineId: bigint,
): Promise<QuarantineEntry | undefined> {
  const { rows } = await tx.query<QuarantineRow>(
    `select ${COLUMNS}, body from quarantine where quarantine_id = $1 for update`,
    [String(quarantineId)],
  );
  return rows[0] && fromRow(rows[0]);
}

export async function findQuarantined(
  db: Queryable,
  quarantineId: bigint,
): Promise<QuarantineEntry | undefined> {
  const { rows } = await db.query<QuarantineRow>(
    `select ${COLUMNS}, body from quarantine where quarantine_id = $1`,
    [String(quarantineId)],
  );
  return rows[0] && fromRow(rows[0]);
}

/** Marks an entry as done with; it stays listed, with who did it, when and why. */
export async function resolveQuarantined(
  tx: Tx,
  quarantineId: bigint,
  as: {
    state: 'replayed' | 'discarded';
    by: string;
    at: Instant;
    resolution: string;
  },
): Promise<void> {
  await tx.query(
    `update quarantine set state = $2, resolved_by = $3, resolved_at = $4, resolution = $5
     where quarantine_id = $1`,
    [String(quarantineId), as.state, as.by, as.at.toString(), as.resolution],
  );
}

/** How many entries are held, by reason. */
export async function countHeld(db: Queryable): Promise<{ code: string; count: bigint }[]> {
  const { rows } = await db.query<{ code: string; count: bigint }>(
    `select code, count(*) as count from quarantine where state = 'held' group by code order by code`,
  );
  return rows;
}
