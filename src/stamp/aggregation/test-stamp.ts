import assert from 'node:assert/strict';
import { submission, withUsageStamp, type UsageStamp } from '../../../test/support/usage.ts';
import { hourOf } from '../../kernel/index.ts';
import type { Database } from '../../platform/index.ts';
import type { UsageEvent } from '../intake/index.ts';
import {
  closeWindows,
  openPresentHour,
  verifyWindows,
  type ClosedWindow,
  type Granularity,
  type Verdict,
} from './index.ts';

/** When the stamp begins: the first hour is the fourth last of its day. */
export const START = Temporal.Instant.from('2026-03-01T20:10:00Z');
/** Its first reported hour and day. */
export const FIRST: number = hourOf(START);
export const DAY = Math.floor(FIRST / 24);
export const HOUR_MS = 3_600_000;

/** Lets hours pass and does what is due then. @returns names of the windows that closed, in order */
export async function pass(stamp: UsageStamp, hours: number): Promise<string[]> {
  stamp.clock.advance(hours * HOUR_MS);
  await openPresentHour(stamp);
  const closed: string[] = [];
  const note = ({ granularity, number }: ClosedWindow): void => {
    closed.push(`${granularity} ${number - (granularity === 'hour' ? FIRST : DAY)}`);
  };
  await closeWindows(stamp, stamp.clock.now(), note);
  return closed;
}

/** A stamp whose first hour is open, with one subscription and a way to send usage of it. */
export function withOpenStamp(): UsageStamp & {
  begin(): Promise<{
    id: string;
    send: (...events: UsageEvent[]) => Promise<void>;
  }>;
} {
  const stamp = withUsageStamp(START);
  const begin = async () => {
    await openPresentHour(stamp);
    const [id, emitter] = [await stamp.newSubscription(), await stamp.newEmitter()];
    const engine = stamp.engine();
    const send = async (...events: UsageEvent[]): Promise<void> => {
      const outcome = await engine.submit(submission(emitter, ...events));
      assert.equal(outcome.accepted, events.length, JSON.stringify(outcome.quarantined));
    };
    return { id, send };
  };
  return Object.assign(Object.create(stamp) as UsageStamp, { begin });
}

/** What checking one window comes to. */
export async function verify(
  database: Database,
  granularity: Granularity,
  number: number,
): Promise<Verdict> {
  const range = { from: number, through: number };
  const verdicts = await Array.fromAsync(verifyWindows(database, granularity, range));
  assert.equal(verdicts.length, 1);
  return verdicts[0]!;
}
