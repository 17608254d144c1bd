import { randomUUID } from 'node:crypto';
import type { Instant } from '../../kernel/index.ts';
import { repeating, type Repeating } from '../../platform/index.ts';
import { doRun, type RunOutcome } from './deliver.ts';
import type { RunWork } from './deliver-partition.ts';
import { nextRunOf } from './export.ts';
import { removeLeftovers } from './leftovers.ts';
import { ExportLocks } from './locks.ts';
import type { ExportRoom } from './room.ts';
import { forgetRuns, insertRun, nextDueRun, type DueRun } from './run-store.ts';
import { sweepStage } from './stage.ts';
import { findExport, writeExport } from './store.ts';
import { turns, turnsOf } from './turns.ts';

/** What was done. */
export interface ExportReport {
  readonly succeeded: number;
  readonly failed: number;
  readonly retried: number;
}

/** Exports that are queued at a time. */
const MOST = 1000;
/** Runs under way at once. */
const AT_ONCE = 8;
/** Of these, of one account: a single one cannot take all places. */
const MOST_OF_ACCOUNT = 4;
/** Of these, runs that have failed before: stores that do not answer keep no others waiting. */
const MOST_AGAIN = 4;
/** Transactions that read at once. */
const READING = 2;
const LOOK_EVERY_MS = 10_000;
const TIDY_EVERY_MS = 60_000;

/** How runs are done by themselves. */
export function runWork(room: ExportRoom, signal = new AbortController().signal): RunWork {
  return {
    locks: new ExportLocks(room.database.pool),
    reading: turns(READING),
    filling: turnsOf(),
    signal,
  };
}

/**
 * Does all exports whose time has come, several at once, and goes on with those that were cut short. Several servers may
 * do so side by side.
 */
export async function runDueExports(room: ExportRoom, signal?: AbortSignal): Promise<ExportReport> {
  const line = new Line(room, runWork(room, signal));
  await line.prepare();
  for (;;) {
    await line.fill();
    if (!(await line.oneEnded())) return line.report;
  }
}

/** Does exports while a server runs; what is under way when it stops is gone on with later. */
export function createExportRunner(room: ExportRoom): Repeating {
  const { clock, log } = room;
  const stopped = new AbortController();
  const line = new Line(room, runWork(room, stopped.signal), () => inner.wake());
  const inner = repeating({
    clock,
    everyMs: LOOK_EVERY_MS,
    work: async () => {
      await line.prepare();
      await line.fill();
    },
    failed: (err) => log?.warn({ err }, 'exports could not be begun; trying again'),
  });
  return {
    start: () => inner.start(),
    wake: () => inner.wake(),
    stop: async () => {
      stopped.abort();
      await inner.stop();
      while (await line.oneEnded());
    },
  };
}

/** Runs that are due, and those of them that are under way. */
class Line {
  readonly #room: ExportRoom;
  readonly #work: RunWork;
  readonly #ended: () => void;
  readonly #running = new Map<string, { readonly due: DueRun; readonly done: Promise<void> }>();
  /** Put off: not to be asked for again in this round. */
  #putOff = new Set<string>();
  #tidiedAt: number | undefined;
  report: ExportReport = { succeeded: 0, failed: 0, retried: 0 };

  constructor(room: ExportRoom, work: RunWork, ended: () => void = () => undefined) {
    this.#room = room;
    this.#work = work;
    this.#ended = ended;
  }

  /** Queues what is scheduled for now, and tidies up. */
  async prepare(): Promise<void> {
    const { database, clock } = this.#room;
    this.#putOff = new Set();
    await queueScheduled(this.#room);
    const now = clock.monotonicMs();
    if (this.#tidiedAt !== undefined && now - this.#tidiedAt < TIDY_EVERY_MS) return;
    this.#tidiedAt = now;
    await forgetRuns(database.pool, clock.now());
    await removeLeftovers(this.#room, this.#work.locks);
    await sweepStage(this.#room);
  }

  /** Begins what is due, as far as there is room. */
  async fill(): Promise<void> {
    while (this.#running.size < AT_ONCE && !this.#work.signal.aborted) {
      const running = [...this.#running.values()].map(({ due }) => due);
      const due = await nextDueRun(this.#room.database.pool, this.#room.clock.now(), {
        runs: [...this.#running.keys(), ...this.#putOff],
        accounts: running
          .map(({ accountId }) => accountId)
          .filter((one) => countOf(running, one) >= MOST_OF_ACCOUNT),
        again: running.filter(({ attempts }) => attempts > 0).length < MOST_AGAIN,
      });
      if (due === undefined) return;
      this.#begin(due);
    }
  }

  /** @returns false when nothing is under way */
  async oneEnded(): Promise<boolean> {
    if (this.#running.size === 0) return false;
    await Promise.race([...this.#running.values()].map(({ done }) => done));
    return true;
  }

  #begin(due: DueRun): void {
    const done = doRun(this.#room, due, this.#work)
      .then((outcome) => this.#note(due, outcome))
      .catch((err: unknown) => {
        this.#putOff.add(due.runId);
        this.#room.log?.warn({ err, run: due.runId }, 'an export could not be done');
      })
      .then(() => {
        this.#running.delete(due.runId);
        this.#ended();
      });
    this.#running.set(due.runId, { due, done });
  }

  #note({ runId }: DueRun, outcome: RunOutcome): void {
    if (outcome === 'put off') this.#putOff.add(runId);
    else this.report = { ...this.report, [outcome]: this.report[outcome] + 1 };
  }
}

function countOf(running: readonly DueRun[], accountId: string): number {
  return running.filter((one) => one.accountId === accountId).length;
}

/**
 * Queues a run of each export that is due, and notes when it is due next, both at once. One that is under way keeps it
 * waiting: it stays due, and is queued after that.
 */
async function queueScheduled({ database, clock }: ExportRoom): Promise<void> {
  const now = clock.now();
  const { rows } = await database.pool.query<{ id: string }>(
    `select d.export_id as id from export_definition d where d.state = 'Enabled' and d.next_run_at <= $1
       and not exists (select from export_run r where r.export_id = d.export_id and r.state in ('Queued', 'Running'))
     order by d.next_run_at limit ${MOST}`,
    [now.toString()],
  );
  for (const { id } of rows) {
    await database.transaction(async (tx) => {
      const one = await findExport(tx, id, { lock: true });
      const isDue = one?.state === 'Enabled' && isPast(one.nextRunAt, now);
      if (one === undefined || !isDue) return;
      const run = await insertRun(tx, {
        runId: randomUUID(),
        exportId: id,
        cause: 'schedule',
        wanted: undefined,
        createdAt: microsecondsOf(now),
      });
      if (run === undefined) return;
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
