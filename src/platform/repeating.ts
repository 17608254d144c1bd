import type { Clock } from './clock.ts';

/** Work that is done again and again while a server runs, sooner when it is woken. */
export interface Repeating {
  start(): void;
  /** Looks at once whether something is due. */
  wake(): void;
  /** Ends what is under way, by the signal that the work was given, and waits for it. */
  stop(): Promise<void>;
}

/**
 * Work for which the jobs of every minute come too seldom.
 *
 * @param options.everyMs wait after each time, milliseconds
 * @param options.failed told of what the work throws; it is tried again all the same
 */
export function repeating({
  clock,
  everyMs,
  work,
  failed,
}: {
  readonly clock: Pick<Clock, 'sleep'>;
  readonly everyMs: number;
  readonly work: (signal: AbortSignal) => Promise<void>;
  readonly failed: (err: unknown) => void;
}): Repeating {
  const stopped = new AbortController();
  let woken = new AbortController();
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    while (!stopped.signal.aborted) {
      woken = new AbortController();
      try {
        await work(stopped.signal);
      } catch (err) {
        failed(err);
      }
      const either = AbortSignal.any([stopped.signal, woken.signal]);
      await clock.sleep(everyMs, either).catch(() => undefined);
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
