import { randomUUID } from 'node:crypto';
import { fail, type Instant } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import { doRun } from './deliver.ts';
import { microsecondsOf, runWork } from './due.ts';
import type { ExportDefinition } from './export.ts';
import type { ExportRoom } from './room.ts';
import { findActiveRun, findRun, insertRun, type ExportRun } from './run-store.ts';
import { findExport } from './store.ts';

/**
 * Queues a run of an export, to begin within the minute.
 *
 * @param wanted partitions by name; undefined: all that have changed
 * @throws Conflict while another one waits or runs, ExportDisabled, ExportNotFound
 */
export async function askForRun(
  db: Queryable,
  exportId: string,
  wanted: readonly string[] | undefined,
  now: Instant,
): Promise<ExportRun> {
  const definition = await findExport(db, exportId);
  if (definition === undefined) throw fail('ExportNotFound', { export: exportId });
  if (definition.state === 'Disabled') throw fail('ExportDisabled', { export: exportId });
  const asked = { runId: randomUUID(), exportId, wanted, createdAt: microsecondsOf(now) };
  const run = await insertRun(db, { ...asked, cause: 'request' });
  if (run !== undefined) return run;
  const active = await findActiveRun(db, exportId);
  throw fail('Conflict', { reason: `the run ${active?.runId ?? ''} of it is under way` });
}

/**
 * Does an export at once, or goes on with the run of it that was cut short.
 *
 * @returns how it stands then; it may be under way elsewhere, or wait to be tried again
 */
export async function runNow(
  room: ExportRoom,
  definition: ExportDefinition,
  wanted: readonly string[] | undefined,
): Promise<ExportRun> {
  const { pool } = room.database;
  const { exportId } = definition;
  const active = wanted === undefined ? await findActiveRun(pool, exportId) : undefined;
  const run = active ?? (await askForRun(pool, exportId, wanted, room.clock.now()));
  await doRun(room, run, runWork(room));
  return (await findRun(pool, exportId, run.runId)) ?? run;
}
