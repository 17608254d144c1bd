import { before } from 'node:test';
import { SYSTEM } from '../../src/audit/index.ts';
import { addClient, type NewClient, type PrincipalRef } from '../../src/identity/index.ts';
import {
  parseDirectoryTenantId,
  parseSubscriptionId,
  type SubscriptionId,
} from '../../src/kernel/index.ts';
import { fixedClock, type Database, type FixedClock } from '../../src/platform/index.ts';
import { openPresentHour } from '../../src/stamp/aggregation/index.ts';
import { insertSubscription, upsertDirectoryTenant } from '../../src/stamp/directory/index.ts';
import { IntakeEngine, type Submission, type UsageEvent } from '../../src/stamp/intake/index.ts';
import { insertMeters, referenceMeters } from '../../src/stamp/meters/index.ts';
import { withTestDatabase } from './database.ts';

const HOME = parseDirectoryTenantId('dddddddd-0000-4000-8000-000000000001')!;

/** Two meters, of different providers. */
export const compute = referenceMeters.find(
  (meter) => meter.resourceProvider === 'Microsoft.Compute',
)!;
export const storage = referenceMeters.find(
  (meter) => meter.resourceProvider === 'Microsoft.Storage',
)!;

/** A stamp that can take usage, once an hour is open; with everything that is needed to make some. */
export interface UsageStamp {
  readonly database: Database;
  readonly clock: FixedClock;
  /** Opens the present hour, before which nothing is taken in. */
  openHour(): Promise<void>;
  engine(options?: { readonly database?: Database; readonly queueBytes?: number }): IntakeEngine;
  newSubscription(): Promise<SubscriptionId>;
  /** A client that may emit everything, unless it is told otherwise. */
  newEmitter(assignment?: Partial<NewClient>): Promise<PrincipalRef>;
  /** A record of one hour with an id of its own, ending two hours before the one in which the stamp begins. */
  usage(subscriptionId: string, changes?: Partial<UsageEvent>): UsageEvent;
}

/** Events as they come from one client. */
export function submission(caller: PrincipalRef, ...events: readonly UsageEvent[]): Submission {
  const sourceOf = (index: number): Buffer => Buffer.from(JSON.stringify(events[index]));
  return { caller, events, sourceOf };
}

/** Gives the `describe` in which it is called a stamp of its own, whose clock stands at `start`. */
export function withUsageStamp(start: Temporal.Instant): UsageStamp {
  const test = withTestDatabase();
  const clock = fixedClock(start);
  const hour = start.round({ smallestUnit: 'hour', roundingMode: 'floor' });
  let numbers = 0;
  before(async () => {
    const { pool } = test.database;
    await upsertDirectoryTenant(pool, { tenantId: HOME, name: 'home' });
    await insertMeters(pool, [compute, storage]);
  });
  const newSubscription = async (): Promise<SubscriptionId> => {
    numbers += 1;
    const { pool } = test.database;
    const subscriptionId = parseSubscriptionId(subscriptionText(numbers))!;
    const { rows } = await pool.query<{ root: SubscriptionId }>(
      'select subscription_id as root from subscription where delegated_provider_subscription_id is null',
    );
    await insertSubscription(pool, {
      subscriptionId,
      displayName: 'test',
      owner: 'somebody@home.example',
      tenantId: HOME,
      // The first is the root of all others.
      delegatedProviderSubscriptionId: rows[0]?.root,
      offerId: undefined,
      routingResourceManagerType: 'Default',
      state: 'Enabled',
      origin: 'created',
      createdAt: start,
    });
    return subscriptionId;
  };
  return {
    get database() {
      return test.database;
    },
    clock,
    openHour: async () => {
      await openPresentHour({ database: test.database, clock });
    },
    engine: ({ database = test.database, queueBytes = 2 ** 20 } = {}) =>
      new IntakeEngine({ database, clock, connections: 3, batchRecords: 4000, queueBytes }),
    newSubscription,
    newEmitter: async (assignment = {}) => {
      const client = { name: 'emitter', role: 'Emitter', scope: '/', ...assignment } as const;
      const stamp = { clock, homeTenantId: HOME, actor: SYSTEM };
      const added = await addClient(test.database.pool, client, stamp);
      return { kind: 'client', principalId: added.clientId, tenantId: added.tenantId };
    },
    usage: (subscriptionId, changes = {}) => {
      numbers += 1;
      return {
        source: 'test',
        id: `record ${numbers}`,
        subscriptionId,
        resourceUri: `/subscriptions/${subscriptionId}/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/vm`,
        meterId: compute.id,
        quantity: '1.25',
        usageStartTime: hour.subtract({ hours: 3 }).toString(),
        usageEndTime: hour.subtract({ hours: 2 }).toString(),
        location: 'local',
        tags: '',
        additionalInfo: '',
        ...changes,
      };
    },
  };
}

function subscriptionText(number: number): string {
  return `aaaaaaaa-0000-4000-8000-${String(number).padStart(12, '0')}`;
}
