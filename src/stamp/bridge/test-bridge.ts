import { after, before } from 'node:test';
import { withUsageStamp, submission, type UsageStamp } from '../../../test/support/usage.ts';
import { SYSTEM } from '../../audit/index.ts';
import type { Changing, PrincipalRef } from '../../identity/index.ts';
import { hourOf, type HourNumber, type SubscriptionId } from '../../kernel/index.ts';
import { closeWindows, openPresentHour } from '../aggregation/index.ts';
import { applyActivationKey, makeRegistrationToken, type RegistrationWish } from './activating.ts';
import { disconnect } from './connection.ts';
import { sendDueWindows, type PassOptions, type PassOutcome } from './pass.ts';
import type { BridgeProgress } from './progress.ts';
import { readProgress } from './store.ts';
import { withTestCommerce, type TestCommerce } from './test-commerce.ts';

export const START = Temporal.Instant.from('2026-03-01T00:10:00Z');
export const FIRST: HourNumber = hourOf(START);

/** A stamp with a commerce to report to. */
export interface TestBridge {
  readonly stamp: UsageStamp;
  readonly commerce: TestCommerce;
  readonly changing: Changing;
  /** Takes in so many records of different resources, ends the hour, and closes it. */
  readonly closeHour: (records: number) => Promise<void>;
  /** Registers the stamp and activates it. */
  readonly activate: (wish?: Partial<RegistrationWish>) => Promise<void>;
  readonly send: (options?: PassOptions) => Promise<PassOutcome>;
  readonly progress: () => Promise<BridgeProgress>;
  readonly subscription: () => SubscriptionId;
}

/** Gives the `describe` in which it is called a stamp and a commerce of its own. */
export function withTestBridge(): TestBridge {
  const stamp = withUsageStamp(START);
  const commerce = withTestCommerce();
  const changing = { clock: stamp.clock, actor: SYSTEM };
  let emitter: PrincipalRef;
  let subscription: SubscriptionId;
  let resources = 0;
  before(async () => {
    await stamp.openHour();
    commerce.now = () => stamp.clock.now();
    await stamp.newSubscription();
    subscription = await stamp.newSubscription();
    emitter = await stamp.newEmitter();
  });
  after(() => disconnect(stamp));
  return {
    stamp,
    commerce,
    changing,
    closeHour: async (records) => {
      const { clock, database } = stamp;
      const events = Array.from({ length: records }, () => {
        resources += 1;
        return stamp.usage(subscription, { tags: `{"n":${resources}}`, quantity: '0.1' });
      });
      if (records > 0) await stamp.engine().submit(submission(emitter, ...events));
      clock.advance(3_600_000);
      await openPresentHour({ database, clock });
      await closeWindows({ database, clock }, clock.now());
    },
    activate: async (wish = {}) => {
      const token = await makeRegistrationToken(
        stamp,
        { billingModel: 'PayAsYouUse', ...wish },
        changing,
      );
      const key = await commerce.register(token, stamp.clock.now());
      await applyActivationKey(stamp, key, changing);
    },
    send: (options = {}) =>
      sendDueWindows(stamp, {
        backoff: { firstMs: 1000, longestMs: 300_000, random: () => 1 },
        force: true,
        ...options,
      }),
    progress: async () => (await readProgress(stamp.database.pool))!,
    subscription: () => subscription,
  };
}
