import {
  int4Array,
  numericArray,
  timestamptzArray,
  uuidArray,
  uuidText,
  type Tx,
  type UuidBytes,
} from '../../platform/index.ts';
import type { UsageRecord } from './record.ts';
import type { Resource } from './resource.ts';
import { spreadOverHours, type RecordPart } from './spread.ts';

/** First key of the advisory locks that stand for reported hours; the second is the hour. */
export const REPORTED_HOUR_LOCK = 7301;

/** What a transaction that writes records must know, read under the lock of the open hour. */
export interface OpenHour {
  readonly hour: number;
  readonly directoryVersion: bigint;
}

/**
 * Joins the open reported hour: until this transaction ends, that hour cannot be closed.
 *
 * The lock is taken on a guess first and the open hour read after it, in a statement of its own and so with a newer
 * view: were it the other way round, the hour could be opened, closed and summed between the two.
 */
export async function joinOpenHour(tx: Tx, guess: number | undefined): Promise<OpenHour> {
  let candidate = guess ?? (await readOpenHour(tx)).hour;
  for (;;) {
    await tx.query({
      name: 'intake-join-hour',
      text: 'select pg_advisory_xact_lock_shared($1, $2)',
      values: [REPORTED_HOUR_LOCK, candidate],
    });
    const open = await readOpenHour(tx);
    if (open.hour === candidate) return open;
    candidate = open.hour;
  }
}

/**
 * Joins reported hours of an import: until this transaction ends none of them can be closed.
 *
 * @returns those that were closed before; read under the locks, so that it stays true
 */
export async function joinImportedHours(
  tx: Tx,
  hours: readonly number[],
): Promise<ReadonlySet<number>> {
  await tx.query('select pg_advisory_xact_lock_shared($1, hour) from unnest($2::int[]) as hour', [
    REPORTED_HOUR_LOCK,
    hours,
  ]);
  const { rows } = await tx.query<{ number: number }>(
    `select number from reported_window
     where granularity = 'hour' and state = 'closed' and number = any($1::int[])`,
    [hours],
  );
  return new Set(rows.map((row) => row.number));
}

async function readOpenHour(tx: Tx): Promise<OpenHour> {
  const { rows } = await tx.query<{ open_hour: number | null; version: bigint }>({
    name: 'intake-open-hour',
    text: 'select open_hour, version from stamp_state, directory_version',
  });
  const row = rows[0]!;
  if (row.open_hour === null) {
    throw new Error('no reported hour is open: the windows were not started before the intake');
  }
  return { hour: row.open_hour, directoryVersion: row.version };
}

/** Puts down the resources that the database may not have yet. */
export async function insertResources(tx: Tx, resources: readonly Resource[]): Promise<void> {
  if (resources.length === 0) return;
  // In key order, as every batch does it: two batches that bring the same resources wait and never deadlock.
  const ordered = resources.toSorted((a, b) =>
    a.subscriptionBytes + a.key < b.subscriptionBytes + b.key ? -1 : 1,
  );
  await tx.query({
    name: 'intake-resources',
    text: `insert into resource (subscription_id, resource_key, resource_uri, location, tags, additional_info)
           select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[])
           on conflict do nothing`,
    values: [
      uuidArray(ordered.length, (i) => ordered[i]!.subscriptionBytes),
      uuidArray(ordered.length, (i) => ordered[i]!.key),
      ordered.map((resource) => resource.resourceUri),
      ordered.map((resource) => resource.location),
      ordered.map((resource) => resource.tags),
      ordered.map((resource) => resource.additionalInfo),
    ],
  });
}

/** Parts in one statement: what a batch of ordinary records has, and far below what a statement can carry. */
const PARTS_PER_STATEMENT = 20_000;

/**
 * Counts records, each once: inserts the identities that are new and the parts of just those records.
 *
 * A record of a month is 744 parts; so the parts are made and sent a stretch of records at a time, and a request of
 * long records needs no more memory than one of short ones.
 *
 * @param records in key order, no key twice
 * @param reportedHourOf the reported hour of the record at an index
 * @returns indexes of the records that were not new
 */
export async function insertRecords(
  tx: Tx,
  records: readonly UsageRecord[],
  reportedHourOf: (index: number) => number,
): Promise<number[]> {
  const known: number[] = [];
  let stretch = emptyStretch();
  const flush = async (): Promise<void> => {
    if (stretch.records.length > 0) known.push(...(await insertStretch(tx, stretch)));
    stretch = emptyStretch();
  };
  for (let index = 0; index < records.length; index++) {
    const record = records[index]!;
    for (const part of spreadOverHours(record.startUs, record.endUs, record.quantity)) {
      stretch.parts.push(part);
      stretch.owners.push(stretch.records.length);
    }
    stretch.records.push(record);
    stretch.reportedHours.push(reportedHourOf(index));
    stretch.indexes.push(index);
    if (stretch.parts.length >= PARTS_PER_STATEMENT) await flush();
  }
  await flush();
  return known;
}

interface Stretch {
  readonly records: UsageRecord[];
  /** where in the batch each record stands */
  readonly indexes: number[];
  readonly reportedHours: number[];
  readonly parts: RecordPart[];
  /** which of the records each part is of */
  readonly owners: number[];
}

function emptyStretch(): Stretch {
  return { records: [], indexes: [], reportedHours: [], parts: [], owners: [] };
}

/**
 * One statement, so that an identity never stands without its parts. The identities go in by key order (two batches
 * with the same records wait for each other and never deadlock); the parts are appended. Nothing is read back when all
 * were new, which is nearly always.
 */
async function insertStretch(tx: Tx, stretch: Stretch): Promise<number[]> {
  const { records, indexes, reportedHours, parts, owners } = stretch;
  const count = parts.length;
  const recordOf = (i: number): UsageRecord => records[owners[i]!]!;
  const keys = uuidArray(records.length, (i) => records[i]!.key);
  const keysOfParts = count === records.length ? keys : uuidArray(count, (i) => recordOf(i).key);
  const { rows } = await tx.query<{ inserted: string[] | null }>({
    name: 'intake-records',
    text: INSERT_RECORDS,
    values: [
      keys,
      uuidArray(records.length, (i) => records[i]!.content),
      int4Array(count, (i) => reportedHours[owners[i]!]!),
      int4Array(count, (i) => parts[i]!.usageHour),
      timestamptzArray(count, (i) => parts[i]!.startUs),
      timestamptzArray(count, (i) => parts[i]!.endUs),
      uuidArray(count, (i) => recordOf(i).resource.subscriptionBytes),
      uuidArray(count, (i) => recordOf(i).resource.key),
      keysOfParts,
      int4Array(count, (i) => recordOf(i).spelling),
      numericArray(count, (i) => parts[i]!.quantity),
      records.length,
    ],
  });
  const { inserted } = rows[0]!;
  if (inserted === null) return [];
  const isNew = new Set(inserted);
  return indexes.filter((_index, i) => !isNew.has(uuidText(records[i]!.key)));
}

const INSERT_RECORDS = `
  with known as (
    insert into record_identity (record_key, content)
    select * from unnest($1::uuid[], $2::uuid[])
    on conflict do nothing
    returning record_key
  ), counted as (
    insert into usage_record (reported_hour, usage_hour, usage_start, usage_end, subscription_id,
                              resource_key, record_key, spelling, quantity)
    select p.reported_hour, p.usage_hour, p.usage_start, p.usage_end, p.subscription_id,
           p.resource_key, p.record_key, p.spelling, p.quantity
    from unnest($3::int[], $4::int[], $5::timestamptz[], $6::timestamptz[], $7::uuid[],
                $8::uuid[], $9::uuid[], $10::int[], $11::numeric[])
         as p (reported_hour, usage_hour, usage_start, usage_end, subscription_id,
               resource_key, record_key, spelling, quantity)
    join known on known.record_key = p.record_key
  )
  -- the keys that were new, and null when all were, which is nearly always
  select case when count(*) < $12::int then coalesce(array_agg(record_key), '{}') end as inserted from known`;

/** The content under which each of these identities was counted, by key as text. */
export async function readContents(
  tx: Tx,
  keys: readonly UuidBytes[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await tx.query<{ record_key: string; content: string }>({
    name: 'intake-contents',
    text: 'select record_key, content from record_identity where record_key = any($1::uuid[])',
    values: [uuidArray(keys.length, (i) => keys[i]!)],
  });
  return new Map(rows.map((row) => [row.record_key, row.content]));
}
