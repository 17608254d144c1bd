import { noteBroken, sendFor, type AdapterReport } from './deliver.ts';
import { forgetWindows } from './event-store.ts';
import { openLocks, type AdapterLocks } from './locks.ts';
import type { AdapterRoom } from './room.ts';
import { dueAdapters } from './store.ts';

/** Adapters that are worked on at once. */
const AT_ONCE = 16;
/** Of these, such whose last attempt failed: the rest is free for those that answer. */
const MOST_FAILING = 8;

/** Who is at work, and who waits. */
export interface Turns {
  /** Lets each adapter with something to do have its turn, as far as there is room; waits for none of them. */
  readonly begin: () => Promise<void>;
  /** Waits until nobody is at work any more. @throws the first of what has failed in here */
  readonly ended: () => Promise<AdapterReport>;
}

interface Waiting {
  readonly adapterId: string;
  readonly isFailing: boolean;
}

/**
 * Adapters take turns: each for a while, those that came first before those that come again, so that nobody waits for
 * another's receiver. Several servers may do so side by side: one of them works on an adapter.
 *
 * @param told of what fails in here as it happens; the adapter has it as its problem
 */
export function adapterTurns(room: AdapterRoom, told: (err: unknown) => void = () => {}): Turns {
  const { database, clock } = room;
  let report: AdapterReport = { taken: 0, refused: 0, stopped: 0 };
  let failure: { readonly error: unknown } | undefined;
  let queue: Waiting[] = [];
  let locks: Promise<AdapterLocks> | undefined;
  const running = new Map<string, { readonly done: Promise<void>; readonly isFailing: boolean }>();

  const close = async (): Promise<void> => {
    const open = locks;
    locks = undefined;
    (await open?.catch(() => undefined))?.close();
  };
  const work = async (adapterId: string): Promise<void> => {
    try {
      locks ??= openLocks(database);
      const held = await locks;
      if (!(await held.take(adapterId))) return;
      const ends =
        room.signal === undefined ? held.lost : AbortSignal.any([room.signal, held.lost]);
      try {
        const done = await sendFor({ ...room, signal: ends }, adapterId);
        report = {
          taken: report.taken + done.taken,
          refused: report.refused + done.refused,
          stopped: report.stopped + done.stopped,
        };
      } finally {
        await held.give(adapterId);
      }
    } catch (error) {
      failure ??= { error };
      told(error);
      // Where the database is gone this cannot be told either, and the error is.
      await noteBroken(room, adapterId).catch(() => undefined);
    }
  };
  const fill = (): void => {
    while (running.size < AT_ONCE && room.signal?.aborted !== true) {
      const failing = [...running.values()].filter((one) => one.isFailing).length;
      const next = queue.find(({ isFailing }) => !isFailing || failing < MOST_FAILING);
      if (next === undefined) return;
      queue = queue.filter((one) => one !== next);
      const { adapterId, isFailing } = next;
      const done = work(adapterId).then(async () => {
        running.delete(adapterId);
        if (running.size === 0 && queue.length === 0) await close();
        fill();
      });
      running.set(adapterId, { done, isFailing });
    }
  };
  return {
    begin: async () => {
      await forgetWindows(database.pool, clock.now());
      const present = new Set([...running.keys(), ...queue.map(({ adapterId }) => adapterId)]);
      const due = await dueAdapters(database.pool, clock.now());
      queue.push(...due.filter(({ adapterId }) => !present.has(adapterId)));
      fill();
    },
    ended: async () => {
      while (running.size > 0) await Promise.all([...running.values()].map(({ done }) => done));
      queue = [];
      await close();
      if (failure !== undefined) throw failure.error;
      return report;
    },
  };
}

/** Gives each adapter with something to do one turn, and waits for all of them. */
export async function runAdapters(room: AdapterRoom): Promise<AdapterReport> {
  const turns = adapterTurns(room);
  await turns.begin();
  return turns.ended();
}
