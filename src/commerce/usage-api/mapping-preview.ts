import {
  dayOf,
  fail,
  firstHourOfDay,
  hourOf,
  type DirectoryTenantId,
  type Instant,
  type SubscriptionId,
} from '../../kernel/index.ts';
import type { Database, Queryable } from '../../platform/index.ts';
import {
  findCommerceSubscription,
  listRegistrations,
  mappingsInForce,
  resourceIdOf,
  type MappingInForce,
  type Registration,
  type RegistrationPlace,
} from '../registration/index.ts';
import { readUnaccepted } from './booking.ts';
import {
  readBookedUsage,
  readConcerned,
  readOwners,
  type BookedUsage,
} from './mapping-preview-store.ts';

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
 * for what commerce receives from then on. Where mappings do not apply, by billing model or for want of approval, nothing
 * would change.
 *
 * @throws InvalidCustomerSubscriptionId when commerce does not know the subscription, BadCustomerSubscriptionId when it is
 *   not the partner's, InvalidProperty when neither the directory nor that of the subscription is known
 */
export async function previewMapping(
  database: Pick<Database, 'transaction'>,
  wanted: PreviewedMapping,
  now: Instant,
): Promise<MappingPreview> {
  // In one snapshot: what is booked, by which mappings, and which windows are accepted.
  return database.transaction((tx) => preview(tx, wanted, now), {
    readOnly: true,
    retry: true,
    isolation: 'repeatable read',
  });
}

async function preview(
  db: Queryable,
  wanted: PreviewedMapping,
  now: Instant,
): Promise<MappingPreview> {
  const { registration, customerSubscriptionId, shared, days } = wanted;
  const tenantId = await directoryOf(db, wanted);
  const fromHour = firstHourOfDay(dayOf(now)) - (days - 1) * 24;
  const toHour = hourOf(now) + 1;
  const concerned = await readConcerned(db, registration.number, shared);
  const numbers = concerned.map(({ number }) => number);
  const unaccepted = await readUnaccepted(db, numbers);
  const range = { registrations: numbers, tenantId, fromHour, toHour, unaccepted };
  const usage = await readBookedUsage(db, range);
  const present = await presentMappings(db, await registrationsOf(db, registration, numbers), {
    tenantId,
    now,
  });
  const keeping = new Set(
    concerned.filter(({ mapsCustomers }) => !mapsCustomers).map(({ number }) => number),
  );
  const registrations = present.map(({ one, subscriptionId, isOwn }): PreviewedRegistration => {
    // A registration's own mapping comes before one that its partner shares.
    const stays = keeping.has(one.number) || (isOwn && one.number !== registration.number);
    return {
      registrationId: one.registrationId,
      resourceId: resourceIdOf(one),
      place: {
        subscriptionId: one.subscriptionId,
        resourceGroup: one.resourceGroup,
        name: one.name,
      },
      presentSubscriptionId: subscriptionId,
      futureSubscriptionId: stays ? subscriptionId : customerSubscriptionId,
      usage: usage.get(one.number) ?? [],
    };
  });
  return { tenantId, customerSubscriptionId, shared, fromHour, toHour, registrations };
}

/** @throws as {@link previewMapping} */
async function directoryOf(
  db: Queryable,
  { registration, customerSubscriptionId, tenantId: given }: PreviewedMapping,
): Promise<DirectoryTenantId> {
  const customer = await findCommerceSubscription(db, customerSubscriptionId);
  if (customer === undefined)
    throw fail('InvalidCustomerSubscriptionId', { customerSubscriptionId });
  const { partnerId } = (await findCommerceSubscription(db, registration.subscriptionId)) ?? {};
  // The directory of somebody else's customer is not told.
  if (partnerId === undefined || customer.partnerId !== partnerId) {
    throw fail('BadCustomerSubscriptionId', { customerSubscriptionId });
  }
  const tenantId = given ?? customer.tenantId;
  if (tenantId !== undefined) return tenantId;
  const rule = 'the directory of the customer subscription is not known, so it has to be given';
  throw fail('InvalidProperty', { parameter: 'tenantId', value: '', rule });
}

/** @param numbers of the registration itself, first, and of others that are not removed */
async function registrationsOf(
  db: Queryable,
  registration: Registration,
  numbers: readonly number[],
): Promise<Registration[]> {
  if (numbers.length === 1) return [registration];
  const all = new Map((await listRegistrations(db)).map((one) => [one.number, one]));
  return [
    registration,
    ...numbers.slice(1).flatMap((number) => {
      const one = all.get(number);
      return one === undefined ? [] : [one];
    }),
  ];
}

interface PresentMapping {
  readonly one: Registration;
  /** where usage of the directory goes as things are */
  readonly subscriptionId: SubscriptionId;
  /** by a mapping of the registration itself */
  readonly isOwn: boolean;
}

async function presentMappings(
  db: Queryable,
  registrations: readonly Registration[],
  { tenantId, now }: { readonly tenantId: DirectoryTenantId; readonly now: Instant },
): Promise<PresentMapping[]> {
  const found: { one: Registration; mapping: MappingInForce | undefined }[] = [];
  for (const one of registrations) {
    found.push({ one, mapping: (await mappingsInForce(db, one, now)).get(tenantId) });
  }
  const owners = await readOwners(
    db,
    found.flatMap(({ mapping }) => (mapping === undefined ? [] : [mapping.mapping])),
  );
  return found.map(({ one, mapping }) => ({
    one,
    subscriptionId: mapping?.customerSubscriptionId ?? one.subscriptionId,
    isOwn: mapping !== undefined && owners.get(mapping.mapping) === one.number,
  }));
}
