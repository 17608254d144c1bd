import { readFileSync } from 'node:fs';
import { SYSTEM } from '../../src/audit/index.ts';
import {
  addClient,
  addUser,
  roleDefinitions,
  roles,
  type NewClient,
} from '../../src/identity/index.ts';
import {
  hourOf,
  isJsonObject,
  parseSubscriptionId,
  type SubscriptionId,
} from '../../src/kernel/index.ts';
import { systemClock } from '../../src/platform/index.ts';
import type { Server } from '../../src/server/index.ts';
import { insertSubscription } from '../../src/stamp/directory/index.ts';
import type { HistoricalEvent } from '../../src/stamp/intake/index.ts';
import { importHistory } from '../../src/stamp/sources/index.ts';
import { send } from '../conformance/client.ts';
import { BILLING_CLIENTS, writeBillingFixture } from '../conformance/billing-fixture.ts';
import { REPORTED_CLIENTS, writeReportedFixture } from '../conformance/reported-fixture.ts';
import { fixBilling } from './billing.ts';
import { fixCommerce, reportFirstWindow } from './commerce-world.ts';
import type { Callers } from './credentials.ts';
import { createKnowledge, type World } from './knowledge.ts';
import { PERSON } from './sign-in.ts';

const VM_HOURS = '6dab500f-a4fd-49c4-956d-229bb9c8c793';
const IMPORTED = '2018-06-01T00:00:00Z';
const IMPORTED_HOURS = 48;
const CLI = '04b07795-8ddb-461a-bbee-02f9e1bf7b46';

function idOf(kind: number, number: number): SubscriptionId {
  return parseSubscriptionId(`5e0${kind}0000-0000-4000-8000-${String(number).padStart(12, '0')}`)!;
}

const TENANT = idOf(1, 1);
const RESELLER = idOf(1, 2);
const BELOW = idOf(1, 3);
/** Made, changed and deleted by the requests. */
const CHURN = Array.from({ length: 150 }, (_, number) => idOf(2, number));

const CLIENTS: Readonly<Record<string, Omit<NewClient, 'name'>>> = {
  owner: { role: 'Owner', scope: `/subscriptions/${TENANT}` },
  reseller: { role: 'DelegatedProvider', scope: `/subscriptions/${RESELLER}` },
  reader: { role: 'Reader', scope: '/' },
  auditor: { role: 'Auditor', scope: '/' },
  emitter: { role: 'Emitter', scope: '/' },
  groupReader: { role: 'Reader', scope: `/subscriptions/${TENANT}/resourceGroups/web` },
};

/** Gives a new server something of every kind, and tells what requests can name. */
export async function prepareWorld(server: Server): Promise<{ world: World; callers: Callers }> {
  await addSubscriptions(server);
  await importUsage(server);
  const reported = await writeReportedFixture(server, server.baseUrl);
  const clients: Record<string, { clientId: string; clientSecret: string }> = {
    operator: server.operator,
    ...reported.clients,
  };
  const stamp = { clock: systemClock, homeTenantId: server.stamp.homeTenantId, actor: SYSTEM };
  for (const [name, client] of Object.entries({
    ...CLIENTS,
    ...REPORTED_CLIENTS,
    ...BILLING_CLIENTS,
  })) {
    clients[name] = await addClient(server.database.pool, { name, ...client }, stamp);
  }
  const changing = { clock: systemClock, actor: SYSTEM };
  await server.database.transaction((tx) =>
    addUser(tx, { ...PERSON, tenantId: server.stamp.homeTenantId }, changing),
  );
  const callers: Record<string, Callers[string]> = {};
  for (const [name, { clientId, clientSecret }] of Object.entries(clients)) {
    const token = await getToken(server, clientId, clientSecret);
    callers[name] = { clientId, clientSecret, token };
  }
  const hour = systemClock.now().round({ smallestUnit: 'hour', roundingMode: 'floor' });
  const world = { knowledge: createKnowledge(), hour, base: server.baseUrl };
  fixKnowledge(world, server, callers);
  await fixCommerce(world, reported.placeholders);
  fixBilling(world, await writeBillingFixture(server));
  await reportFirstWindow(server, reported.placeholders, callers['stamp']!);
  return { world, callers };
}

function fixKnowledge({ knowledge }: World, { stamp }: Server, callers: Callers): void {
  const root = stamp.defaultProviderSubscriptionId;
  const home = stamp.homeTenantId;
  const numbered = (kind: number, length: number): string[] =>
    Array.from({ length }, (_, number) => idOf(kind, number));
  // The more often one is named here, the more often it is taken.
  knowledge.fix('provider', root, root, root, root, RESELLER, TENANT);
  knowledge.fix('subscription', TENANT, RESELLER, BELOW, root, ...CHURN.slice(0, 4));
  knowledge.fix('churn', ...CHURN);
  knowledge.fix('group', 'web', 'web', 'web', 'WEB', 'other', 'system.local');
  knowledge.fix('location', 'local');
  knowledge.fix('offer', 'gold', 'silver', 'bronze', 'Größe');
  knowledge.fix('plan', 'small', 'large', 'extra');
  knowledge.fix('delegation', 'first', 'second');
  knowledge.fix('directoryTenant', 'stamp.example', 'other.example', 'third.example');
  knowledge.fix('tenant', home, home, home, idOf(3, 1), idOf(3, 2));
  knowledge.fix('authorityTenant', home, home, 'common', 'organizations', idOf(3, 1));
  knowledge.fix('authorityName', 'stackmeter', 'adfs');
  knowledge.fix('acquisitionId', ...numbered(4, 6));
  knowledge.fix('operationId', idOf(5, 1));
  knowledge.fix('assignment', ...numbered(6, 20));
  knowledge.fix('roleDefinition', ...roles.map((role) => roleDefinitions[role].id));
  knowledge.fix('meter', VM_HOURS, VM_HOURS.toUpperCase(), 'base_vm_size_hours', 'one');
  knowledge.fix('computeMeter', VM_HOURS, VM_HOURS, VM_HOURS, 'F271A8A388C44D93956A063E1D2FA80B');
  knowledge.fix('namespace', 'Microsoft.Commerce', 'Microsoft.Subscriptions.Admin');
  knowledge.fix('publicClient', CLI);
  const { operator: _kept, ...others } = callers;
  knowledge.fix('principal', ...Object.values(others).map(({ clientId }) => clientId), idOf(7, 1));
  knowledge.fix(
    'clientKey',
    ...Object.values(callers).map(({ clientId, clientSecret }) => `${clientId} ${clientSecret}`),
  );
}

async function addSubscriptions({ database, stamp }: Server): Promise<void> {
  const root = stamp.defaultProviderSubscriptionId;
  for (const [subscriptionId, provider] of [
    [TENANT, root],
    [RESELLER, root],
    [BELOW, RESELLER],
    [CHURN[0]!, root],
    [CHURN[1]!, RESELLER],
  ] as const) {
    await insertSubscription(database.pool, {
      subscriptionId,
      displayName: 'generated',
      owner: 'x',
      tenantId: stamp.homeTenantId,
      delegatedProviderSubscriptionId: provider,
      offerId: undefined,
      routingResourceManagerType: 'Default',
      state: 'Enabled',
      origin: 'created',
      createdAt: Temporal.Instant.from(IMPORTED),
    });
  }
}

async function importUsage({ database }: Server): Promise<void> {
  const start = Temporal.Instant.from(IMPORTED);
  const from: number = hourOf(start);
  const records = Array.from({ length: IMPORTED_HOURS }, (_, hour) =>
    [TENANT, RESELLER, BELOW].map((subscriptionId): HistoricalEvent => {
      const used = start.add({ hours: hour });
      return {
        reportedHour: hourOf(used),
        event: {
          source: '/generated/import',
          id: `${subscriptionId} ${hour}`,
          subscriptionId,
          resourceUri: `/subscriptions/${subscriptionId}/resourceGroups/web/providers/Microsoft.Compute/virtualMachines/vm`,
          meterId: VM_HOURS,
          quantity: '1',
          usageStartTime: used.toString(),
          usageEndTime: used.add({ hours: 1 }).toString(),
          location: 'local',
          tags: '',
          additionalInfo: '',
        },
      };
    }),
  ).flat();
  const window = { from, through: from + IMPORTED_HOURS - 1 };
  await importHistory({ database, clock: systemClock }, { ...window, records });
}

async function getToken(server: Server, clientId: string, clientSecret: string): Promise<string> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope: `${server.baseUrl}/.default`,
  });
  const { status, body } = await send(readFileSync(server.caFile, 'utf8'), {
    method: 'POST',
    address: `${server.baseUrl}/adfs/oauth2/token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(form.toString()),
  });
  const content: unknown = JSON.parse(body.toString('utf8'));
  const token = isJsonObject(content) ? content['access_token'] : undefined;
  if (typeof token === 'string') return token;
  throw new Error(`no token: ${status} ${body.toString('utf8')}`);
}
