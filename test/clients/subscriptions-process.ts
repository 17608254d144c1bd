import { ClientSecretCredential } from '@azure/identity';
import { SubscriptionClient as NewerClient } from '@azure/arm-resources-subscriptions';
import { SubscriptionClient as OlderClient } from '@azure/arm-subscriptions';
import { runSteps, type Steps } from './steps.ts';

export interface Told {
  readonly baseUrl: string;
  readonly tenantId: string;
  readonly operator: { readonly clientId: string; readonly clientSecret: string };
  readonly tenant: { readonly clientId: string; readonly clientSecret: string };
  readonly tenantSubscription: string;
  readonly otherSubscription: string;
  readonly unknownSubscription: string;
}

/** What there is of a subscription or a tenant. */
export type Item = Readonly<Record<string, unknown>>;

runSteps((told: Told): Steps => {
  const credential = ({ clientId, clientSecret }: Told['operator']): ClientSecretCredential =>
    new ClientSecretCredential(told.tenantId, clientId, clientSecret, {
      authorityHost: `${told.baseUrl}/adfs/stackmeter`,
      disableInstanceDiscovery: true,
    });
  const operator = credential(told.operator);
  const tenant = credential(told.tenant);
  const options = { endpoint: told.baseUrl, retryOptions: { maxRetries: 0 } };
  const listAs = (who: ClientSecretCredential, apiVersion: string): Promise<object[]> =>
    all(new NewerClient(who, { ...options, apiVersion }).subscriptions.list());
  return {
    ...stepsOf('older', new OlderClient(operator, options), new OlderClient(tenant, options), told),
    ...stepsOf('newer', new NewerClient(operator, options), new NewerClient(tenant, options), told),
    supported: () => listAs(tenant, '2019-11-01'),
    unsupported: () => listAs(tenant, '2030-01-01'),
  };
});

/** What the two packages have in common. */
interface Client {
  readonly subscriptions: {
    list(): Listed;
    get(subscriptionId: string): Promise<object>;
  };
  readonly tenants: { list(): Listed };
}

interface Listed extends AsyncIterable<object> {
  byPage(): AsyncIterable<readonly object[]>;
}

function stepsOf(
  name: string,
  operator: Client,
  tenant: Client,
  { tenantSubscription, otherSubscription, unknownSubscription }: Told,
): Steps {
  return {
    [`${name} pages`]: async () => {
      const sizes: number[] = [];
      for await (const page of operator.subscriptions.list().byPage()) sizes.push(page.length);
      return sizes;
    },
    [`${name} list`]: () => all(operator.subscriptions.list()),
    [`${name} own`]: () => all(tenant.subscriptions.list()),
    [`${name} get`]: () => tenant.subscriptions.get(tenantSubscription.toUpperCase()),
    [`${name} foreign`]: () => tenant.subscriptions.get(otherSubscription),
    [`${name} unknown`]: () => operator.subscriptions.get(unknownSubscription),
    [`${name} tenants`]: () => all(tenant.tenants.list()),
  };
}

async function all(list: AsyncIterable<object>): Promise<object[]> {
  return Array.fromAsync(list);
}
