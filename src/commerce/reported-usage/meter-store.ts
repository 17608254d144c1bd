import { meterKey, parseMeterId, type MeterId } from '../../kernel/index.ts';
import { appendAudit } from '../../audit/index.ts';
import type { Changing } from '../../identity/index.ts';
import {
  invalidProperty,
  isKeepable,
  type Clock,
  type Queryable,
  type Tx,
} from '../../platform/index.ts';
import {
  LONGEST_METER_TEXT,
  REGION,
  unlistedMeter,
  type CommerceMeter,
  type CommerceMeterChange,
} from './commerce-meter.ts';
import { referenceCommerceMeters } from './reference-meters.ts';

const COLUMNS = `meter, local_meter_id as "localMeterId", version, commerce_meter_id as "commerceMeterId", name,
  category, sub_category as "subCategory", region, unit, paid, origin, created_at as "createdAt"`;

/** The newest version of every meter, by category and name. */
export async function listCommerceMeters(db: Queryable): Promise<CommerceMeter[]> {
  const { rows } = await db.query<CommerceMeter>(
    `select * from (
       select distinct on (local_meter_key) ${COLUMNS}
       from commerce_meter order by local_meter_key, version desc
     ) newest order by category, "subCategory", name, "localMeterId"`,
  );
  return rows;
}

/** Every version of a meter, oldest first. */
export async function listCommerceMeterVersions(
  db: Queryable,
  localMeterId: MeterId,
): Promise<CommerceMeter[]> {
  const { rows } = await db.query<CommerceMeter>(
    `select ${COLUMNS} from commerce_meter where local_meter_key = $1 order by version`,
    [meterKey(localMeterId)],
  );
  return rows;
}

type NewVersion = Omit<CommerceMeter, 'meter' | 'version' | 'createdAt'>;

/** Enters the meters of the cloud's rate card where nobody has entered anything. @returns how many */
export async function ensureCommerceMeters(tx: Queryable, clock: Clock): Promise<number> {
  const added = referenceCommerceMeters.map(({ id, ...meter }): NewVersion => ({
    ...meter,
    localMeterId: id,
    commerceMeterId: id,
    region: REGION,
    origin: 'reference',
  }));
  const { rowCount } = await insertVersions(tx, clock, added);
  return rowCount ?? 0;
}

/** Inserts the next version of meters of which there is none yet, or one that nobody entered. */
function insertVersions(
  tx: Queryable,
  clock: Clock,
  added: readonly NewVersion[],
): Promise<{ rowCount: number | null }> {
  return tx.query(
    `insert into commerce_meter (local_meter_key, local_meter_id, version, commerce_meter_id, name, category,
                                 sub_category, region, unit, paid, origin, created_at)
     select added.key, added.id, coalesce(newest.version, 0) + 1, added.commerce_id, added.name, added.category,
            added.sub_category, added.region, added.unit, added.paid, added.origin, $11
     from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],
                 $9::boolean[], $10::text[])
          as added (key, id, commerce_id, name, category, sub_category, region, unit, paid, origin)
     left join lateral (
       select version, origin from commerce_meter known
       where known.local_meter_key = added.key order by version desc limit 1
     ) newest on true
     where newest.version is null or newest.origin = 'unlisted' and added.origin <> 'unlisted'
     order by added.key
     on conflict (local_meter_key, version) do nothing`,
    [
      added.map((meter) => meter.localMeterId.toLowerCase()),
      added.map((meter) => meter.localMeterId),
      added.map((meter) => meter.commerceMeterId),
      added.map((meter) => meter.name),
      added.map((meter) => meter.category),
      added.map((meter) => meter.subCategory),
      added.map((meter) => meter.region),
      added.map((meter) => meter.unit),
      added.map((meter) => meter.paid),
      added.map((meter) => meter.origin),
      clock.now().toString(),
    ],
  );
}

/** What rows need to know of a meter. */
export interface MeterInForce {
  readonly meter: number;
  readonly paid: boolean;
}

/**
 * The newest version of each of these meters, by key in lower case. One that nobody has entered is
 * entered as unlisted. Read in the transaction that writes the rows: the command line changes meters
 * beside a server.
 *
 * @param spellings by key in lower case
 */
export async function metersInForce(
  tx: Tx,
  clock: Clock,
  spellings: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, MeterInForce>> {
  const keys = [...spellings.keys()];
  const known = await readInForce(tx, keys);
  const missing = [...spellings].filter(([key]) => !known.has(key));
  if (missing.length === 0) return known;
  await insertVersions(
    tx,
    clock,
    missing.map(([, spelled]) => unlistedMeter(spelled)),
  );
  return readInForce(tx, keys);
}

async function readInForce(
  tx: Tx,
  keys: readonly string[],
): Promise<ReadonlyMap<string, MeterInForce>> {
  const { rows } = await tx.query<{ key: string; meter: number; paid: boolean }>({
    name: 'reported-usage-meters',
    text: `select distinct on (local_meter_key) local_meter_key as key, meter, paid
           from commerce_meter where local_meter_key = any($1::text[])
           order by local_meter_key, version desc`,
    values: [keys],
  });
  return new Map(rows.map(({ key, ...meter }) => [key, meter]));
}

/**
 * Says anew what a meter of stamps is in commerce: usage that is received from then on is booked by
 * the new version, usage that was received keeps the one it has. A change that changes nothing makes
 * no version.
 *
 * @throws InvalidProperty for an id or a text that cannot be
 */
export async function setCommerceMeter(
  tx: Tx,
  change: CommerceMeterChange,
  { clock, actor }: Changing,
): Promise<CommerceMeter> {
  const { localMeterId, ...changes } = change;
  const id = parseMeterId(localMeterId);
  if (id === undefined || !isPlainMeterId(id)) {
    throw invalidProperty(
      'localMeterId',
      localMeterId,
      'it has 1 to 128 printable ASCII characters',
    );
  }
  const given = Object.fromEntries(
    Object.entries(changes).filter(([, value]) => value !== undefined),
  );
  for (const [name, value] of Object.entries(given)) checkText(name, value);
  const key = meterKey(id);
  await tx.query(`select pg_advisory_xact_lock(hashtext('commerce_meter'), hashtext($1))`, [key]);
  const before = (await listCommerceMeterVersions(tx, id)).at(-1);
  const wanted = { ...(before ?? unlistedMeter(id)), ...given };
  const isSame = Object.entries(given).every(([name, value]) => valueOf(before, name) === value);
  if (before !== undefined && before.origin !== 'unlisted' && isSame) return before;
  const { rows } = await tx.query<CommerceMeter>(
    `insert into commerce_meter (local_meter_key, local_meter_id, version, commerce_meter_id, name, category,
                                 sub_category, region, unit, paid, origin, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'operator', $11) returning ${COLUMNS}`,
    [
      key,
      wanted.localMeterId,
      (before?.version ?? 0) + 1,
      wanted.commerceMeterId,
      wanted.name,
      wanted.category,
      wanted.subCategory,
      wanted.region,
      wanted.unit,
      wanted.paid,
      clock.now().toString(),
    ],
  );
  const set = rows[0]!;
  await appendAudit(tx, clock, {
    actor,
    action: 'Stackmeter.Commerce/meters/write',
    target: `/commerceMeters/${key}`,
    detail: { version: set.version, ...given },
  });
  return set;
}

/** The database lowers letters by its own locale; only with plain ones it does so as we do. */
export function isPlainMeterId(id: string): boolean {
  return /^[\x20-\x7e]+$/.test(id);
}

function valueOf(meter: CommerceMeter | undefined, name: string): unknown {
  return Object.entries(meter ?? {}).find(([key]) => key === name)?.[1];
}

function checkText(name: string, value: unknown): void {
  if (typeof value !== 'string') return;
  const isEmptyAllowed = name === 'unit' || name === 'subCategory';
  const isRight = value.length <= LONGEST_METER_TEXT && isKeepable(value) && value.trim() === value;
  if (isRight && (value !== '' || isEmptyAllowed)) return;
  throw invalidProperty(name, value, `it has 1 to ${LONGEST_METER_TEXT} printable characters`);
}
