import { AzureStackManagementClient } from '@azure/arm-azurestack';
import { ClientSecretCredential } from '@azure/identity';
import { runSteps, type Steps } from './steps.ts';

export interface Told {
  readonly baseUrl: string;
  readonly tenantId: string;
  readonly partner: { readonly clientId: string; readonly clientSecret: string };
  readonly baseSubscription: string;
  readonly customerSubscription: string;
  readonly secondCustomerSubscription: string;
  readonly foreignCustomerSubscription: string;
  readonly customerDirectory: string;
  readonly secondCustomerDirectory: string;
  readonly registrationToken: string;
  readonly otherToken: string;
}

const GROUP = 'azurestack';
const NAME = 'through-the-client';

runSteps((told: Told): Steps => {
  const { clientId, clientSecret } = told.partner;
  const credential = new ClientSecretCredential(told.tenantId, clientId, clientSecret, {
    authorityHost: `${told.baseUrl}/adfs/stackmeter`,
    disableInstanceDiscovery: true,
  });
  const client = new AzureStackManagementClient(credential, told.baseSubscription, {
    baseUri: told.baseUrl,
    noRetryPolicy: true,
  });
  const { registrations, customerSubscriptions: customers, operations } = client;
  const token = (registrationToken: string) => ({ registrationToken, location: 'global' as const });
  const status = async (call: Promise<{ _response: { status: number } }>): Promise<number> =>
    // oxlint-disable-next-line no-underscore-dangle -- the client calls it so
    (await call)._response.status;
  return {
    operations: () => operations.list(),
    missing: () => registrations.get(GROUP, NAME),
    created: () => registrations.createOrUpdate(GROUP, NAME, token(told.registrationToken)),
    again: () => status(registrations.createOrUpdate(GROUP, NAME, token(told.registrationToken))),
    updated: () => registrations.update(GROUP, NAME, token(told.registrationToken)),
    otherStamp: () => registrations.createOrUpdate(GROUP, NAME, token(told.otherToken)),
    got: () => registrations.get(GROUP, NAME),
    listed: () => registrations.list(GROUP),
    key: () => registrations.getActivationKey(GROUP, NAME),
    noCustomers: () => customers.list(GROUP, NAME),
    mapped: () =>
      customers.create(GROUP, NAME, told.customerSubscription, {
        tenantId: told.customerDirectory,
      }),
    mappedAgain: () =>
      customers.create(GROUP, NAME, told.customerSubscription, {
        tenantId: told.customerDirectory,
      }),
    // Without a directory: commerce knows that of this customer.
    mappedBare: () => customers.create(GROUP, NAME, told.customerSubscription, {}),
    mappedSecond: () =>
      customers.create(GROUP, NAME, told.secondCustomerSubscription.toUpperCase(), {
        tenantId: told.secondCustomerDirectory,
      }),
    foreign: () =>
      customers.create(GROUP, NAME, told.foreignCustomerSubscription, {
        tenantId: told.customerDirectory,
      }),
    customer: () => customers.get(GROUP, NAME, told.customerSubscription),
    customers: () => customers.list(GROUP, NAME),
    unmapped: () => status(customers.deleteMethod(GROUP, NAME, told.customerSubscription)),
    unmappedAgain: () => status(customers.deleteMethod(GROUP, NAME, told.customerSubscription)),
    customerGone: () => customers.get(GROUP, NAME, told.customerSubscription),
    removed: () => status(registrations.deleteMethod(GROUP, NAME)),
    removedAgain: () => status(registrations.deleteMethod(GROUP, NAME)),
    gone: () => registrations.get(GROUP, NAME),
  };
});
