import { setTimeout as wait } from 'node:timers/promises';
import type { Instant } from '../kernel/index.ts';

/**
 * The time, handed to whoever needs it. This file is the only place that asks the machine for the time,
 * so that a test decides what time it is and a story of months runs in a second.
 */
export interface Clock {
  /** The present instant, UTC. */
  now(): Instant;
  /**
   * Resolves after `ms` milliseconds of this clock.
   * @throws the reason of `signal` once that is aborted
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Milliseconds since some fixed moment; never goes back, so that two readings give a duration. */
  monotonicMs(): number;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  now: () => Temporal.Now.instant(),
  sleep: async (ms, signal) => {
    signal?.throwIfAborted();
    try {
      await wait(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
  monotonicMs: () => performance.now(),
};

/** A clock that stands still until it is moved. */
export interface FixedClock extends Clock {
  /** Moves on by `ms` milliseconds and wakes the sleepers whose time has come, the earliest first. */
  advance(ms: number): void;
  /** Moves to `instant`, also backwards, as a machine's clock may; sleepers and durations do not notice. */
  set(instant: Instant): void;
}

interface Sleeper {
  readonly due: number;
  readonly wake: () => void;
}

/** A clock for tests that begins at `start`. */
export function fixedClock(start: Instant): FixedClock {
  let current = start;
  let elapsed = 0;
  let sleepers: Sleeper[] = [];
  return {
    now: () => current,
    monotonicMs: () => elapsed,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        signal?.throwIfAborted();
        if (ms <= 0) return resolve();
        const abort = (): void => {
          sleepers = sleepers.filter((other) => other !== sleeper);
          // Rejects with the signal's reason, whatever that is.
          resolve(Promise.try(() => signal?.throwIfAborted()));
        };
        const wake = (): void => {
          signal?.removeEventListener('abort', abort);
          resolve();
        };
        const sleeper = { due: elapsed + ms, wake };
        signal?.addEventListener('abort', abort, { once: true });
        sleepers.push(sleeper);
      }),
    advance: (ms) => {
      elapsed += ms;
      current = current.add(Temporal.Duration.from({ nanoseconds: Math.round(ms * 1e6) }));
      const due = sleepers.filter((sleeper) => sleeper.due <= elapsed);
      sleepers = sleepers.filter((sleeper) => sleeper.due > elapsed);
      for (const { wake } of due.toSorted((one, other) => one.due - other.due)) wake();
    },
    set: (instant) => {
      current = instant;
    },
  };
}
