import type { Clock } from '../clock.ts';

/** Whether one could be had, and what is left. */
export type Taken =
  | { readonly granted: true; readonly left: number }
  | {
      readonly granted: false;
      readonly left: 0;
      /** Whole seconds after which one can be had, if nobody takes it before; at least 1. */
      readonly retrySeconds: number;
    };

/** A bucket of tokens for each key. */
export interface Allowance {
  take(key: string): Taken;
  /** Keys remembered at this moment. */
  readonly size: number;
}

const HOUR_MS = 3_600_000;
const MS_PER_SECOND = 1_000;
const MOST_KEYS = 10_000;

/** What was taken and has not come back, in units of which a token has {@link HOUR_MS}. */
interface Debt {
  readonly units: number;
  readonly at: number;
}

/**
 * Buckets that hold the tokens of one hour and fill again evenly. A full bucket is what a key without a bucket has,
 * so buckets are forgotten once they are full, and at most 10,000 of them are kept: beyond that the one used least
 * recently goes.
 *
 * All is counted in whole units of which a token has as many as an hour has milliseconds: what one millisecond gives
 * back is then a whole number, and nothing is lost or made by rounding.
 *
 * @param options.perHour tokens in a full bucket, a whole number of at least 1
 */
export function createAllowance(options: {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly perHour: number;
  readonly mostKeys?: number;
}): Allowance {
  const { clock, perHour, mostKeys = MOST_KEYS } = options;
  const full = perHour * HOUR_MS;
  // In the order of their last use.
  const debts = new Map<string, Debt>();

  const unitsOf = ({ units, at }: Debt, now: number): number =>
    Math.max(0, units - (now - at) * perHour);

  function forget(now: number): void {
    for (const [key, debt] of debts) if (unitsOf(debt, now) === 0) debts.delete(key);
    const [oldest] = debts.keys();
    if (debts.size >= mostKeys && oldest !== undefined) debts.delete(oldest);
  }

  return {
    get size() {
      return debts.size;
    },
    take(key) {
      const now = Math.floor(clock.monotonicMs());
      const known = debts.get(key);
      const before = known === undefined ? 0 : unitsOf(known, now);
      const units = before + HOUR_MS;
      if (units > full) {
        const retrySeconds = Math.ceil((units - full) / perHour / MS_PER_SECOND);
        return { granted: false, left: 0, retrySeconds };
      }
      if (known === undefined && debts.size >= mostKeys) forget(now);
      debts.delete(key);
      debts.set(key, { units, at: now });
      return { granted: true, left: Math.floor((full - units) / HOUR_MS) };
    },
  };
}
