import { fail } from '../../kernel/index.ts';
import {
  int4Array,
  numericArray,
  uuidArray,
  type Queryable,
  type Tx,
  type UnscaledDecimal,
  type UuidBytes,
} from '../../platform/index.ts';
import type { MeterSum } from '../../reporting/index.ts';

/** Which window of which registration. */
export interface WindowKey {
  readonly registrationNumber: number;
  /** Hours since 1970-01-01T00:00Z. */
  readonly window: number;
}

/** A batch as it was noted. */
export interface StoredBatch {
  readonly sequence: number;
  readonly rows: number;
  /** SHA-256 of its body in hexadecimal digits. */
  readonly digest: string;
}

/** A resource on the account on which its usage is booked. */
export interface BookedResource {
  readonly account: UuidBytes;
  readonly key: UuidBytes;
  readonly subscription: UuidBytes;
  readonly tenant: UuidBytes;
  /** 0: none applied. */
  readonly mapping: number;
  readonly resourceUri: string;
  readonly location: string;
  readonly tags: string;
  readonly additionalInfo: string;
}

/** A row as it is kept. */
export interface BookedRow {
  readonly resource: BookedResource;
  readonly usageHour: number;
  readonly meter: number;
  readonly billable: boolean;
  readonly quantity: UnscaledDecimal;
}

/**
 * Holds the registration as it is known to be there, and what is reported of it in the period that is
 * open: until this transaction ends, nobody ends the period and no manifest moves it on. The order,
 * the registration first, is that of whoever changes either.
 *
 * @returns the window that comes next; undefined when no period is open
 */
export async function joinOpenPeriod(
  tx: Tx,
  registrationNumber: number,
): Promise<number | undefined> {
  await holdRegistration(tx, registrationNumber);
  const { rows } = await tx.query<{ next: number }>({
    name: 'reported-usage-join-period',
    text: `select next_window as next from reporting_period
           where registration_number = $1 and ended_at is null for share`,
    values: [registrationNumber],
  });
  return rows[0]?.next;
}

/** What inserting a row that refers to the registration does as well, only later and so out of order. */
export async function holdRegistration(tx: Tx, registrationNumber: number): Promise<void> {
  await tx.query({
    name: 'reported-usage-hold-registration',
    text: 'select from registration where registration_number = $1 for key share',
    values: [registrationNumber],
  });
}

/** Notes a batch. @returns false when there is one of this number already */
export async function insertBatch(
  tx: Tx,
  { registrationNumber, window }: WindowKey,
  { sequence, rows, digest }: StoredBatch,
  receivedAt: string,
): Promise<boolean> {
  const { rowCount } = await tx.query({
    name: 'reported-usage-batch',
    text: `insert into reported_batch (registration_number, reported_hour, sequence, rows, digest, received_at)
           values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
    values: [registrationNumber, window, sequence, rows, Buffer.from(digest, 'hex'), receivedAt],
  });
  return rowCount === 1;
}

export async function findBatch(
  db: Queryable,
  { registrationNumber, window }: WindowKey,
  sequence: number,
): Promise<StoredBatch | undefined> {
  const { rows } = await db.query<StoredBatch>(
    `select sequence, rows, encode(digest, 'hex') as digest from reported_batch
     where registration_number = $1 and reported_hour = $2 and sequence = $3`,
    [registrationNumber, window, sequence],
  );
  return rows[0];
}

/** The batches of a window, in order. */
export async function listBatches(
  db: Queryable,
  { registrationNumber, window }: WindowKey,
): Promise<StoredBatch[]> {
  const { rows } = await db.query<StoredBatch>(
    `select sequence, rows, encode(digest, 'hex') as digest from reported_batch
     where registration_number = $1 and reported_hour = $2 order by sequence`,
    [registrationNumber, window],
  );
  return rows;
}

/** Puts down resources that the database may not have yet, in the order of their keys. */
export async function insertResources(tx: Tx, resources: readonly BookedResource[]): Promise<void> {
  if (resources.length === 0) return;
  const ordered = resources.toSorted((a, b) => (a.account + a.key < b.account + b.key ? -1 : 1));
  await tx.query({
    name: 'reported-usage-resources',
    text: `insert into reported_resource (customer_subscription_id, resource_key, subscription_id, resource_uri,
                                          location, tags, additional_info)
           select * from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[])
           on conflict do nothing`,
    values: [
      uuidArray(ordered.length, (i) => ordered[i]!.account),
      uuidArray(ordered.length, (i) => ordered[i]!.key),
      uuidArray(ordered.length, (i) => ordered[i]!.subscription),
      ordered.map((resource) => resource.resourceUri),
      ordered.map((resource) => resource.location),
      ordered.map((resource) => resource.tags),
      ordered.map((resource) => resource.additionalInfo),
    ],
  });
}

const UNIQUE_VIOLATION = '23505';

/**
 * Writes the rows of a batch, in the order of the primary key, in one statement.
 *
 * @throws InvalidReport when the window has one of them already, in another batch or in this one
 */
export async function insertRows(
  tx: Tx,
  { registrationNumber, window }: WindowKey,
  sequence: number,
  rows: readonly BookedRow[],
): Promise<void> {
  const ordered = rows.toSorted(compareRows);
  const count = ordered.length;
  const inserted = tx.query({
    name: 'reported-usage-rows',
    text: `insert into reported_usage (registration_number, reported_hour, sequence, subscription_id, usage_hour,
                                       resource_key, meter, quantity, tenant_id, mapping,
                                       customer_subscription_id, billable)
           select $1::int, $2::int, $3::int, r.subscription_id, r.usage_hour, r.resource_key, r.meter, r.quantity,
                  r.tenant_id, nullif(r.mapping, 0), r.account, r.billable = 1
           from unnest($4::uuid[], $5::int[], $6::uuid[], $7::int[], $8::numeric[], $9::uuid[], $10::int[],
                       $11::uuid[], $12::int[])
                as r (subscription_id, usage_hour, resource_key, meter, quantity, tenant_id, mapping, account,
                      billable)`,
    values: [
      registrationNumber,
      window,
      sequence,
      uuidArray(count, (i) => ordered[i]!.resource.subscription),
      int4Array(count, (i) => ordered[i]!.usageHour),
      uuidArray(count, (i) => ordered[i]!.resource.key),
      int4Array(count, (i) => ordered[i]!.meter),
      numericArray(count, (i) => ordered[i]!.quantity),
      uuidArray(count, (i) => ordered[i]!.resource.tenant),
      int4Array(count, (i) => ordered[i]!.resource.mapping),
      uuidArray(count, (i) => ordered[i]!.resource.account),
      int4Array(count, (i) => (ordered[i]!.billable ? 1 : 0)),
    ],
  });
  try {
    await inserted;
  } catch (cause) {
    if (!isUniqueViolation(cause)) throw cause;
    const rule = 'has a row that the window has already';
    throw fail('InvalidReport', { place: 'rows', rule }, { cause });
  }
}

function compareRows(one: BookedRow, other: BookedRow): number {
  const { resource: a } = one;
  const { resource: b } = other;
  if (a.subscription !== b.subscription) return a.subscription < b.subscription ? -1 : 1;
  if (one.usageHour !== other.usageHour) return one.usageHour - other.usageHour;
  if (a.key !== b.key) return a.key < b.key ? -1 : 1;
  return one.meter - other.meter;
}

function isUniqueViolation(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === UNIQUE_VIOLATION;
}

/**
 * What the rows of a window add up to, by the meter of the stamp: read from the rows as they are kept,
 * not from what was said of them. Reads the rows of one registration and hour by the primary key.
 */
export async function sumMeters(
  db: Queryable,
  { registrationNumber, window }: WindowKey,
): Promise<MeterSum[]> {
  const { rows } = await db.query<{ meterId: string; rows: bigint; quantity: string }>(
    `select m.local_meter_key as "meterId", sum(u.rows)::bigint as rows, trim_scale(sum(u.quantity)) as quantity
     from (select meter, count(*) as rows, sum(quantity) as quantity from reported_usage
           where reported_hour = $2 and registration_number = $1 group by meter) u
     join commerce_meter m using (meter)
     group by m.local_meter_key`,
    [registrationNumber, window],
  );
  return rows.map((row) => ({ ...row, rows: countOf(row.rows) }));
}

/** A count of rows of the database, far below where numbers stop being exact. */
export function countOf(count: bigint): number {
  return Number.parseInt(String(count), 10);
}

/** Takes away what was sent of windows that are not accepted. The resources stay: others may use them. */
export async function deleteWindows(
  tx: Tx,
  registrationNumber: number,
  windows: readonly number[],
): Promise<void> {
  if (windows.length === 0) return;
  for (const table of ['reported_usage', 'reported_batch']) {
    await tx.query(
      `delete from ${table} where registration_number = $1 and reported_hour = any($2::int[])`,
      [registrationNumber, windows],
    );
  }
}

/** Makes the partition that rows of the window go into, a month. */
export async function ensurePartition(db: Queryable, window: number): Promise<void> {
  await db.query('select ensure_reported_partition($1)', [window]);
}
