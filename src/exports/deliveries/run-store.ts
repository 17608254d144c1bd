import { isGuid, type Instant } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import type { AccountId } from '../../commerce/accounts/index.ts';

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

/** A run that is due, and whose it is. */
export interface DueRun {
  readonly runId: string;
  readonly exportId: string;
  readonly accountId: AccountId;
  readonly attempts: number;
}

/** What is not to be done now. */
export interface NotNow {
  readonly runs: readonly string[];
  readonly accounts: readonly string[];
  /** Only what has not failed before. */
  readonly again: boolean;
}

/** The run that waits the longest of those that are due. */
export async function nextDueRun(
  db: Queryable,
  now: Instant,
  { runs, accounts, again }: NotNow,
): Promise<DueRun | undefined> {
  const { rows } = await db.query<DueRun>(
    `select r.run_id as "runId", r.export_id as "exportId", d.account_id as "accountId", r.attempts
     from export_run r join export_definition d using (export_id)
     where r.state in ('Queued', 'Running') and r.next_attempt_at <= $1
       and r.run_id <> all($2::uuid[]) and d.account_id <> all($3::uuid[]) and ($4 or r.attempts = 0)
     order by r.next_attempt_at, r.run_id limit 1`,
    [now.toString(), runs, accounts, again],
  );
  return rows[0];
}

/** Notes which partitions a run has; those of a run that began before stay. @returns undefined: it is over */
export async function beginRun(
  db: Queryable,
  runId: string,
  partitions: readonly string[],
): Promise<readonly string[] | undefined> {
  const { rows } = await db.query<{ partitions: string[] }>(
    `update export_run set state = 'Running', partitions = coalesce(partitions, $2)
     where run_id = $1 and state in ('Queued', 'Running') returning partitions`,
    [runId, partitions],
  );
  return rows[0]?.partitions;
}

export async function noteProgress(db: Queryable, runId: string, rows: bigint): Promise<void> {
  await db.query(
    `update export_run set rows = $2,
       delivered = (select count(*) from export_version v where v.run_id = $1 and v.state in ('Delivered', 'Removed'))
     where run_id = $1 and state = 'Running'`,
    [runId, rows.toString()],
  );
}

/** What went wrong, as lists have it. */
export interface RunProblem {
  readonly code: string;
  readonly message: string;
}

/** Ends a run, unless it is over: what it came to is never changed. @param problem undefined: it succeeded */
export async function endRun(
  db: Queryable,
  runId: string,
  at: Instant,
  problem?: RunProblem,
): Promise<boolean> {
  const { rowCount } = await db.query(
    `update export_run set state = $2, finished_at = $3, next_attempt_at = null, problem_code = $4, problem = $5
     where run_id = $1 and state in ('Queued', 'Running')`,
    [
      runId,
      problem === undefined ? 'Succeeded' : 'Failed',
      at.toString(),
      problem?.code ?? null,
      problem?.message ?? null,
    ],
  );
  return rowCount === 1;
}

export async function retryRun(
  db: Queryable,
  runId: string,
  next: Instant,
  problem: RunProblem,
): Promise<void> {
  await db.query(
    `update export_run set attempts = attempts + 1, next_attempt_at = $2, problem_code = $3, problem = $4
     where run_id = $1 and state in ('Queued', 'Running')`,
    [runId, next.toString(), problem.code, problem.message],
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
