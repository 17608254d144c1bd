import {
  dayOf,
  fail,
  firstHourOfDay,
  hourOf,
  type DirectoryTenantId,
  type Instant,
  type SubscriptionId,
} from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import {
  findCommerceSubscription,
  listCustomerMappings,
  listRegistrations,
  mappingsInForce,
  resourceIdOf,
  type Registration,
  type RegistrationPlace,
} from '../registration/index.ts';
import { bookingOf } from './booking.ts';
import { readBookedUsage, type BookedUsage } from './mapping-preview-store.ts';

/** A mapping that somebody thinks of making. */
export interface PreviewedMapping {
  readonly registration: Registration;
  /** undefined: the home directory of the customer subscription, as with a mapping */
  readonly tenantId: DirectoryTenantId | undefined;
  readonly customerSubscriptionId: SubscriptionId;
  /** for all registrations of the partner */
  readonly shared: boolean;
  /** how many days back usage is looked at, today included */
  readonly days: number;
}

/** What the mapping would change for one registration. */
export interface PreviewedRegistration {
  readonly registrationId: string;
  readonly resourceId: string;
  readonly place: RegistrationPlace;
  /** where usage of the directory is booked from now on as things are */
  readonly presentSubscriptionId: SubscriptionId;
  /** and with the mapping: the same where the registration has a mapping of its own */
  readonly futureSubscriptionId: SubscriptionId;
  /** reported in the days looked at: what has been booked stays where it is */
  readonly usage: readonly BookedUsage[];
}

export interface MappingPreview {
  readonly tenantId: DirectoryTenantId;
  readonly customerSubscriptionId: SubscriptionId;
  readonly shared: boolean;
  /** first reported hour that was looked at, and the one after the last */
  readonly fromHour: number;
  readonly toHour: number;
  readonly registrations: readonly PreviewedRegistration[];
}

/**
 * What a mapping would change, judged by the usage that came lately. Nothing is written, and of whether the mapping may be
 * made only this is looked at: that the subscription is one of the same partner. What has been booked stays; a mapping is
 * for what commerce receives from then on.
 *
 * @throws InvalidCustomerSubscriptionId when commerce does not know the subscription, BadCustomerSubscriptionId when it is
 *   not the partner's, InvalidProperty when neither the directory nor that of the subscription is known
 */
export async function previewMapping(
  db: Queryable,
  wanted: PreviewedMapping,
  now: Instant,
): Promise<MappingPreview> {
  const { registration, customerSubscriptionId, shared, days } = wanted;
  const customer = await findCommerceSubscription(db, customerSubscriptionId);
  if (customer === undefined)
    throw fail('InvalidCustomerSubscriptionId', { customerSubscriptionId });
  const { partnerId } = (await findCommerceSubscription(db, registration.subscriptionId)) ?? {};
  // The directory of somebody else's customer is not told.
  if (partnerId === undefined || customer.partnerId !== partnerId) {
    throw fail('BadCustomerSubscriptionId', { customerSubscriptionId });
  }
  const tenantId = wanted.tenantId ?? customer.tenantId;
  if (tenantId === undefined) {
    const rule = 'the directory of the customer subscription is not known, so it has to be given';
    throw fail('InvalidProperty', { parameter: 'tenantId', value: '', rule });
  }
  const fromHour = firstHourOfDay(dayOf(now)) - (days - 1) * 24;
  const toHour = hourOf(now) + 1;
  const concerned = shared ? await registrationsOfPartner(db, registration) : [registration];
  const { unaccepted } = await bookingOf(db, concerned);
  const registrations: PreviewedRegistration[] = [];
  for (const one of concerned) {
    const request = { registration: one.number, tenantId, fromHour, toHour, unaccepted };
    const present = await presentSubscription(db, one, tenantId, now);
    const isOwn = one.number === registration.number;
    const stays = !isOwn && (await hasOwnMapping(db, one, tenantId, now));
    registrations.push({
      registrationId: one.registrationId,
      resourceId: resourceIdOf(one),
      place: {
        subscriptionId: one.subscriptionId,
        resourceGroup: one.resourceGroup,
        name: one.name,
      },
      presentSubscriptionId: present,
      futureSubscriptionId: stays ? present : customerSubscriptionId,
      usage: await readBookedUsage(db, request),
    });
  }
  return { tenantId, customerSubscriptionId, shared, fromHour, toHour, registrations };
}

/** The registration itself first; without a partner it is alone. */
async function registrationsOfPartner(
  db: Queryable,
  registration: Registration,
): Promise<Registration[]> {
  const base = await findCommerceSubscription(db, registration.subscriptionId);
  const others: Registration[] = [];
  for (const one of await listRegistrations(db)) {
    if (one.number === registration.number || base?.partnerId === undefined) continue;
    const itsBase = await findCommerceSubscription(db, one.subscriptionId);
    if (itsBase?.partnerId === base.partnerId) others.push(one);
  }
  return [registration, ...others];
}

async function presentSubscription(
  db: Queryable,
  registration: Registration,
  tenantId: DirectoryTenantId,
  now: Instant,
): Promise<SubscriptionId> {
  const mapping = (await mappingsInForce(db, registration, now)).get(tenantId);
  return mapping?.customerSubscriptionId ?? registration.subscriptionId;
}

/** A registration's own mapping comes before one that its partner shares. */
async function hasOwnMapping(
  db: Queryable,
  registration: Registration,
  tenantId: DirectoryTenantId,
  now: Instant,
): Promise<boolean> {
  const inForce = (await mappingsInForce(db, registration, now)).get(tenantId);
  const own = await listCustomerMappings(db, registration, now);
  return own
    .flatMap((one) => [one, ...(one.present === undefined ? [] : [one.present])])
    .some(({ mapping }) => mapping === inForce?.mapping);
}
