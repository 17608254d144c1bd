import { hourOf, parseSubscriptionId, type SubscriptionId } from '../../src/kernel/index.ts';
import { systemClock, type Database } from '../../src/platform/index.ts';
import { SYSTEM } from '../../src/audit/index.ts';
import { addClient, type NewClient } from '../../src/identity/index.ts';
import type { Server } from '../../src/server/index.ts';
import { applyRetention, openImportedWindows } from '../../src/stamp/aggregation/index.ts';
import {
  insertSubscription,
  upsertDirectoryTenant,
  type SubscriptionState,
} from '../../src/stamp/directory/index.ts';
import type { HistoricalEvent } from '../../src/stamp/intake/index.ts';
import { importHistory } from '../../src/stamp/sources/index.ts';
import { BILLING_CLIENTS, writeBillingFixture } from './billing-fixture.ts';
import { COMMERCE_CLIENTS, writeCommerceFixture } from './commerce-fixture.ts';
import { REPORTED_CLIENTS, writeReportedFixture } from './reported-fixture.ts';
import type { ClientConfig } from './runner.ts';

/** The fixed subscriptions, by the names of their placeholders. */
export const SUBSCRIPTIONS = {
  tenantSubscription: '7c1e9a40-5b2d-4f83-9e16-2d3a8b4c5f01',
  otherSubscription: '7c1e9a40-5b2d-4f83-9e16-2d3a8b4c5f02',
  resellerSubscription: '7c1e9a40-5b2d-4f83-9e16-2d3a8b4c5f03',
  indirectSubscription: '7c1e9a40-5b2d-4f83-9e16-2d3a8b4c5f04',
  bigSubscription: '7c1e9a40-5b2d-4f83-9e16-2d3a8b4c5f05',
  disabledSubscription: '7c1e9a40-5b2d-4f83-9e16-2d3a8b4c5f06',
  deletedSubscription: '7c1e9a40-5b2d-4f83-9e16-2d3a8b4c5f07',
} as const;

/** Rows of the subscription with many of them: two full pages and a half. */
export const BIG_ROWS = 2500;

const VM_HOURS = '6dab500f-a4fd-49c4-956d-229bb9c8c793';
const ADDRESS_HOURS = 'F271A8A388C44D93956A063E1D2FA80B';

const STATES: Readonly<Record<string, SubscriptionState>> = {
  disabledSubscription: 'Disabled',
  deletedSubscription: 'Deleted',
};

const idOf = (name: keyof typeof SUBSCRIPTIONS): SubscriptionId =>
  parseSubscriptionId(SUBSCRIPTIONS[name])!;

export interface Fixture {
  readonly placeholders: Readonly<Record<string, string>>;
  readonly clients: Readonly<Record<string, ClientConfig>>;
}

/** Gives a new server what the cases know of: subscriptions, clients, and usage in reported windows of 2018. */
export async function writeFixture(server: Server): Promise<Fixture> {
  const { database, stamp } = server;
  await addSubscriptions(server);
  await importUsage(database, '2018-01-01T00', 24, []);
  // Just imported, so past its retention only from far ahead.
  const later = systemClock.now().add({ hours: 500 * 24 });
  await applyRetention(database, later, { recordDays: 400, hourlyDays: 400 });
  await importUsage(database, '2018-06-01T00', 72, [...usage()]);
  // As an import that was interrupted leaves them: over, and not closed.
  const open: number = hourOf(Temporal.Instant.from('2018-06-05T00:00Z'));
  await openImportedWindows({ database, clock: systemClock }, open, open + 23);
  const reported = await writeReportedFixture(server);
  const clients: Record<string, ClientConfig> = { operator: server.operator, ...reported.clients };
  const roles = { ...CLIENTS, ...COMMERCE_CLIENTS, ...REPORTED_CLIENTS, ...BILLING_CLIENTS };
  for (const [name, client] of Object.entries(roles)) {
    const { homeTenantId } = stamp;
    clients[name] = await addClient(
      database.pool,
      { name, ...client },
      { clock: systemClock, homeTenantId, actor: SYSTEM },
    );
  }
  return {
    placeholders: {
      ...SUBSCRIPTIONS,
      ...(await writeCommerceFixture(server)),
      ...reported.placeholders,
      ...(await writeBillingFixture(server)),
      operatorSubscription: stamp.defaultProviderSubscriptionId,
      unknownSubscription: '7c1e9a40-5b2d-4f83-9e16-2d3a8b4c5fff',
      assignment: '7c1e9a40-5b2d-4f83-9e16-2d3a8b4c6f01',
      someone: '7c1e9a40-5b2d-4f83-9e16-2d3a8b4c6f02',
      homeTenant: stamp.homeTenantId,
    },
    clients,
  };
}

const CLIENTS: Readonly<Record<string, Omit<NewClient, 'name'>>> = {
  tenant: { role: 'Reader', scope: `/subscriptions/${idOf('tenantSubscription')}` },
  reseller: { role: 'Reader', scope: `/subscriptions/${idOf('resellerSubscription')}` },
  deleted: { role: 'Owner', scope: `/subscriptions/${idOf('deletedSubscription')}` },
  stampReader: { role: 'Reader', scope: '/' },
  resellerProvider: {
    role: 'DelegatedProvider',
    scope: `/subscriptions/${idOf('resellerSubscription')}`,
  },
  auditor: { role: 'Auditor', scope: '/' },
  groupReader: {
    role: 'Reader',
    scope: `/subscriptions/${idOf('tenantSubscription')}/resourceGroups/web-rg`,
  },
  emitter: {
    role: 'Emitter',
    scope: `/subscriptions/${idOf('tenantSubscription')}`,
    providers: ['Microsoft.Compute'],
  },
};

async function addSubscriptions({ database, stamp }: Server): Promise<void> {
  await upsertDirectoryTenant(database.pool, {
    tenantId: stamp.homeTenantId,
    name: 'stamp.example',
  });
  for (const name of Object.keys(SUBSCRIPTIONS) as (keyof typeof SUBSCRIPTIONS)[]) {
    await insertSubscription(database.pool, {
      subscriptionId: idOf(name),
      displayName: name,
      owner: 'owner@tenant.example',
      tenantId: stamp.homeTenantId,
      delegatedProviderSubscriptionId:
        name === 'indirectSubscription'
          ? idOf('resellerSubscription')
          : stamp.defaultProviderSubscriptionId,
      offerId: undefined,
      routingResourceManagerType: 'Default',
      state: STATES[name] ?? 'Enabled',
      origin: 'created',
      createdAt: Temporal.Instant.from('2018-01-01T00:00Z'),
    });
  }
}

async function importUsage(
  database: Database,
  start: string,
  hours: number,
  records: HistoricalEvent[],
): Promise<void> {
  const from: number = hourOf(Temporal.Instant.from(`${start}:00Z`));
  const tools = { database, clock: systemClock };
  const summary = await importHistory(tools, { from, through: from + hours - 1, records });
  if (summary.accepted !== records.length) {
    throw new Error(`Of ${records.length} records ${summary.accepted} were taken.`);
  }
}

interface Use {
  /** Hours, like `2018-06-01T10`. */
  readonly reported: string;
  readonly used: string;
  readonly subscription: keyof typeof SUBSCRIPTIONS;
  readonly resource: string;
  readonly meterId: string;
  readonly quantity: string;
  readonly tags?: string;
  readonly additionalInfo?: string;
}

/** What was used, in the order of the cases that ask for it. */
function* uses(): Generator<Use> {
  const address = 'Microsoft.Network/publicIPAddresses/ip01';
  for (let hour = 0; hour < 24; hour++) {
    const used = Temporal.Instant.from('2018-06-01T00:00Z').add({ hours: hour });
    const reported = used.add({ hours: 1 }).toString().slice(0, 13);
    yield {
      reported,
      used: used.toString().slice(0, 13),
      subscription: 'tenantSubscription',
      resource: address,
      meterId: ADDRESS_HOURS,
      quantity: '1',
      additionalInfo: 'InUse',
    };
  }
  const early = { reported: '2018-06-02T05', used: '2018-06-02T04', meterId: VM_HOURS };
  yield {
    ...early,
    subscription: 'otherSubscription',
    resource: 'Microsoft.Compute/virtualMachines/wéb"01"',
    quantity: '0.12345678901234567890123456789',
    tags: '{ "env" : "prod" }',
    additionalInfo: '{"ServiceType":"Standard_A2","ImageType":null}',
  };
  const plain = { ...early, resource: 'Microsoft.Compute/virtualMachines/vm', tags: 'null' };
  yield { ...plain, subscription: 'resellerSubscription', quantity: '3' };
  yield { ...plain, subscription: 'indirectSubscription', quantity: '2' };
  yield { ...plain, reported: '2018-06-02T09', subscription: 'deletedSubscription', quantity: '1' };
  const twice = { ...plain, reported: '2018-06-02T11', subscription: 'otherSubscription' } as const;
  yield { ...twice, used: '2018-06-02T09', quantity: '0' };
  yield { ...twice, used: '2018-06-02T10', quantity: '1e-10' };
  yield { ...twice, used: '2018-06-02T10', quantity: '10.50', tags: '{}' };
  for (let i = 0; i < BIG_ROWS; i++) {
    const resource = `Microsoft.Compute/virtualMachines/vm${i}`;
    const reported = '2018-06-02T07';
    yield { ...early, reported, subscription: 'bigSubscription', resource, quantity: '1' };
  }
}

function* usage(): Generator<HistoricalEvent> {
  let number = 0;
  for (const use of uses()) {
    const start = Temporal.Instant.from(`${use.used}:00Z`);
    const subscriptionId = SUBSCRIPTIONS[use.subscription];
    yield {
      reportedHour: hourOf(Temporal.Instant.from(`${use.reported}:00Z`)),
      event: {
        source: '/conformance/fixture',
        id: String(++number),
        subscriptionId,
        resourceUri: `/subscriptions/${subscriptionId}/resourceGroups/web-RG/providers/${use.resource}`,
        meterId: use.meterId,
        quantity: use.quantity,
        usageStartTime: start.toString(),
        usageEndTime: start.add({ hours: 1 }).toString(),
        location: 'local',
        tags: use.tags ?? '',
        additionalInfo: use.additionalInfo ?? '',
      },
    };
  }
}
