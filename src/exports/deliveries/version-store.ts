import { isJsonObject } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import type { AccountId } from '../../commerce/accounts/index.ts';
import type { DeliveredFile } from './manifest.ts';

/** A partition as it was delivered once. */
export interface ExportVersion {
  readonly exportId: string;
  readonly partition: string;
  readonly version: number;
  readonly runId: string;
  readonly state: 'Writing' | 'Written' | 'Delivered' | 'Removed';
  readonly mark: string;
  readonly isClosed: boolean;
  /** What rows it has, in which form; see `formOf`. */
  readonly form: string;
  /** Where its files are; see `placeOf`. */
  readonly place: string;
  readonly files: readonly DeliveredFile[];
  readonly manifestPath: string | undefined;
  readonly manifest: string | undefined;
}

interface VersionRow {
  readonly export_id: string;
  readonly partition: string;
  readonly version: number;
  readonly run_id: string;
  readonly state: ExportVersion['state'];
  readonly mark: string;
  readonly closed: boolean;
  readonly form: string;
  readonly place: string;
  readonly files: string | null;
  readonly manifest_path: string | null;
  readonly manifest: string | null;
}

function fromRow(row: VersionRow): ExportVersion {
  return {
    exportId: row.export_id,
    partition: row.partition,
    version: row.version,
    runId: row.run_id,
    state: row.state,
    mark: row.mark,
    isClosed: row.closed,
    form: row.form,
    place: row.place,
    files: row.files === null ? [] : readFiles(row.files),
    manifestPath: row.manifest_path ?? undefined,
    manifest: row.manifest ?? undefined,
  };
}

function readFiles(text: string): DeliveredFile[] {
  const list: unknown = JSON.parse(text);
  if (!Array.isArray(list)) throw new TypeError('the files of an export are no list');
  return list.filter(isFile);
}

function isFile(value: unknown): value is DeliveredFile {
  return (
    isJsonObject(value) && typeof value['path'] === 'string' && typeof value['rows'] === 'number'
  );
}

/**
 * Versions of a partition that are in the same place as one of it, and older, the newest first. Of one that is still being
 * written its run is over: what it has begun is all that there is of it.
 */
export async function earlierVersions(
  db: Queryable,
  { exportId, partition, version, place }: ExportVersion,
): Promise<ExportVersion[]> {
  const { rows } = await db.query<VersionRow>(
    `select * from export_version where export_id = $1 and partition = $2 and version < $3 and place = $4
       and state in ('Writing', 'Written', 'Delivered') order by version desc`,
    [exportId, partition, version, place],
  );
  return rows.map(fromRow);
}

/** Versions that a run has delivered and that are still where the export has its files. */
export async function presentVersions(db: Queryable, runId: string): Promise<ExportVersion[]> {
  const { rows } = await db.query<VersionRow>(
    `select v.* from export_version v join export_definition d using (export_id)
     where v.run_id = $1 and v.state = 'Delivered' and v.place = d.place order by v.partition`,
    [runId],
  );
  return rows.map(fromRow);
}

/** The version of a partition that a run has begun. */
export async function findVersion(
  db: Queryable,
  runId: string,
  partition: string,
): Promise<ExportVersion | undefined> {
  const { rows } = await db.query<VersionRow>(
    'select * from export_version where run_id = $1 and partition = $2',
    [runId, partition],
  );
  return rows[0] && fromRow(rows[0]);
}

/** Of the newest version of each partition that was delivered in a form, by which it is found out whether it changed. */
export async function deliveredMarks(
  db: Queryable,
  exportId: string,
  form: string,
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await db.query<{ partition: string; mark: string }>(
    `select distinct on (partition) partition, mark from export_version
     where export_id = $1 and form = $2 and state = 'Delivered' order by partition, version desc`,
    [exportId, form],
  );
  return new Map(rows.map(({ partition, mark }) => [partition, mark]));
}

/** Versions of a partition that are kept beside one another. */
export async function countVersions(
  db: Queryable,
  exportId: string,
  partition: string,
): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::int as count from export_version
     where export_id = $1 and partition = $2 and state in ('Written', 'Delivered')`,
    [exportId, partition],
  );
  return rows[0]?.count ?? 0;
}

/** Room on this server that exports of an account take in folders of their own, those included that are on their way out. */
export async function ownFolderBytes(db: Queryable, accountId: AccountId): Promise<number> {
  const { rows } = await db.query<{ bytes: bigint }>(
    `select coalesce(sum(bytes), 0)::bigint as bytes from (
       select v.bytes from export_version v join export_definition d using (export_id)
       where d.account_id = $1 and v.state in ('Written', 'Delivered') and v.place = 'folder:/' || d.export_id || '/'
       union all select bytes from export_leftover where account_id = $1) of_account`,
    [accountId],
  );
  return Number(rows[0]?.bytes ?? 0n);
}

/**
 * Begins a version, with the next number; the one that the run has begun before is gone on with.
 *
 * @returns undefined: the run is over, or gone
 */
export async function beginVersion(
  db: Queryable,
  wanted: Pick<
    ExportVersion,
    'exportId' | 'partition' | 'runId' | 'mark' | 'isClosed' | 'form' | 'place'
  >,
): Promise<ExportVersion | undefined> {
  const { exportId, partition, runId, mark, isClosed, form, place } = wanted;
  const { rows } = await db.query<VersionRow>(
    `insert into export_version (export_id, partition, version, run_id, state, mark, closed, form, place)
     select $1, $2, coalesce((select max(version) from export_version where export_id = $1 and partition = $2), 0) + 1,
            r.run_id, 'Writing', $4, $5, $6, $7
     from export_run r where r.run_id = $3 and r.state = 'Running'
     on conflict (run_id, partition) do update set mark = $4, closed = $5, form = $6, place = $7
       where export_version.state = 'Writing'
     returning *`,
    [exportId, partition, runId, mark, isClosed, form, place],
  );
  return rows[0] && fromRow(rows[0]);
}

/**
 * Notes a file before it is begun, so that it is known where it is whatever becomes of the run. Once all are written those
 * that a manifest names take the place of these.
 */
export async function noteBegun(
  db: Queryable,
  { runId, partition }: Pick<ExportVersion, 'runId' | 'partition'>,
  path: string,
): Promise<void> {
  await db.query(
    `update export_version set files = (coalesce(files, '[]')::jsonb || $3::jsonb)::text
     where run_id = $1 and partition = $2 and state = 'Writing' and not coalesce(files, '[]')::jsonb @> $3::jsonb`,
    [runId, partition, JSON.stringify([{ path, rows: 0 }])],
  );
}

/** Blocks of a disk, which a file takes whole, whatever is in it. */
const BLOCK = 4096;

/** All files of a version are there; the manifest is still to be put beside them. @returns false: its run is over */
export async function noteWritten(
  db: Queryable,
  { runId, partition }: ExportVersion,
  written: {
    readonly files: readonly DeliveredFile[];
    readonly manifestPath: string;
    readonly manifest: string;
  },
): Promise<boolean> {
  const sizes = [...written.files.map(({ bytes }) => bytes), Buffer.byteLength(written.manifest)];
  const blocks = sizes.reduce((sum, bytes) => sum + Math.ceil(bytes / BLOCK), 0);
  const { rowCount } = await db.query(
    `update export_version v set state = 'Written', files = $3, manifest_path = $4, manifest = $5, bytes = $6
     from export_run r where v.run_id = $1 and v.partition = $2 and v.state = 'Writing'
       and r.run_id = v.run_id and r.state = 'Running'`,
    [
      runId,
      partition,
      JSON.stringify(written.files),
      written.manifestPath,
      written.manifest,
      blocks * BLOCK,
    ],
  );
  return rowCount === 1;
}

export async function setVersionState(
  db: Queryable,
  { exportId, partition, version }: ExportVersion,
  state: 'Delivered' | 'Removed',
): Promise<void> {
  await db.query(
    `update export_version set state = $4, files = case $4 when 'Removed' then null else files end,
       manifest = case $4 when 'Removed' then null else manifest end
     where export_id = $1 and partition = $2 and version = $3
       and ($4 = 'Removed' or state in ('Written', 'Delivered'))`,
    [exportId, partition, version, state],
  );
}
