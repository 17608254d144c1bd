import { SYSTEM } from '../../src/audit/index.ts';
import {
  activationKeyOf,
  addCommerceSubscription,
  putRegistration,
  type Registration,
} from '../../src/commerce/registration/index.ts';
import { ensureCommerceMeters } from '../../src/commerce/reported-usage/index.ts';
import type { Changing } from '../../src/identity/index.ts';
import {
  hourNumber,
  parseDirectoryTenantId,
  parseSubscriptionId,
  type DirectoryTenantId,
  type SubscriptionId,
} from '../../src/kernel/index.ts';
import { systemClock, type Clock, type Database } from '../../src/platform/index.ts';
import { readRegistrationToken } from '../../src/reporting/index.ts';
import { ensureStamp } from '../../src/server/index.ts';
import { applyActivationKey, makeRegistrationToken } from '../../src/stamp/bridge/index.ts';
import { insertSubscription, upsertDirectoryTenant } from '../../src/stamp/directory/index.ts';
import type { HistoricalEvent } from '../../src/stamp/intake/index.ts';

/** What both sides of a report need to know of each other, made without a network. */

export const changingAt = (clock: Clock): Changing => ({ clock, actor: SYSTEM });

/** A GUID that a reader recognises. */
export function guid(kind: number, number: number): string {
  return `${String(kind).padStart(8, '0')}-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

export const subscriptionOf = (kind: number, number: number): SubscriptionId =>
  parseSubscriptionId(guid(kind, number))!;
export const directoryOf = (number: number): DirectoryTenantId =>
  parseDirectoryTenantId(guid(90, number))!;

/** Gives a stamp customers: subscriptions by the directory that each is of. */
export async function addCustomers(
  database: Database,
  clock: Clock,
  customers: readonly {
    readonly subscriptionId: SubscriptionId;
    readonly directory: DirectoryTenantId;
  }[],
): Promise<void> {
  const { defaultProviderSubscriptionId: root } = await ensureStamp(database, clock);
  for (const { subscriptionId, directory } of customers) {
    await upsertDirectoryTenant(database.pool, { tenantId: directory, name: `of ${directory}` });
    await insertSubscription(database.pool, {
      subscriptionId,
      displayName: 'customer',
      owner: 'owner@customer.example',
      tenantId: directory,
      delegatedProviderSubscriptionId: root,
      offerId: undefined,
      routingResourceManagerType: 'Default',
      state: 'Enabled',
      origin: 'created',
      createdAt: clock.now(),
    });
  }
}

/** Gives commerce a partner with a base subscription, and one subscription for each customer. */
export async function addPartner(
  commerce: Database,
  clock: Clock,
  partner: { readonly base: SubscriptionId; readonly customers: readonly SubscriptionId[] },
): Promise<void> {
  await ensureStamp(commerce, clock);
  await commerce.transaction(async (tx) => {
    await ensureCommerceMeters(tx, clock);
    for (const subscriptionId of [partner.base, ...partner.customers]) {
      const isBase = subscriptionId === partner.base;
      await addCommerceSubscription(
        tx,
        {
          subscriptionId,
          displayName: isBase ? 'base' : 'customer',
          kind: isBase ? 'CSPSharedServices' : 'CSP',
          partnerId: 'fabrikam',
          tenantId: undefined,
          multitenancyApproved: isBase,
        },
        changingAt(clock),
      );
    }
  });
}

/** Registers a stamp and activates it, as two files would be carried; commerce goes by the clock of the machine. */
export async function registerStamp(
  { stamp, commerce, clock = systemClock }: { stamp: Database; commerce: Database; clock?: Clock },
  wanted: {
    readonly base: SubscriptionId;
    readonly name: string;
    /** the first window that is reported; the open one unless given */
    readonly from?: number;
    /** where the stamp reaches commerce, and the authority that vouches for it */
    readonly origin: string;
    readonly ca: string;
  },
): Promise<Registration> {
  const changing = changingAt(systemClock);
  const { base, name, from, origin, ca } = wanted;
  const token = await makeRegistrationToken(
    { database: stamp, clock },
    { billingModel: 'PayAsYouUse', ...(from !== undefined && { from: hourNumber(from) }) },
    changingAt(clock),
  );
  const checked = await readRegistrationToken(token, clock.now());
  const { homeTenantId } = await ensureStamp(commerce, systemClock);
  const { registration } = await commerce.transaction((tx) =>
    putRegistration(
      tx,
      { subscriptionId: base, resourceGroup: 'azurestack', name },
      checked,
      { homeTenantId },
      changing,
    ),
  );
  const address = { origin, ca, homeTenantId };
  const key = await activationKeyOf(
    { database: commerce, clock: systemClock },
    registration,
    address,
  );
  await applyActivationKey({ database: stamp, clock }, key, changingAt(clock));
  return registration;
}

const METERS = [
  '6dab500f-a4fd-49c4-956d-229bb9c8c793',
  'fab6eb84-500b-4a09-a8ca-7358f8bbaea5',
  'F271A8A388C44D93956A063E1D2FA80B',
] as const;

/** Records of so many rows in one reported hour, each of a resource and meter of its own. */
export function* recordsOf(
  reportedHour: number,
  rows: number,
  subscriptions: readonly SubscriptionId[],
): Generator<HistoricalEvent> {
  const start = Temporal.Instant.fromEpochMilliseconds((reportedHour - 1) * 3_600_000);
  for (let row = 0; row < rows; row++) {
    const subscriptionId = subscriptions[row % subscriptions.length]!;
    const machine = Math.floor(row / METERS.length);
    yield {
      reportedHour,
      event: {
        source: '/reporting/test',
        id: `${reportedHour}-${row}`,
        subscriptionId,
        resourceUri: `/subscriptions/${subscriptionId}/resourceGroups/Web/providers/Microsoft.Compute/virtualMachines/vm${machine}-"é"`,
        meterId: METERS[row % METERS.length]!,
        quantity: `${row % 7}.${String(row * 7919 + reportedHour).padStart(9, '0')}1`,
        usageStartTime: start.toString(),
        usageEndTime: start.add({ hours: 1 }).toString(),
        location: 'local',
        tags: row % 5 === 0 ? '{ "env": "prod" }' : 'null',
        additionalInfo: '{"ServiceType":"Standard_A1"}',
      },
    };
  }
}
