import type { Instant } from '../../kernel/index.ts';
import { readAccountTree } from '../../commerce/accounts/index.ts';
import type { AdapterDefinition } from './adapter.ts';
import {
  closeWindow,
  countLeft,
  noteAttempted,
  noteNotArrived,
  noteRefused,
  noteTaken,
  pendingEvents,
  forgetWindows,
  type PendingEvent,
} from './event-store.ts';
import { adaptersByKind } from './kinds/index.ts';
import type { Refusal, SendOutcome, SendProblem } from './kinds/kind.ts';
import type { AdapterRoom } from './room.ts';
import { dueAdapters, findAdapter, noteAttempt } from './store.ts';
import { firstOpenWindow, openNextWindow, type OpenWindow } from './window-store.ts';

/** What was done. */
export interface AdapterReport {
  readonly taken: number;
  readonly refused: number;
  /** Adapters that have to wait, or were parked. */
  readonly stopped: number;
}

const SECOND = 1000;
const FIRST_WAIT_MS = 5 * SECOND;
const LONGEST_WAIT_MS = 30 * 60 * SECOND;
const DOUBLINGS = 10;
/** Events of an adapter that are held or were refused; with more it goes no further. */
const MOST_LEFT = 100_000;
/** Adapters that are worked on at once, each with a connection that holds its lock. */
const AT_ONCE = 2;

/**
 * Sends what was reported and has not been sent, for all adapters, until nothing is left or it is told to end. To be
 * called again and again; several servers may do so side by side: one of them works on an adapter.
 */
export async function runAdapters(room: AdapterRoom): Promise<AdapterReport> {
  const { database, clock } = room;
  await forgetWindows(database.pool, clock.now());
  const report = { taken: 0, refused: 0, stopped: 0 };
  const waiting = (await dueAdapters(database.pool, clock.now())).values();
  const errors: unknown[] = [];
  const work = async (): Promise<void> => {
    for (const adapterId of waiting) {
      try {
        const done = await runOne(room, adapterId);
        report.taken += done.taken;
        report.refused += done.refused;
        report.stopped += done.stopped;
      } catch (error) {
        errors.push(error);
        // Where the database is gone this cannot be told either, and the error is.
        await noteBroken(room, adapterId).catch(() => undefined);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  if (errors.length > 0) throw errors[0];
  return report;
}

/** Whatever fails here is told with the adapter, and keeps it from failing all the time. */
async function noteBroken({ database, clock }: AdapterRoom, adapterId: string): Promise<void> {
  const one = await findAdapter(database.pool, adapterId);
  if (one === undefined) return;
  const text = 'its usage could not be read or noted; the log of the server says why';
  const problem = { text, isFatal: false, isUnsure: true };
  await noteAttempt(database.pool, adapterId, afterProblem(one, problem, clock.now()));
}

/** Works on an adapter under a lock that ends with the connection. */
async function runOne(room: AdapterRoom, adapterId: string): Promise<AdapterReport> {
  const client = await room.database.pool.connect();
  let isLost = true;
  try {
    const { rows } = await client.query<{ held: boolean }>(
      `select pg_try_advisory_lock(hashtextextended('billing-adapter ' || $1, 0)) as held`,
      [adapterId],
    );
    if (rows[0]?.held !== true) {
      isLost = false;
      return { taken: 0, refused: 0, stopped: 0 };
    }
    const report = await sendAll(room, adapterId);
    await client.query(`select pg_advisory_unlock(hashtextextended('billing-adapter ' || $1, 0))`, [
      adapterId,
    ]);
    isLost = false;
    return report;
  } finally {
    client.release(isLost);
  }
}

async function sendAll(room: AdapterRoom, adapterId: string): Promise<AdapterReport> {
  const { database, clock } = room;
  const report = { taken: 0, refused: 0, stopped: 0 };
  while (room.signal?.aborted !== true) {
    const one = await findAdapter(database.pool, adapterId);
    if (one?.state !== 'Enabled' || isLater(one.nextAttemptAt, clock.now())) break;
    const open = await firstOpenWindow(database.pool, adapterId);
    if (open === undefined) {
      const isMore = await goOn(room, one);
      // Nothing waits any more, so what failed before is over.
      if (one.failures > 0) await noteAttempt(database.pool, adapterId, afterSuccess);
      if (isMore) continue;
      break;
    }
    const outcome = await sendBatch(room, one, open);
    // Told to end: nothing is noted, and what is under way is sent again.
    if (outcome === undefined) break;
    report.taken += outcome.taken.length;
    report.refused += outcome.refused.length;
    report.stopped += outcome.problem === undefined ? 0 : 1;
  }
  return report;
}

/** Opens the next window. @returns whether there may be something to send */
async function goOn({ database, clock }: AdapterRoom, one: AdapterDefinition): Promise<boolean> {
  const left = await countLeft(database.pool, one.adapterId);
  if (left >= MOST_LEFT) {
    const problem = `${left} events are held or were refused; map or replay them first`;
    await noteAttempt(database.pool, one.adapterId, { ...one, state: 'Parked', problem });
    return false;
  }
  const tree = await readAccountTree(database.pool);
  return database.transaction(async (tx) => {
    // Held, so that a mapping that changes now finds all events that were put down under the one before.
    const now = await findAdapter(tx, one.adapterId, { lock: true });
    return now?.state === 'Enabled' && openNextWindow(tx, now, tree, clock.now());
  });
}

/** Sends some events of a window and notes what became of each; undefined when it was told to end. */
async function sendBatch(
  room: AdapterRoom,
  one: AdapterDefinition,
  open: OpenWindow,
): Promise<SendOutcome | undefined> {
  const { database, clock } = room;
  const { windowId, registrationId, window, taken } = open;
  const kind = adaptersByKind[one.kind];
  const found = await pendingEvents(database.pool, windowId, kind.batchSize);
  const unknown = forgottenThere(found, kind.knowsAgainHours, clock.now());
  const doubtful = new Set(unknown.map(({ eventId }) => eventId));
  const events = found.filter(({ eventId }) => !doubtful.has(eventId));
  const ids = events.map(({ eventId }) => eventId);
  if (kind.knowsAgainHours !== undefined) await noteAttempted(database.pool, ids, clock.now());
  const batch = { definition: one, registrationId, window, taken, events };
  const nothing: SendOutcome = { taken: [], refused: [] };
  const sent = events.length === 0 ? nothing : await kind.send(batch, room);
  if (sent.problem?.isUnsure === true && room.signal?.aborted === true) return undefined;
  const outcome = { ...sent, refused: [...sent.refused, ...unknown] };
  const now = clock.now();
  await database.transaction(async (tx) => {
    await noteTaken(tx, windowId, outcome.taken);
    await noteRefused(tx, outcome.refused, now);
    // Of an earlier attempt nobody knows, and this one says nothing of it.
    const first = events.filter(({ attemptedAt }) => attemptedAt === null);
    if (outcome.problem?.isUnsure === false) {
      await noteNotArrived(
        tx,
        first.map(({ eventId }) => eventId),
      );
    }
    await closeWindow(tx, windowId, now);
    if (outcome.problem !== undefined) {
      await noteAttempt(tx, one.adapterId, afterProblem(one, outcome.problem, now));
    } else if (one.failures > 0) {
      await noteAttempt(tx, one.adapterId, afterSuccess);
    }
  });
  return outcome;
}

/**
 * Events that may have arrived so long ago that the other side would count them a second time: whether it has them is
 * for somebody to find out.
 */
function forgottenThere(
  events: readonly PendingEvent[],
  hours: number | undefined,
  now: Instant,
): Refusal[] {
  if (hours === undefined) return [];
  return events.flatMap(({ eventId, attemptedAt }) =>
    attemptedAt !== null && isLater(now, attemptedAt.add({ hours }))
      ? [
          {
            eventId,
            status: undefined,
            answer: `sent at ${attemptedAt.toString()} without an answer: look there for the id before it is replayed`,
          },
        ]
      : [],
  );
}

const afterSuccess = {
  state: 'Enabled',
  problem: undefined,
  failures: 0,
  nextAttemptAt: undefined,
} as const;

function afterProblem(
  { failures }: AdapterDefinition,
  { text, isFatal, retryAfterMs = 0 }: SendProblem,
  now: Instant,
): Parameters<typeof noteAttempt>[2] {
  const wait = Math.min(FIRST_WAIT_MS * 2 ** Math.min(failures, DOUBLINGS), LONGEST_WAIT_MS);
  return {
    state: isFatal ? 'Parked' : 'Enabled',
    problem: text,
    failures: failures + 1,
    nextAttemptAt: isFatal ? undefined : now.add({ milliseconds: Math.max(wait, retryAfterMs) }),
  };
}

function isLater(time: Instant | undefined, other: Instant): boolean {
  return time !== undefined && Temporal.Instant.compare(time, other) > 0;
}
