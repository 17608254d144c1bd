import { randomInt } from 'node:crypto';

/** How long to wait after attempts that failed. */
export interface BackOff {
  /** The longest wait after the first failure, milliseconds. */
  readonly firstMs: number;
  /** The longest wait of all, milliseconds. */
  readonly longestMs: number;
  /** A number from 0 to 1, for tests. */
  readonly random?: () => number;
}

/** Seconds at first, so that a restart goes unnoticed; minutes later, so that an outage is not made worse. */
export const BACK_OFF: BackOff = { firstMs: 1000, longestMs: 300_000 };

const STEPS = 1_000_000;

/**
 * Milliseconds to wait after so many failures in a row: anything up to a bound that doubles each time, so that stamps
 * that lost commerce together do not come back together.
 *
 * @param leastMs as the other side asked
 */
export function waitAfter(failures: number, leastMs: number, backOff: BackOff): number {
  const doubled = backOff.firstMs * 2 ** Math.min(failures - 1, 30);
  const bound = Math.min(doubled, backOff.longestMs);
  const share = backOff.random?.() ?? randomInt(STEPS) / STEPS;
  return Math.max(Math.ceil(bound * share), leastMs, 1);
}
