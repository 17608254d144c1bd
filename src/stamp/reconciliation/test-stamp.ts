import assert from 'node:assert/strict';
import { before } from 'node:test';
import {
  compute,
  storage,
  submission,
  withUsageStamp,
  type UsageStamp,
} from '../../../test/support/usage.ts';
import { hourOf, type SubscriptionId } from '../../kernel/index.ts';
import { closeWindows, openPresentHour } from '../aggregation/index.ts';
import type { HourSpan } from './hour-class.ts';
import type { Line } from './lines.ts';
import type { ReceivedTotals } from './received-totals.ts';
import { reconcile, type ReconciliationLimits } from './reconcile.ts';
import type { ReconciliationRequest } from './request.ts';
import type { Summary } from './summary.ts';
import { testCommerce, type TestCommerce } from './test-commerce.ts';

/** When the stamp begins: the fourth last hour of its day. */
export const START = Temporal.Instant.from('2026-03-01T20:10:00Z');
export const FIRST: number = hourOf(START);
export const DAY = Math.floor(FIRST / 24);
export const HOUR_MS = 3_600_000;

/** So many hours are closed, and one more is open; each holds 4 rows: of two subscriptions and two meters. */
const HOURS = 30;

export interface Reconciled {
  readonly lines: Line[];
  readonly summary: Summary;
}

/** A stamp that has counted for a day and some hours, and a commerce for it. */
export interface CountedStamp {
  readonly stamp: UsageStamp;
  readonly commerce: TestCommerce;
  readonly subscriptions: readonly SubscriptionId[];
  /** All hours that the stamp has. */
  readonly whole: HourSpan;
  readonly run: (
    asked?: Partial<ReconciliationRequest>,
    limits?: ReconciliationLimits,
    received?: ReceivedTotals,
  ) => Promise<Reconciled>;
  /** The same while the stamp is not activated. */
  readonly runUnregistered: (asked?: Partial<ReconciliationRequest>) => Promise<Reconciled>;
}

/** Gives the `describe` in which it is called a stamp of its own. */
export function withCountedStamp(): CountedStamp {
  const stamp = withUsageStamp(START);
  const commerce = testCommerce(() => stamp.database);
  const subscriptions: SubscriptionId[] = [];
  const whole = { from: FIRST, to: FIRST + HOURS + 1 };
  const run = async (
    asked: Partial<ReconciliationRequest>,
    limits: ReconciliationLimits,
    received: ReceivedTotals | undefined,
  ): Promise<Reconciled> => {
    const lines: Line[] = [];
    const tools = { database: stamp.database, clock: stamp.clock, received };
    const reader = { lines: (some: readonly Line[]) => void lines.push(...some) };
    const request = { by: ['meter'] as const, ...whole, ...asked };
    return { summary: await reconcile(tools, request, reader, limits), lines };
  };

  before(async () => {
    subscriptions.push(await stamp.newSubscription(), await stamp.newSubscription());
    const [emitter, engine] = [await stamp.newEmitter(), stamp.engine()];
    await stamp.openHour();
    for (let hour = 0; hour <= HOURS; hour += 1) {
      const events = subscriptions.flatMap((id, at) =>
        [compute, storage].map((meter) =>
          stamp.usage(id, { meterId: meter.id, quantity: at === 0 ? '0.1' : '0.000000000001' }),
        ),
      );
      const outcome = await engine.submit(submission(emitter, ...events));
      assert.equal(outcome.accepted, 4);
      if (hour === HOURS) break;
      stamp.clock.advance(HOUR_MS);
      await openPresentHour(stamp);
      await closeWindows(stamp, stamp.clock.now());
    }
  });
  return {
    stamp,
    commerce,
    subscriptions,
    whole,
    run: (asked = {}, limits = {}, received = commerce.received) => run(asked, limits, received),
    runUnregistered: (asked = {}) => run(asked, {}, undefined),
  };
}

/** Each cause with its rows and windows. */
export function causesOf({ causes }: Pick<Summary, 'causes'>): [string, bigint, number][] {
  return causes.map(({ cause, rows, windows }) => [cause, rows, windows]);
}
