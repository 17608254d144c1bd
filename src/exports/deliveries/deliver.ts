import { fail, StackmeterError } from '../../kernel/index.ts';
import { deliverPartition, RunOver, type RunWork } from './deliver-partition.ts';
import type { ExportDefinition } from './export.ts';
import { formOf } from './place.ts';
import type { ExportRoom } from './room.ts';
import {
  beginRun,
  endRun,
  findRun,
  noteProgress,
  retryRun,
  type ExportRun,
  type RunProblem,
} from './run-store.ts';
import { sourceOf } from './sources.ts';
import { findExport } from './store.ts';
import { deliveredMarks } from './version-store.ts';

/** What became of a run that was due; put off: another does it, or it is gone on with later. */
export type RunOutcome = 'succeeded' | 'failed' | 'retried' | 'put off';

/** Minutes until a run that failed is tried again; then it is given up. */
const WAITS = [1, 5, 30, 120] as const;
const ATTEMPT_MS = 60 * 60 * 1000;

/** Waiting does not help against these. */
const LASTING: ReadonlySet<string> = new Set([
  'ExportNumberTooLong',
  'ExportPeriodUnknown',
  'ExportDisabled',
  'ExportQuotaExceeded',
]);

/**
 * Does a run, or goes on with one that was cut short: what was delivered stays, and the partition that was under way is
 * written anew from one moment. Others that want to do the same export meanwhile are turned away.
 */
export async function doRun(
  room: ExportRoom,
  { exportId, runId }: Pick<ExportRun, 'exportId' | 'runId'>,
  work: RunWork,
): Promise<RunOutcome> {
  const { pool } = room.database;
  if (!(await work.locks.take(exportId))) return 'put off';
  try {
    // Whoever changes the form of an export holds its lock, so from here on it stays as it is.
    const run = await findRun(pool, exportId, runId);
    const isDue =
      run?.nextAttemptAt !== undefined &&
      Temporal.Instant.compare(run.nextAttemptAt, room.clock.now()) <= 0;
    return isDue ? await attempt(room, run, work) : 'put off';
  } finally {
    await work.locks.give(exportId);
  }
}

async function attempt(room: ExportRoom, run: ExportRun, work: RunWork): Promise<RunOutcome> {
  const { database, clock, attemptMs = ATTEMPT_MS } = room;
  const { pool } = database;
  const deadline = AbortSignal.timeout(attemptMs);
  const signal = AbortSignal.any([work.signal, deadline]);
  try {
    const planned = await planOf(room, await enabledExport(room, run), run);
    const partitions = await beginRun(pool, run.runId, planned);
    if (partitions === undefined) return 'put off';
    let before = 0n;
    for (const partition of partitions) {
      // It may have been disabled meanwhile.
      const definition = await enabledExport(room, run);
      const under = { ...work, signal, definition, run, before };
      before = await deliverPartition(room, under, partition);
      await noteProgress(pool, run.runId, before);
    }
    await work.locks.requireHeld(run.exportId);
    return (await endRun(pool, run.runId, clock.now())) ? 'succeeded' : 'put off';
  } catch (error) {
    const isOver = error instanceof RunOver || work.signal.aborted;
    // Whatever failed: without the lock the run is that of somebody else.
    if (isOver || !(await isHeld(work, run))) return 'put off';
    const late = `it was not done after ${attemptMs / 60_000} minutes`;
    const cause = deadline.aborted
      ? fail('ExportDestinationFailed', { reason: late }, { cause: error })
      : error;
    return settle(room, run, cause);
  }
}

async function isHeld({ locks }: RunWork, { exportId }: ExportRun): Promise<boolean> {
  return locks.requireHeld(exportId).then(
    () => true,
    () => false,
  );
}

/** @throws RunOver for one that is gone, ExportDisabled */
async function enabledExport(
  { database }: ExportRoom,
  { exportId }: ExportRun,
): Promise<ExportDefinition> {
  const definition = await findExport(database.pool, exportId);
  if (definition === undefined) throw new RunOver();
  if (definition.state === 'Disabled') throw fail('ExportDisabled', { export: exportId });
  return definition;
}

async function settle(room: ExportRoom, run: ExportRun, error: unknown): Promise<RunOutcome> {
  const { database, clock, log } = room;
  const problem = problemOf(error);
  const wait = WAITS[run.attempts];
  log?.warn({ err: error, run: run.runId, export: run.exportId }, 'an export failed');
  if (wait === undefined || LASTING.has(problem.code)) {
    await endRun(database.pool, run.runId, clock.now(), problem);
    return 'failed';
  }
  await retryRun(database.pool, run.runId, clock.now().add({ minutes: wait }), problem);
  return 'retried';
}

export function problemOf(error: unknown): RunProblem {
  if (error instanceof StackmeterError) return { code: error.code, message: error.message };
  // What the database or a bug says may hold what is nobody's business.
  const message = 'something failed on this side; the log of the server has it';
  return { code: 'InternalServerError', message };
}

/** Those that were found out when the run began; for a new run those that were asked for, or have changed. */
async function planOf(
  { database, clock }: ExportRoom,
  definition: ExportDefinition,
  { wanted, partitions: begun }: ExportRun,
): Promise<readonly string[]> {
  if (begun !== undefined) return begun;
  const { pool } = database;
  const all = await sourceOf(definition.dataset).partitions(pool, definition, clock.now());
  if (wanted === undefined) {
    const marks = await deliveredMarks(pool, definition.exportId, formOf(definition));
    const due = all.filter(({ name, isClosed, mark }) => !isClosed || marks.get(name) !== mark);
    return due.map(({ name }) => name);
  }
  const names = new Set(all.map(({ name }) => name));
  const unknown = wanted.find((name) => !names.has(name));
  if (unknown !== undefined) throw fail('ExportPeriodUnknown', { period: unknown });
  return wanted;
}
