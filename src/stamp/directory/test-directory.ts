import { before } from 'node:test';
import { withTestDatabase, type TestDatabase } from '../../../test/support/database.ts';
import {
  parseDirectoryTenantId,
  parseSubscriptionId,
  type DirectoryTenantId,
  type SubscriptionId,
} from '../../kernel/index.ts';
import { SYSTEM } from '../../audit/index.ts';
import type { Changing } from '../../identity/index.ts';
import { fixedClock } from '../../platform/index.ts';
import { createDefaultProvider } from './subscriptions/default-provider.ts';
import { insertSubscription } from './subscriptions/store.ts';
import type { Subscription } from './subscriptions/subscription.ts';
import { upsertDirectoryTenant } from './tenants/store.ts';

function tenant(number: number): DirectoryTenantId {
  return parseDirectoryTenantId(`dddddddd-0000-4000-8000-${String(number).padStart(12, '0')}`)!;
}

export const HOME = tenant(1);
export const OTHER = tenant(2);

/** A directory with nobody in it but the default provider. */
export interface TestDirectory {
  readonly test: TestDatabase;
  readonly changing: Changing;
  readonly root: SubscriptionId;
  /** Writes a subscription; directly under the default provider unless it is told otherwise. */
  add(changes?: Partial<Subscription>): Promise<SubscriptionId>;
}

/** The id of the subscription with this number. */
export function idOf(number: number): SubscriptionId {
  return parseSubscriptionId(`aaaaaaaa-0000-4000-8000-${String(number).padStart(12, '0')}`)!;
}

/** Gives the `describe` in which it is called a directory of its own. */
export function withTestDirectory(): TestDirectory {
  const test = withTestDatabase();
  const changing = {
    clock: fixedClock(Temporal.Instant.from('2026-03-01T00:00:00Z')),
    actor: SYSTEM,
  };
  const root = idOf(0);
  let numbers = 0;
  before(async () => {
    const { pool } = test.database;
    await upsertDirectoryTenant(pool, { tenantId: HOME, name: 'home.example' });
    await upsertDirectoryTenant(pool, { tenantId: OTHER, name: 'other.example' });
    await test.database.transaction((tx) =>
      createDefaultProvider(tx, changing.clock, { subscriptionId: root, tenantId: HOME }),
    );
  });
  return {
    test,
    changing,
    root,
    add: async (changes = {}) => {
      numbers += 1;
      const subscription: Subscription = {
        subscriptionId: idOf(numbers),
        displayName: 'test',
        owner: 'somebody@home.example',
        tenantId: HOME,
        delegatedProviderSubscriptionId: root,
        offerId: undefined,
        routingResourceManagerType: 'Default',
        state: 'Enabled',
        origin: 'created',
        createdAt: changing.clock.now(),
        ...changes,
      };
      await insertSubscription(test.database.pool, subscription);
      return subscription.subscriptionId;
    },
  };
}
