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
  type PendingEvent,
} from './event-store.ts';
import { adaptersByKind } from './kinds/index.ts';
import type {
  BillingAdapter,
  Refusal,
  SendingRoom,
  SendOutcome,
  SendProblem,
} from './kinds/kind.ts';
import type { AdapterRoom } from './room.ts';
import { findAdapter, noteAttempt } from './store.ts';
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
/** How long an adapter goes on before others have their turn; what is left comes with its next. */
const TURN_MS = 30 * SECOND;

/** Whatever fails here is told with the adapter, and keeps it from failing all the time. */
export async function noteBroken(
  { database, clock }: AdapterRoom,
  adapterId: string,
): Promise<void> {
  const one = await findAdapter(database.pool, adapterId);
  if (one === undefined) return;
  const text = 'its usage could not be read or noted; the log of the server says why';
  const problem = { text, isFatal: false, isUnsure: true };
  await noteAttempt(database.pool, adapterId, afterProblem(one, problem, clock.now()));
}

/**
 * Sends what was reported and has not been sent for an adapter that nobody else works on, until nothing is left, its turn
 * is over, or it is told to end.
 */
export async function sendFor(room: AdapterRoom, adapterId: string): Promise<AdapterReport> {
  const { database, clock, turnMs = TURN_MS } = room;
  const report = { taken: 0, refused: 0, stopped: 0 };
  const until = clock.monotonicMs() + turnMs;
  const isOver = (): boolean => clock.monotonicMs() >= until;
  while (room.signal?.aborted !== true && !isOver()) {
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
    const outcome = await sendBatch({ ...room, isOver }, one, open);
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
  room: AdapterRoom & Pick<SendingRoom, 'isOver'>,
  one: AdapterDefinition,
  open: OpenWindow,
): Promise<SendOutcome | undefined> {
  const { database, clock } = room;
  const { windowId, registrationId, window, taken } = open;
  const kind = adaptersByKind[one.kind];
  const found = await pendingEvents(database.pool, windowId, kind.batchSize);
  const aside = [
    ...forgottenThere(found, kind.knowsAgainHours, clock.now()),
    ...unfitFor(kind, one, found, clock.now()),
  ];
  const isAside = new Set(aside.map(({ eventId }) => eventId));
  const events = found.filter(({ eventId }) => !isAside.has(eventId));
  const ids = events.map(({ eventId }) => eventId);
  if (kind.knowsAgainHours !== undefined) await noteAttempted(database.pool, ids, clock.now());
  const batch = { definition: one, registrationId, window, taken, events };
  const nothing: SendOutcome = { taken: [], refused: [] };
  const sent = events.length === 0 ? nothing : await kind.send(batch, room);
  if (sent.problem?.isUnsure === true && room.signal?.aborted === true) return undefined;
  const isStuck = events.length > 0 && isWithout(sent) && room.isOver?.() !== true;
  const problem = sent.problem ?? (isStuck ? STUCK : undefined);
  const outcome = { ...sent, problem, refused: [...sent.refused, ...aside] };
  const now = clock.now();
  await database.transaction(async (tx) => {
    // First of all, as whoever changes or removes an adapter does: two of which each waits for the other would both fail.
    await findAdapter(tx, one.adapterId, { lock: true });
    await noteTaken(tx, windowId, outcome.taken);
    await noteRefused(tx, outcome.refused, now);
    // Of an earlier attempt nobody knows, and this one says nothing of it.
    const first = events.filter(({ attemptedAt }) => attemptedAt === null);
    if (outcome.problem?.isUnsure !== true) {
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

/** What would be tried again and again at once. */
const STUCK: SendProblem = {
  text: 'nothing became of what was sent, and it was not said why',
  isFatal: false,
  isUnsure: true,
};

function isWithout({ taken, refused }: SendOutcome): boolean {
  return taken.length === 0 && refused.length === 0;
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

function unfitFor(
  { unfit }: BillingAdapter,
  one: AdapterDefinition,
  events: readonly PendingEvent[],
  now: Instant,
): Refusal[] {
  return events.flatMap((event) => {
    // Of what may have arrived the doubt comes first.
    const reason = event.attemptedAt === null ? unfit?.(event, one, now) : undefined;
    if (reason === undefined) return [];
    return [{ eventId: event.eventId, status: undefined, answer: `not sent: ${reason}` }];
  });
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
