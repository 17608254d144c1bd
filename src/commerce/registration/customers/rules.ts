import { fail, type SubscriptionId } from '../../../kernel/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import type { Registration, RegistrationPlace } from '../registrations/registration.ts';
import { findRegistrationByName } from '../registrations/store.ts';
import { isOfPartner, type CommerceSubscription } from '../subscriptions/commerce-subscription.ts';
import { findCommerceSubscription } from '../subscriptions/store.ts';
import { mapsCustomers } from './store.ts';

/** @throws RegistrationNotFound */
export async function requireRegistration(
  db: Queryable,
  place: RegistrationPlace,
): Promise<Registration> {
  const found = await findRegistrationByName(db, place);
  if (found !== undefined) return found;
  throw fail('RegistrationNotFound', { ...place });
}

/**
 * Whether the registration maps customers at all: its usage is paid as it is used, and its subscription
 * is that of a partner who was approved for it.
 *
 * @returns the subscription under which it is
 * @throws CustomerSubscriptionsNotAllowed, UnauthorizedCspRegistration
 */
export async function requireMappingBase(
  db: Queryable,
  { name, billingModel, subscriptionId }: Registration,
): Promise<CommerceSubscription> {
  if (!mapsCustomers(billingModel)) {
    throw fail('CustomerSubscriptionsNotAllowed', { name, billingModel });
  }
  const base = await findCommerceSubscription(db, subscriptionId);
  if (base === undefined) throw fail('SubscriptionNotFound', { subscriptionId });
  if (!isOfPartner(base.kind)) {
    const reason = `its subscription is of the kind ${base.kind}, not of a cloud service provider`;
    throw fail('UnauthorizedCspRegistration', { name, reason });
  }
  if (!base.multitenancyApproved) {
    const reason = 'its subscription is not approved for multi-tenancy';
    throw fail('UnauthorizedCspRegistration', { name, reason });
  }
  return base;
}

/**
 * Whether the registration may map somebody to the customer subscription.
 *
 * @throws as {@link requireMappingBase}, and InvalidCustomerSubscriptionId, InvalidCSPSubscription,
 *   BadCustomerSubscriptionId, Conflict for one that is disabled
 */
export async function checkMayMap(
  db: Queryable,
  registration: Registration,
  customerSubscriptionId: SubscriptionId,
): Promise<{ readonly base: CommerceSubscription; readonly customer: CommerceSubscription }> {
  const base = await requireMappingBase(db, registration);
  const customer = await findCommerceSubscription(db, customerSubscriptionId);
  if (customer === undefined)
    throw fail('InvalidCustomerSubscriptionId', { customerSubscriptionId });
  const { kind, partnerId, state } = customer;
  if (!isOfPartner(kind)) throw fail('InvalidCSPSubscription', { customerSubscriptionId, kind });
  if (partnerId !== base.partnerId) {
    throw fail('BadCustomerSubscriptionId', { customerSubscriptionId });
  }
  if (state === 'Disabled') {
    throw fail('Conflict', { reason: `the subscription ${customerSubscriptionId} is disabled` });
  }
  return { base, customer };
}
