import { runAdapters } from './deliver.ts';
import type { AdapterRoom } from './room.ts';

/** Sends usage while a server runs. */
export interface AdapterSender {
  start(): void;
  /** Looks at once whether something is due. */
  wake(): void;
  /** Ends what is under way; it is sent again later. */
  stop(): Promise<void>;
}

/** The first wait after a failure is five seconds, too short for the jobs of every minute. */
const LOOK_EVERY_MS = 5000;

export function createAdapterSender(room: Omit<AdapterRoom, 'signal'>): AdapterSender {
  const { clock, log } = room;
  const stopped = new AbortController();
  let woken = new AbortController();
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      woken = new AbortController();
      try {
        await runAdapters({ ...room, signal: stopped.signal });
      } catch (err) {
        log?.warn({ err }, 'usage could not be sent to another billing system; trying again');
      }
      const either = AbortSignal.any([stopped.signal, woken.signal]);
      await clock.sleep(LOOK_EVERY_MS, either).catch(() => undefined);
    }
  };
  return {
    start: () => {
      running ??= run();
    },
    wake: () => woken.abort(),
    stop: async () => {
      stopped.abort();
      await running;
    },
  };
}
