import { meterKey, type MeterId } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import type { Meter, MeterOrigin } from './meter.ts';

interface MeterRow {
  readonly meter_id: MeterId;
  readonly name: string;
  readonly unit: string;
  readonly unit_kind: string;
  readonly resource_provider: string;
  readonly category: string;
  readonly origin: MeterOrigin;
}

function fromRow(row: MeterRow): Meter {
  return {
    id: row.meter_id,
    name: row.name,
    unit: row.unit,
    unitKind: row.unit_kind,
    resourceProvider: row.resource_provider,
    category: row.category,
    origin: row.origin,
  };
}

const COLUMNS = 'meter_id, name, unit, unit_kind, resource_provider, category, origin';

/** Every meter, those of the reference first, then the operator's own, by name. */
export async function listMeters(db: Queryable): Promise<Meter[]> {
  const { rows } = await db.query<MeterRow>(
    `select ${COLUMNS} from meter order by origin desc, resource_provider, name, meter_key`,
  );
  return rows.map(fromRow);
}

export async function findMeter(db: Queryable, id: MeterId): Promise<Meter | undefined> {
  const { rows } = await db.query<MeterRow>(`select ${COLUMNS} from meter where meter_key = $1`, [
    meterKey(id),
  ]);
  return rows[0] && fromRow(rows[0]);
}

/** Adds meters that are not known yet; known ones stay as they are. @returns how many were added */
export async function insertMeters(db: Queryable, meters: readonly Meter[]): Promise<number> {
  const { rowCount } = await db.query(
    `insert into meter (meter_id, meter_key, name, unit, unit_kind, resource_provider, category, origin)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
       as added (meter_id, meter_key, name, unit, unit_kind, resource_provider, category, origin)
     -- not left to the conflict alone: each row that reaches it uses up one of the 32,767 numbers
     where not exists (select from meter known where known.meter_key = added.meter_key)
     on conflict (meter_key) do nothing`,
    [
      meters.map((meter) => meter.id),
      meters.map((meter) => meterKey(meter.id)),
      meters.map((meter) => meter.name),
      meters.map((meter) => meter.unit),
      meters.map((meter) => meter.unitKind),
      meters.map((meter) => meter.resourceProvider),
      meters.map((meter) => meter.category),
      meters.map((meter) => meter.origin),
    ],
  );
  return rowCount ?? 0;
}

/** The number under which records name a meter in one spelling, and the meter that it spells. */
export interface MeterSpelling {
  readonly spelling: number;
  readonly meter: number;
  readonly spelled: string;
}

export interface MeterNumbers {
  readonly meters: { readonly meter: number; readonly key: string; readonly provider: string }[];
  readonly spellings: MeterSpelling[];
}

/** The catalogue as the intake uses it: by number. */
export async function readMeterNumbers(db: Queryable): Promise<MeterNumbers> {
  const meters = await db.query<{ meter: number; key: string; provider: string }>(
    'select meter, meter_key as key, resource_provider as provider from meter',
  );
  const spellings = await db.query<MeterSpelling>(
    'select spelling, meter, spelled from meter_spelling',
  );
  return { meters: meters.rows, spellings: spellings.rows };
}

/** The number of a spelling, made on first use. Runs in its own transaction: a number once given stays. */
export async function ensureSpelling(
  db: Queryable,
  meter: number,
  spelled: string,
): Promise<MeterSpelling> {
  await db.query(
    `insert into meter_spelling (meter, spelled)
     select $1::smallint, $2::text where not exists (select from meter_spelling where spelled = $2)
     on conflict (spelled) do nothing`,
    [meter, spelled],
  );
  const { rows } = await db.query<MeterSpelling>(
    'select spelling, meter, spelled from meter_spelling where spelled = $1',
    [spelled],
  );
  return rows[0]!;
}
