import { isGuid, isJsonObject, type Instant } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import type { DeliveredFile } from './manifest.ts';

export const runStates = ['Queued', 'Running', 'Succeeded', 'Failed'] as const;

/** One time that an export is done. */
export interface ExportRun {
  readonly runId: string;
  readonly exportId: string;
  readonly cause: 'schedule' | 'request';
  readonly state: (typeof runStates)[number];
  /** Partitions that were asked for by name; undefined: all that have changed. */
  readonly wanted: readonly string[] | undefined;
  /** Undefined until it begins. */
  readonly partitions: readonly string[] | undefined;
  readonly delivered: number;
  readonly rows: bigint;
  readonly attempts: number;
  readonly nextAttemptAt: Instant | undefined;
  readonly problemCode: string | undefined;
  readonly problem: string | undefined;
  readonly createdAt: Instant;
  readonly finishedAt: Instant | undefined;
}

interface RunRow {
  readonly run_id: string;
  readonly export_id: string;
  readonly cause: ExportRun['cause'];
  readonly state: ExportRun['state'];
  readonly wanted: string[] | null;
  readonly partitions: string[] | null;
  readonly delivered: number;
  readonly rows: bigint;
  readonly attempts: number;
  readonly next_attempt_at: Instant | null;
  readonly problem_code: string | null;
  readonly problem: string | null;
  readonly created_at: Instant;
  readonly finished_at: Instant | null;
}

function fromRow(row: RunRow): ExportRun {
  return {
    runId: row.run_id,
    exportId: row.export_id,
    cause: row.cause,
    state: row.state,
    wanted: row.wanted ?? undefined,
    partitions: row.partitions ?? undefined,
    delivered: row.delivered,
    rows: row.rows,
    attempts: row.attempts,
    nextAttemptAt: row.next_attempt_at ?? undefined,
    problemCode: row.problem_code ?? undefined,
    problem: row.problem ?? undefined,
    createdAt: row.created_at,
    finishedAt: row.finished_at ?? undefined,
  };
}

/** A run as answers and commands have it. */
export function toWireRun(run: ExportRun): Readonly<Record<string, unknown>> {
  const { rows, nextAttemptAt, createdAt, finishedAt, ...rest } = run;
  const given = Object.entries(rest).filter(([, value]) => value !== undefined);
  return {
    ...Object.fromEntries(given),
    rows: rows.toString(),
    createdAt: createdAt.toString(),
    ...(nextAttemptAt !== undefined && { nextAttemptAt: nextAttemptAt.toString() }),
    ...(finishedAt !== undefined && { finishedAt: finishedAt.toString() }),
  };
}

/**
 * Queues a run.
 *
 * @returns undefined while another one of the export waits or runs
 */
export async function insertRun(
  db: Queryable,
  run: Pick<ExportRun, 'runId' | 'exportId' | 'cause' | 'wanted' | 'createdAt'>,
): Promise<ExportRun | undefined> {
  const { rows } = await db.query<RunRow>(
    `insert into export_run (run_id, export_id, cause, state, wanted, next_attempt_at, created_at)
     values ($1, $2, $3, 'Queued', $4, $5, $5)
     on conflict (export_id) where state in ('Queued', 'Running') do nothing returning *`,
    [run.runId, run.exportId, run.cause, run.wanted ?? null, run.createdAt.toString()],
  );
  return rows[0] && fromRow(rows[0]);
}

export async function findRun(
  db: Queryable,
  exportId: string,
  runId: string,
): Promise<ExportRun | undefined> {
  if (!isGuid(runId)) return undefined;
  const { rows } = await db.query<RunRow>(
    'select * from export_run where export_id = $1 and run_id = $2',
    [exportId, runId],
  );
  return rows[0] && fromRow(rows[0]);
}

/** The run of an export that waits or runs. */
export async function findActiveRun(
  db: Queryable,
  exportId: string,
): Promise<ExportRun | undefined> {
  const { rows } = await db.query<RunRow>(
    `select * from export_run where export_id = $1 and state in ('Queued', 'Running')`,
    [exportId],
  );
  return rows[0] && fromRow(rows[0]);
}

/** Runs of an export, the newest first. */
export async function listRuns(
  db: Queryable,
  exportId: string,
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
): Promise<ExportRun[]> {
  const { rows } = await db.query<RunRow>(
    `select * from export_run where export_id = $1
       and ($2::uuid is null or (created_at, run_id) <
         (select last.created_at, last.run_id from export_run last where last.run_id = $2))
     order by created_at desc, run_id desc limit $3`,
    [exportId, after ?? null, limit],
  );
  return rows.map(fromRow);
}

/** Runs that are due, the longest waiting first. */
export async function dueRuns(db: Queryable, now: Instant, limit: number): Promise<ExportRun[]> {
  const { rows } = await db.query<RunRow>(
    `select * from export_run where state in ('Queued', 'Running') and next_attempt_at <= $1
     order by next_attempt_at, run_id limit $2`,
    [now.toString(), limit],
  );
  return rows.map(fromRow);
}

/** Notes which partitions a run has; those of a run that began before stay. */
export async function beginRun(
  db: Queryable,
  runId: string,
  partitions: readonly string[],
): Promise<void> {
  await db.query(
    `update export_run set state = 'Running', partitions = coalesce(partitions, $2) where run_id = $1`,
    [runId, partitions],
  );
}

export async function noteProgress(db: Queryable, runId: string, rows: bigint): Promise<void> {
  await db.query(
    `update export_run set rows = $2,
       delivered = (select count(*) from export_version v where v.run_id = $1 and v.state in ('Delivered', 'Removed'))
     where run_id = $1`,
    [runId, rows.toString()],
  );
}

/** @param problem undefined: it succeeded */
export async function endRun(
  db: Queryable,
  runId: string,
  at: Instant,
  problem?: { readonly code: string; readonly message: string },
): Promise<void> {
  await db.query(
    `update export_run set state = $2, finished_at = $3, next_attempt_at = null, problem_code = $4, problem = $5
     where run_id = $1`,
    [
      runId,
      problem === undefined ? 'Succeeded' : 'Failed',
      at.toString(),
      problem?.code ?? null,
      problem?.message ?? null,
    ],
  );
}

export async function retryRun(
  db: Queryable,
  runId: string,
  next: Instant,
  problem: { readonly code: string; readonly message: string },
): Promise<void> {
  await db.query(
    `update export_run set attempts = attempts + 1, next_attempt_at = $2, problem_code = $3, problem = $4
     where run_id = $1 and state in ('Queued', 'Running')`,
    [runId, next.toString(), problem.code, problem.message],
  );
}

/** A partition as it was delivered once. */
export interface ExportVersion {
  readonly exportId: string;
  readonly partition: string;
  readonly version: number;
  readonly runId: string;
  readonly state: 'Writing' | 'Written' | 'Delivered' | 'Removed';
  readonly mark: string;
  readonly isClosed: boolean;
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
  readonly files: string | null;
  readonly manifest_path: string | null;
  readonly manifest: string | null;
}

function fromVersionRow(row: VersionRow): ExportVersion {
  return {
    exportId: row.export_id,
    partition: row.partition,
    version: row.version,
    runId: row.run_id,
    state: row.state,
    mark: row.mark,
    isClosed: row.closed,
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

/** Versions of one partition, or of a run, the newest first. */
export async function versionsOf(
  db: Queryable,
  exportId: string,
  of: { readonly partition: string } | { readonly runId: string },
): Promise<ExportVersion[]> {
  const column = 'runId' in of ? 'run_id' : 'partition';
  const { rows } = await db.query<VersionRow>(
    `select * from export_version where export_id = $1 and ${column} = $2 order by partition, version desc`,
    [exportId, 'runId' in of ? of.runId : of.partition],
  );
  return rows.map(fromVersionRow);
}

/** The newest version of each partition that is delivered. */
export async function deliveredMarks(
  db: Queryable,
  exportId: string,
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await db.query<{ partition: string; mark: string }>(
    `select distinct on (partition) partition, mark from export_version
     where export_id = $1 and state = 'Delivered' order by partition, version desc`,
    [exportId],
  );
  return new Map(rows.map(({ partition, mark }) => [partition, mark]));
}

/** Begins a version, with the next number; the one that the run has begun before is gone on with. */
export async function beginVersion(
  db: Queryable,
  wanted: Pick<ExportVersion, 'exportId' | 'partition' | 'runId' | 'mark' | 'isClosed'>,
): Promise<ExportVersion> {
  const { rows } = await db.query<VersionRow>(
    `insert into export_version (export_id, partition, version, run_id, state, mark, closed)
     select $1, $2, coalesce(max(version), 0) + 1, $3, 'Writing', $4, $5 from export_version
     where export_id = $1 and partition = $2
     on conflict (run_id, partition) do update set
       mark = case when export_version.state = 'Writing' then $4 else export_version.mark end,
       closed = case when export_version.state = 'Writing' then $5 else export_version.closed end
     returning *`,
    [wanted.exportId, wanted.partition, wanted.runId, wanted.mark, wanted.isClosed],
  );
  const [row] = rows;
  if (row === undefined) throw new Error('a version of an export was not begun');
  return fromVersionRow(row);
}

/** All files of a version are there; the manifest is still to be put beside them. */
export async function noteWritten(
  db: Queryable,
  { exportId, partition, version }: ExportVersion,
  written: {
    readonly files: readonly DeliveredFile[];
    readonly manifestPath: string;
    readonly manifest: string;
  },
): Promise<void> {
  await db.query(
    `update export_version set state = 'Written', files = $4, manifest_path = $5, manifest = $6
     where export_id = $1 and partition = $2 and version = $3`,
    [
      exportId,
      partition,
      version,
      JSON.stringify(written.files),
      written.manifestPath,
      written.manifest,
    ],
  );
}

export async function setVersionState(
  db: Queryable,
  { exportId, partition, version }: ExportVersion,
  state: 'Delivered' | 'Removed',
): Promise<void> {
  await db.query(
    `update export_version set state = $4, files = case $4 when 'Removed' then null else files end,
       manifest = case $4 when 'Removed' then null else manifest end
     where export_id = $1 and partition = $2 and version = $3`,
    [exportId, partition, version, state],
  );
}

/** Days for which it is known what was exported; what is still there is known for ever. */
const KEPT_DAYS = 400;

/** Forgets runs that ended long ago and of which nothing is left. */
export async function forgetRuns(db: Queryable, now: Instant): Promise<void> {
  await db.query(
    `delete from export_run r where finished_at < $1 and not exists (
       select from export_version v where v.run_id = r.run_id and v.state <> 'Removed')`,
    [now.subtract({ hours: 24 * KEPT_DAYS }).toString()],
  );
}
