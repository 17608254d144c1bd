import type { Clock, Database, Log, Tx } from '../../platform/index.ts';
import { toPlace } from './place.ts';
import {
  addToSums,
  countSummarized,
  dropHours,
  findExpiredDays,
  findNewResources,
  insertPlaces,
  listPending,
  markSummarized,
  type PendingHour,
  type Source,
} from './summarize-store.ts';

export interface SummarizingRoom {
  readonly database: Database;
  readonly clock: Clock;
  readonly log?: Pick<Log, 'error'>;
}

/** First key of the advisory lock under which sums are written. */
const SUMMARIZING_LOCK = 7310;

/** Rows of one transaction, roughly; it is undone as a whole when the process ends. */
const MOST_ROWS = 1_000_000n;
const PAGE = 500;
const NEW_PLACES = 5000;
const HOURS_PER_DAY = 24;

/**
 * Adds closed reported hours to the sums, each exactly once: the note that it is in them is written with them. Hours that
 * wait are taken together by reported day, since they add to the same rows. Safe to run beside itself, to be killed
 * and to be called again.
 *
 * @returns how many hours were added
 */
export async function summarizeUsage(room: SummarizingRoom): Promise<number> {
  let added = 0;
  for (;;) {
    const done = await summarizeSome(room);
    if (done === 0) break;
    added += done;
  }
  await forgetExpiredHours(room);
  return added;
}

async function summarizeSome({ database, log }: SummarizingRoom): Promise<number> {
  return database.transaction(
    async (tx) => {
      await takeTurn(tx);
      const pending = await listPending(tx, PAGE);
      const batch = firstBatch(pending.filter(({ expired }) => !expired));
      if (batch.length > 0) return addBatch(tx, batch);
      const day = await firstExpiredDay(tx, pending);
      if (day !== undefined) return addExpiredDay(tx, day);
      if (pending.length > 0) {
        log?.error({ hours: pending.length, first: pending[0]?.hour }, LOST);
      }
      return 0;
    },
    { retry: true },
  );
}

const LOST = 'reported hours cannot be added to the sums of usage: their rows are past retention';

async function takeTurn(tx: Tx): Promise<void> {
  await tx.query('select pg_advisory_xact_lock($1, 0)', [SUMMARIZING_LOCK]);
}

/** Hours of the first day that waits, as many as one transaction takes, at least one. */
function firstBatch(pending: readonly PendingHour[]): PendingHour[] {
  const batch: PendingHour[] = [];
  let rows = 0n;
  for (const each of pending) {
    const first = batch[0] ?? each;
    rows += each.rows;
    if (dayOf(each) !== dayOf(first) || (each !== first && rows > MOST_ROWS)) break;
    batch.push(each);
  }
  return batch;
}

async function addBatch(tx: Tx, batch: readonly PendingHour[]): Promise<number> {
  const hours = batch.map(({ hour }) => hour);
  await markSummarized(tx, hours);
  const used = batch.filter(({ rows }) => rows > 0n).map(({ hour }) => hour);
  if (used.length > 0) await add(tx, { granularity: 'hour', windows: used });
  return hours.length;
}

/** A day none of whose hours is in the sums, and whose hourly rows are gone: its daily rows have all of them. */
async function firstExpiredDay(
  tx: Tx,
  pending: readonly PendingHour[],
): Promise<number | undefined> {
  for (const day of new Set(pending.map(dayOf))) {
    if ((await countSummarized(tx, hoursOf(day))) === 0) return day;
  }
  return undefined;
}

async function addExpiredDay(tx: Tx, day: number): Promise<number> {
  await markSummarized(tx, hoursOf(day));
  await add(tx, { granularity: 'day', windows: [day] });
  return HOURS_PER_DAY;
}

async function add(tx: Tx, source: Source): Promise<void> {
  for (;;) {
    const resources = await findNewResources(tx, source, NEW_PLACES);
    if (resources.length === 0) break;
    await insertPlaces(tx, resources.map(toPlace));
    if (resources.length < NEW_PLACES) break;
  }
  await addToSums(tx, source);
}

async function forgetExpiredHours({ database }: SummarizingRoom): Promise<void> {
  const days = await findExpiredDays(database.pool);
  for (const day of days) {
    await database.transaction(
      async (tx) => {
        await takeTurn(tx);
        await dropHours(tx, [day]);
      },
      { retry: true },
    );
  }
}

function dayOf({ hour }: PendingHour): number {
  return Math.floor(hour / HOURS_PER_DAY);
}

function hoursOf(day: number): number[] {
  return Array.from({ length: HOURS_PER_DAY }, (_, at) => day * HOURS_PER_DAY + at);
}
