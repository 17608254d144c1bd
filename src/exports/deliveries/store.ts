import { isGuid, isJsonObject, type Instant } from '../../kernel/index.ts';
import type { Queryable, Reach } from '../../platform/index.ts';
import type { AccountId } from '../../commerce/accounts/index.ts';
import type { ExportDefinition, ExportDestination } from './export.ts';
import { placeOf } from './place.ts';

interface ExportRow {
  readonly export_id: string;
  readonly account_id: AccountId;
  readonly name: string;
  readonly view: ExportDefinition['view'];
  readonly dataset: ExportDefinition['dataset'];
  readonly format: ExportDefinition['format'];
  readonly layout: ExportDefinition['layout'];
  readonly delivery: ExportDefinition['delivery'];
  readonly schedule: ExportDefinition['schedule'];
  readonly granularity: ExportDefinition['granularity'];
  readonly destination_kind: ExportDestination['kind'];
  readonly destination: string;
  readonly reach: Reach;
  readonly secret: string | null;
  readonly state: ExportDefinition['state'];
  readonly next_run_at: Instant | null;
  readonly created_at: Instant;
}

function fromRow(row: ExportRow): ExportDefinition {
  return {
    exportId: row.export_id,
    accountId: row.account_id,
    name: row.name,
    view: row.view,
    dataset: row.dataset,
    format: row.format,
    layout: row.layout,
    delivery: row.delivery,
    schedule: row.schedule,
    granularity: row.granularity,
    destination: destinationOf(row),
    reach: row.reach,
    secret: row.secret ?? undefined,
    state: row.state,
    nextRunAt: row.next_run_at ?? undefined,
    createdAt: row.created_at,
  };
}

function destinationOf({ destination_kind: kind, destination }: ExportRow): ExportDestination {
  if (kind === 'folder') return { kind, path: destination };
  const fields: unknown = JSON.parse(destination);
  const text = (name: string): string => {
    const value = isJsonObject(fields) ? fields[name] : undefined;
    if (typeof value === 'string') return value;
    throw new TypeError(`the destination of an export has no ${name}`);
  };
  return {
    kind,
    endpoint: text('endpoint'),
    region: text('region'),
    bucket: text('bucket'),
    prefix: text('prefix'),
    accessKeyId: text('accessKeyId'),
  };
}

/** @param lock holds the row until the transaction ends */
export async function findExport(
  db: Queryable,
  exportId: string,
  { lock = false }: { readonly lock?: boolean } = {},
): Promise<ExportDefinition | undefined> {
  if (!isGuid(exportId)) return undefined;
  const { rows } = await db.query<ExportRow>(
    `select * from export_definition where export_id = $1${lock ? ' for update' : ''}`,
    [exportId],
  );
  return rows[0] && fromRow(rows[0]);
}

/** Exports of these accounts, or of all, in the order in which they were made. */
export async function listExports(
  db: Queryable,
  accounts?: readonly AccountId[],
): Promise<ExportDefinition[]> {
  const { rows } = await db.query<ExportRow>(
    `select * from export_definition where $1::uuid[] is null or account_id = any($1)
     order by created_at, export_id`,
    [accounts ?? null],
  );
  return rows.map(fromRow);
}

/** How many exports an account has. */
export async function countExports(db: Queryable, accountId: AccountId): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    'select count(*)::int as count from export_definition where account_id = $1',
    [accountId],
  );
  return rows[0]?.count ?? 0;
}

/** Whether a place is within that of another export, or the other way around; folders on their way out count as well. */
export async function isTaken(
  tx: Queryable,
  { exportId, destination }: Pick<ExportDefinition, 'exportId' | 'destination'>,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    `select from (select export_id, place from export_definition where export_id <> $1
                  union all select export_id, place from export_leftover) other
     where starts_with(other.place, $2) or starts_with($2, other.place) limit 1`,
    [exportId, placeOf(destination)],
  );
  return rowCount === 1;
}

/** Makes an export, or puts it in the place of what it was. */
export async function writeExport(tx: Queryable, one: ExportDefinition): Promise<void> {
  const { kind, ...address } = one.destination;
  const destination = 'path' in address ? address.path : JSON.stringify(address);
  await tx.query(
    `insert into export_definition (export_id, account_id, name, view, dataset, format, layout, delivery, schedule,
       granularity, destination_kind, destination, secret, state, next_run_at, created_at, place, reach)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
     on conflict (export_id) do update set name = $3, view = $4, dataset = $5, format = $6, layout = $7, delivery = $8,
       schedule = $9, granularity = $10, destination_kind = $11, destination = $12, secret = $13, state = $14,
       next_run_at = $15, place = $17, reach = $18`,
    [
      one.exportId,
      one.accountId,
      one.name,
      one.view,
      one.dataset,
      one.format,
      one.layout,
      one.delivery,
      one.schedule,
      one.granularity,
      kind,
      destination,
      one.secret ?? null,
      one.state,
      one.nextRunAt?.toString() ?? null,
      one.createdAt.toString(),
      placeOf(one.destination),
      one.reach,
    ],
  );
}

export async function deleteExport(tx: Queryable, exportId: string): Promise<void> {
  await tx.query('delete from export_definition where export_id = $1', [exportId]);
}
