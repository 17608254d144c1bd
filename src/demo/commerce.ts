import { readFile } from 'node:fs/promises';
import {
  parseSubscriptionId,
  type DirectoryTenantId,
  type HourNumber,
  type SubscriptionId,
} from '../kernel/index.ts';
import { SYSTEM } from '../audit/index.ts';
import type { Changing } from '../identity/index.ts';
import {
  activationKeyOf,
  addCommerceSubscription,
  findCommerceSubscription,
  putCustomerMapping,
  putRegistration,
  type Registration,
} from '../commerce/registration/index.ts';
import { readRegistrationToken } from '../reporting/index.ts';
import {
  applyActivationKey,
  findActivation,
  makeRegistrationToken,
} from '../stamp/bridge/index.ts';
import { billDemo, type DemoSubscriptions } from './billing.ts';
import type { DemoStamp, DemoTools } from './stamp.ts';

const PARTNER = 'demo-partner';

/** Subscriptions of commerce in the demo: that of the partner, and one for each of two of its three customers. */
export const demoSubscriptions: DemoSubscriptions = {
  base: idOf('5b6f0d7e-3c1a-4e8f-9a2b-7d4c1e0f5a01'),
  harbour: idOf('5b6f0d7e-3c1a-4e8f-9a2b-7d4c1e0f5a02'),
  alpine: idOf('5b6f0d7e-3c1a-4e8f-9a2b-7d4c1e0f5a03'),
};
const BASE = demoSubscriptions.base;
const CUSTOMERS: readonly { readonly directory: string; readonly id: SubscriptionId }[] = [
  { directory: 'harbour-logistics.example', id: demoSubscriptions.harbour },
  { directory: 'alpine-clinics.example', id: demoSubscriptions.alpine },
];

function idOf(text: string): SubscriptionId {
  const id = parseSubscriptionId(text);
  if (id === undefined) throw new TypeError(`${text} is no GUID`);
  return id;
}

/**
 * Registers the simulated stamp with commerce, as a service provider would whose three customers use it: two are
 * mapped to subscriptions of their own, the third is not, so that its usage goes to the provider's. Done once.
 */
export async function registerDemo(tools: DemoTools, demo: DemoStamp): Promise<void> {
  const { server, clock } = tools;
  const { database } = server;
  const changing: Changing = { clock, actor: SYSTEM };
  if ((await findActivation(database.pool)) !== undefined) return;
  const registration = await register(tools, demo.simulated.startHour, changing);
  const key = await activationKeyOf({ database, clock }, registration, {
    origin: server.baseUrl,
    ca: await readFile(server.caFile, 'utf8'),
    homeTenantId: server.stamp.homeTenantId,
  });
  await mapCustomers(tools, demo, registration, changing);
  await billDemo(tools, demoSubscriptions, demo.simulated.startHour);
  await applyActivationKey({ database, clock }, key, changing);
}

async function register(
  { server, clock }: DemoTools,
  from: HourNumber,
  changing: Changing,
): Promise<Registration> {
  const { database, stamp } = server;
  const token = await makeRegistrationToken(
    { database, clock },
    { billingModel: 'PayAsYouUse', from },
    changing,
  );
  const checked = await readRegistrationToken(token, clock.now());
  return database.transaction(async (tx) => {
    if ((await findCommerceSubscription(tx, BASE)) === undefined) {
      const partner = { kind: 'CSPSharedServices', partnerId: PARTNER } as const;
      await addCommerceSubscription(
        tx,
        {
          ...partner,
          subscriptionId: BASE,
          displayName: 'Cloud operations (base registration)',
          tenantId: stamp.homeTenantId,
          multitenancyApproved: true,
        },
        changing,
      );
    }
    const place = {
      subscriptionId: BASE,
      resourceGroup: 'azurestack',
      name: `AzureStack-${checked.cloudId}`,
    };
    const { registration } = await putRegistration(tx, place, checked, stamp, changing);
    return registration;
  });
}

async function mapCustomers(
  { server }: DemoTools,
  { simulated }: DemoStamp,
  registration: Registration,
  changing: Changing,
): Promise<void> {
  for (const { directory, id } of CUSTOMERS) {
    const found = simulated.directories.find(({ name }) => name === directory);
    if (found === undefined) throw new Error(`the simulated stamp has no ${directory}`);
    await mapCustomer(
      server.database,
      { registration, directory, id, tenantId: found.tenantId },
      changing,
    );
  }
}

async function mapCustomer(
  database: DemoTools['server']['database'],
  customer: {
    readonly registration: Registration;
    readonly directory: string;
    readonly id: SubscriptionId;
    readonly tenantId: DirectoryTenantId;
  },
  changing: Changing,
): Promise<void> {
  const { registration, directory, id, tenantId } = customer;
  await database.transaction(async (tx) => {
    if ((await findCommerceSubscription(tx, id)) === undefined) {
      await addCommerceSubscription(
        tx,
        {
          subscriptionId: id,
          displayName: directory,
          kind: 'CSP',
          partnerId: PARTNER,
          tenantId,
          multitenancyApproved: false,
        },
        changing,
      );
    }
    await putCustomerMapping(
      tx,
      registration,
      { customerSubscriptionId: id, tenantId, shared: false },
      changing,
    );
  });
}
