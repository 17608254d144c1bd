import type { Instant } from '../../src/kernel/index.ts';
import { systemClock, type Clock } from '../../src/platform/index.ts';

/** A clock that several processes can have alike: its time follows from that of the machine. */
export interface FastTime {
  /** Milliseconds since 1970-01-01T00:00Z on this clock at the moment `realStart` of the machine. */
  readonly start: number;
  readonly realStart: number;
  /** Milliseconds of this clock in one of the machine. */
  readonly speed: number;
}

/** A fast clock that can be put forward besides. */
export interface FastClock extends Clock {
  jump(milliseconds: number): void;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/**
 * Time in which an hour passes in `hourMs` real milliseconds. It begins two hours before a midnight, so that days
 * end soon, and far enough back for the certificates made by it to be valid for a sender with the real time.
 */
export function fastTime(hourMs: number): FastTime {
  const realStart = systemClock.now().epochMilliseconds;
  const midnight = Math.floor(realStart / DAY_MS) * DAY_MS;
  return { start: midnight - 20 * DAY_MS - 2 * HOUR_MS, realStart, speed: HOUR_MS / hourMs };
}

export function fastClock({ start, realStart, speed }: FastTime): FastClock {
  let jumped = 0;
  const now = (): Instant => {
    const passed = (systemClock.now().epochMilliseconds - realStart) * speed;
    return Temporal.Instant.fromEpochMilliseconds(Math.floor(start + passed + jumped));
  };
  return {
    now,
    sleep: (milliseconds, signal) => systemClock.sleep(milliseconds, signal),
    monotonicMs: () => systemClock.monotonicMs(),
    jump: (milliseconds) => {
      jumped += milliseconds;
    },
  };
}
