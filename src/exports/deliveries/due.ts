import { randomUUID } from 'node:crypto';
import type { Instant } from '../../kernel/index.ts';
import { doRun } from './deliver.ts';
import { nextRunOf } from './export.ts';
import type { ExportRoom } from './room.ts';
import { dueRuns, forgetRuns, insertRun, type ExportRun } from './run-store.ts';
import { findExport, writeExport } from './store.ts';

/** What was done. */
export interface ExportReport {
  readonly succeeded: number;
  readonly failed: number;
  readonly retried: number;
}

const MOST = 1000;
const AT_A_TIME = 20;

/**
 * Does all exports whose time has come, one after the other, and goes on with those that were cut short. To be called
 * every minute; several servers may do so side by side.
 */
export async function runDueExports(room: ExportRoom): Promise<ExportReport> {
  const { database, clock } = room;
  await queueScheduled(room);
  await forgetRuns(database.pool, clock.now());
  const report = { succeeded: 0, failed: 0, retried: 0 };
  const seen = new Set<string>();
  for (;;) {
    const due = await dueRuns(database.pool, clock.now(), AT_A_TIME + seen.size);
    const runs = due.filter(({ runId }) => !seen.has(runId));
    if (runs.length === 0 || seen.size > MOST) return report;
    for (const run of runs) {
      seen.add(run.runId);
      const outcome = await doOne(room, run);
      if (outcome !== 'busy') report[outcome] += 1;
    }
  }
}

async function doOne(room: ExportRoom, run: ExportRun): ReturnType<typeof doRun> {
  const definition = await findExport(room.database.pool, run.exportId);
  // It was removed a moment ago, and its runs with it.
  return definition === undefined ? 'busy' : doRun(room, definition, run);
}

/** Queues a run of each export that is due, and notes when it is due next, both at once. */
async function queueScheduled({ database, clock }: ExportRoom): Promise<void> {
  const now = clock.now();
  const { rows } = await database.pool.query<{ id: string }>(
    `select export_id as id from export_definition
     where state = 'Enabled' and next_run_at <= $1 order by next_run_at limit ${MOST}`,
    [now.toString()],
  );
  for (const { id } of rows) {
    await database.transaction(async (tx) => {
      const one = await findExport(tx, id, { lock: true });
      const isDue = one?.state === 'Enabled' && isPast(one.nextRunAt, now);
      if (one === undefined || !isDue) return;
      await insertRun(tx, {
        runId: randomUUID(),
        exportId: id,
        cause: 'schedule',
        wanted: undefined,
        createdAt: microsecondsOf(now),
      });
      await writeExport(tx, { ...one, nextRunAt: nextRunOf(one.schedule, now) });
    });
  }
}

function isPast(time: Instant | undefined, now: Instant): boolean {
  return time !== undefined && Temporal.Instant.compare(time, now) <= 0;
}

/** As the database keeps it. */
export function microsecondsOf(instant: Instant): Instant {
  return instant.round({ smallestUnit: 'microsecond', roundingMode: 'floor' });
}
