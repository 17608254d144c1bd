import { hash } from 'node:crypto';
import type { Clock } from '../../platform/index.ts';

const MAX_REMEMBERED = 10_000;
const FORGET_AFTER_MS = 3_600_000;

interface Guesses {
  readonly count: number;
  readonly lastAt: number;
}

/** Slows down whoever guesses. Each server process counts for itself, in memory. */
export interface Throttle {
  /**
   * Counts a guess before it is looked at, so that many at once count as many.
   *
   * @returns seconds to wait instead, in which case nothing is counted
   */
  begin(key: string): number | undefined;
  /** Counts a guess that was wrong. */
  count(key: string): void;
  /** Forgets the guesses: the last one was right. */
  succeed(key: string): void;
  /** Takes back the guess that was counted last, which was none. */
  takeBack(key: string): void;
}

/**
 * Some guesses are free; from then on each must wait twice as long as the one before, from one second
 * up to a limit. What is an hour old is forgotten, and of more than 10,000 keys the oldest.
 *
 * @param limits.longestWait seconds; for a name they should be few: whoever guesses locks its owner out
 */
export function createThrottle(
  clock: Clock,
  limits: { readonly free: number; readonly longestWait: number },
): Throttle {
  const known = new Map<string, Guesses>();
  const digest = (key: string): string => hash('sha256', key, 'base64url');

  const remember = (key: string, guesses: Guesses): void => {
    known.delete(key);
    if (guesses.count > 0) known.set(key, guesses);
    const [oldest] = known.keys();
    if (known.size > MAX_REMEMBERED && oldest !== undefined) known.delete(oldest);
  };

  const recent = (key: string): Guesses | undefined => {
    const last = known.get(key);
    return last !== undefined && clock.monotonicMs() - last.lastAt < FORGET_AFTER_MS
      ? last
      : undefined;
  };

  const wait = (key: string): number | undefined => {
    const last = recent(key);
    if (last === undefined || last.count < limits.free) return undefined;
    const due = Math.min(limits.longestWait, 2 ** (last.count - limits.free)) * 1_000;
    const left = last.lastAt + due - clock.monotonicMs();
    return left > 0 ? Math.ceil(left / 1_000) : undefined;
  };

  const count = (key: string): void => {
    remember(key, { count: (recent(key)?.count ?? 0) + 1, lastAt: clock.monotonicMs() });
  };

  return {
    begin: (text) => {
      const key = digest(text);
      const seconds = wait(key);
      if (seconds === undefined) count(key);
      return seconds;
    },
    count: (text) => count(digest(text)),
    succeed: (text) => {
      known.delete(digest(text));
    },
    takeBack: (text) => {
      const key = digest(text);
      const last = known.get(key);
      if (last !== undefined) remember(key, { ...last, count: last.count - 1 });
    },
  };
}
