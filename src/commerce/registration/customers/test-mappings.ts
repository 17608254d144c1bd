import type { DirectoryTenantId, Instant, SubscriptionId } from '../../../kernel/index.ts';
import type { Registration } from '../registrations/registration.ts';
import type { TestCommerce } from '../test-commerce.ts';
import { putCustomerMapping, removeCustomerMapping } from './change.ts';
import type { CustomerResource } from './resource.ts';
import { mappingsInForce } from './store.ts';

/** Registrations and customers of a partner, and what is done to their mappings. */
export interface TestMappings {
  readonly newRegistration: (partnerId?: string) => Promise<Registration>;
  /** Of which no directory is known, so that any can be mapped to it. */
  readonly newCustomer: (partnerId?: string) => Promise<SubscriptionId>;
  readonly put: (
    place: Registration,
    customerSubscriptionId: SubscriptionId,
    tenantId: DirectoryTenantId,
    more?: { readonly shared?: boolean; readonly effectiveFrom?: Instant },
  ) => Promise<CustomerResource>;
  readonly remove: (place: Registration, customer: SubscriptionId) => Promise<boolean>;
  /** To whose account usage of the directory goes; undefined for that of the registration. */
  readonly customerAt: (
    registration: Registration,
    tenantId: DirectoryTenantId,
    at?: Instant,
  ) => Promise<SubscriptionId | undefined>;
}

export function testMappings(commerce: TestCommerce): TestMappings {
  const newRegistration = async (partnerId = 'partner'): Promise<Registration> => {
    const subscriptionId = await commerce.addSubscription({ partnerId });
    const place = { subscriptionId, resourceGroup: 'rg', name: 'one' };
    return (await commerce.register(place)).registration;
  };
  const newCustomer = (partnerId = 'partner'): Promise<SubscriptionId> =>
    commerce.addSubscription({ partnerId, tenantId: undefined });
  const put = (
    place: Registration,
    customerSubscriptionId: SubscriptionId,
    tenantId: DirectoryTenantId,
    more: { readonly shared?: boolean; readonly effectiveFrom?: Instant } = {},
  ): Promise<CustomerResource> =>
    commerce.test.database.transaction((tx) =>
      putCustomerMapping(
        tx,
        place,
        { customerSubscriptionId, tenantId, shared: false, ...more },
        commerce.changing,
      ),
    );
  const remove = (place: Registration, customer: SubscriptionId): Promise<boolean> =>
    commerce.test.database.transaction((tx) =>
      removeCustomerMapping(tx, place, customer, commerce.changing),
    );
  const customerAt = async (
    registration: Registration,
    tenantId: DirectoryTenantId,
    at = commerce.clock.now(),
  ): Promise<SubscriptionId | undefined> =>
    (await mappingsInForce(commerce.test.database.pool, registration, at)).get(tenantId)
      ?.customerSubscriptionId;
  return { newRegistration, newCustomer, put, remove, customerAt };
}
