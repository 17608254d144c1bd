import { randomUUID } from 'node:crypto';
import type { DirectoryTenantId, Instant } from '../../../kernel/index.ts';
import { appendAudit } from '../../../audit/index.ts';
import type { Changing } from '../../../identity/index.ts';
import { invalidProperty, type Queryable } from '../../../platform/index.ts';
import { holdRegistrations, presentOf } from '../lock.ts';
import { checkIfMatch, type Precondition } from '../registrations/precondition.ts';
import {
  resourceIdOf,
  type Registration,
  type RegistrationPlace,
} from '../registrations/registration.ts';
import { holdBooking, listRegistrationsOfPartner } from '../registrations/store.ts';
import type { CommerceSubscription } from '../subscriptions/commerce-subscription.ts';
import { findCommerceSubscription } from '../subscriptions/store.ts';
import { resourceOf, type CustomerResource } from './resource.ts';
import { checkMayMap, requireRegistration } from './rules.ts';
import { insertMapping, listLiveMappings, setEnd, sharesMappings } from './store.ts';
import { isInForce, type CustomerMapping, type WantedMapping } from './mapping.ts';

/** A wanted mapping as callers give it: from now on unless they say when. */
export interface CustomerMappingChange extends Pick<
  WantedMapping,
  'customerSubscriptionId' | 'shared'
> {
  /** The home directory of the customer subscription unless given. */
  readonly tenantId?: DirectoryTenantId | undefined;
  /** Now or later: what was received before is booked already. */
  readonly effectiveFrom?: Instant | undefined;
}

/** How a mapping is changed. */
export interface MappingOptions {
  readonly precondition?: Precondition | undefined;
  /**
   * Called for each other registration whose usage the change of a shared mapping may move. Throws when
   * the caller may not do that there; nobody is asked unless given.
   */
  readonly authorizeFor?: ((registration: Registration) => void) | undefined;
}

/**
 * Lets the usage of a directory go to a customer subscription. What the directory or the subscription
 * had before ends then; what is in force already stays as it is, without a new version, and so does what
 * is put as it was read.
 *
 * @throws RegistrationNotFound, CustomerSubscriptionsNotAllowed, UnauthorizedCspRegistration,
 *   InvalidCustomerSubscriptionId, InvalidCSPSubscription, BadCustomerSubscriptionId, InvalidProperty,
 *   PreconditionFailed, Conflict, and what `authorizeFor` throws
 */
export async function putCustomerMapping(
  tx: Queryable,
  place: RegistrationPlace,
  change: CustomerMappingChange,
  changing: Changing,
  options: MappingOptions = {},
): Promise<CustomerResource> {
  await holdRegistrations(tx);
  const registration = await requireRegistration(tx, place);
  const parties = await checkMayMap(tx, registration, change.customerSubscriptionId);
  const tenantId = tenantOf(change, parties.customer);
  const served = await holdServed(tx, registration, { shared: change.shared, changing });
  const now = presentOf(changing.clock);
  const live = await listLiveMappings(tx, registration.number, now);
  const own = live.filter(({ customerSubscriptionId: id }) => id === change.customerSubscriptionId);
  const before = resourceOf(own, now);
  checkIfMatch(options.precondition, before);
  if (before !== undefined && isAsRead(before, { ...change, tenantId })) return before;
  const from = readFrom(change.effectiveFrom, now);
  const wanted = { ...change, tenantId, effectiveFrom: from };
  const concerned = (one: CustomerMapping): boolean =>
    one.tenantId === wanted.tenantId ||
    one.customerSubscriptionId === wanted.customerSubscriptionId;
  const at = live.find((one) => isInForce(one, from) && isSame(one, wanted));
  const isSettled =
    at?.effectiveTo === undefined &&
    !live.some((one) => concerned(one) && isLater(one.effectiveFrom, from));
  if (at !== undefined && before !== undefined && isSettled) return before;

  const planned = live.filter((one) => concerned(one) && !isLater(from, one.effectiveFrom));
  if (wanted.shared || touchesShared(live, [wanted, ...planned])) {
    for (const one of served) options.authorizeFor?.(one);
  }
  const left = await takeBack(tx, live, planned);
  const replaced = left.filter((one) => concerned(one) && isInForce(one, from));
  await setEnd(tx, numbersOf(replaced), from);
  await insertMapping(tx, {
    registrationNumber: registration.number,
    sharedWithPartner: wanted.shared ? parties.base.partnerId : undefined,
    tenantId: wanted.tenantId,
    customerSubscriptionId: wanted.customerSubscriptionId,
    effectiveFrom: from,
    etag: randomUUID(),
    createdAt: now,
  });
  const { customerSubscriptionId } = wanted;
  const after = resourceOf(
    await listLiveMappings(tx, registration.number, now, { customerSubscriptionId }),
    now,
  )!;
  await tell(tx, changing, 'write', place, customerSubscriptionId, {
    before: before === undefined ? null : detailOf(before),
    after: detailOf(after),
    replaced: replaced.map(detailOf),
    takenBack: planned.map(detailOf),
  });
  return after;
}

/**
 * Ends the mappings to a customer subscription now; those that have not begun are taken back. Usage of
 * the directory then goes to the base subscription, or where it went before a plan that is taken back.
 *
 * @returns whether there were any
 * @throws RegistrationNotFound, PreconditionFailed, and what `authorizeFor` throws
 */
export async function removeCustomerMapping(
  tx: Queryable,
  place: RegistrationPlace,
  customerSubscriptionId: WantedMapping['customerSubscriptionId'],
  changing: Changing,
  options: MappingOptions = {},
): Promise<boolean> {
  await holdRegistrations(tx);
  const registration = await requireRegistration(tx, place);
  const served = await holdServed(tx, registration, { shared: false, changing });
  const now = presentOf(changing.clock);
  const live = await listLiveMappings(tx, registration.number, now);
  const own = live.filter((one) => one.customerSubscriptionId === customerSubscriptionId);
  const before = resourceOf(own, now);
  checkIfMatch(options.precondition, before);
  if (before === undefined) return false;
  if (touchesShared(live, own)) for (const one of served) options.authorizeFor?.(one);
  const planned = own.filter((one) => isLater(one.effectiveFrom, now));
  await takeBack(tx, live, planned);
  const ended = own.filter((one) => isInForce(one, now));
  await setEnd(tx, numbersOf(ended), now);
  await tell(tx, changing, 'delete', place, customerSubscriptionId, {
    before: detailOf(before),
    after: null,
    ended: ended.map(detailOf),
    takenBack: planned.map(detailOf),
  });
  return true;
}

/**
 * Takes mappings back that have not begun: they were never in force. What they would have replaced goes
 * on, unless something else replaces it.
 *
 * @returns the others as they are then
 */
async function takeBack(
  tx: Queryable,
  live: readonly CustomerMapping[],
  planned: readonly CustomerMapping[],
): Promise<CustomerMapping[]> {
  const taken = new Set(planned);
  for (const one of planned) await setEnd(tx, [one.mapping], one.effectiveFrom);
  const left = live.filter((one) => !taken.has(one));
  const follows = (one: CustomerMapping, next: CustomerMapping): boolean =>
    one.effectiveTo?.equals(next.effectiveFrom) === true &&
    (one.tenantId === next.tenantId || one.customerSubscriptionId === next.customerSubscriptionId);
  const goesOn = (one: CustomerMapping): boolean =>
    planned.some((next) => follows(one, next)) &&
    !left.some(
      (other) =>
        (other.tenantId === one.tenantId ||
          other.customerSubscriptionId === one.customerSubscriptionId) &&
        isLater(other.effectiveFrom, one.effectiveFrom),
    );
  const lifted = left.filter(goesOn);
  await setEnd(tx, numbersOf(lifted), undefined);
  return left.map((one) => (lifted.includes(one) ? { ...one, effectiveTo: undefined } : one));
}

/**
 * Waits until no batch is being booked by the mappings that may change. A batch that comes later is
 * booked by what is there then: so the time of a change is that after the last batch before it.
 *
 * @param change.shared whether the mapping that is put is shared
 * @returns the other registrations of the partner, where a shared mapping is or may be changed
 */
async function holdServed(
  tx: Queryable,
  { number, subscriptionId }: Registration,
  { shared, changing }: { readonly shared: boolean; readonly changing: Changing },
): Promise<readonly Registration[]> {
  const isShared = shared || (await sharesMappings(tx, number, presentOf(changing.clock)));
  const base = isShared ? await findCommerceSubscription(tx, subscriptionId) : undefined;
  const ofPartner =
    base?.partnerId === undefined ? [] : await listRegistrationsOfPartner(tx, base.partnerId);
  const others = ofPartner.filter((one) => one.number !== number);
  await holdBooking(tx, [number, ...others.map((one) => one.number)]);
  return others;
}

/** Whether a shared mapping is of a directory or a customer of these, and so may end or go on by them. */
function touchesShared(
  live: readonly CustomerMapping[],
  changed: readonly Pick<CustomerMapping, 'tenantId' | 'customerSubscriptionId'>[],
): boolean {
  return live.some(
    (one) =>
      one.shared &&
      changed.some(
        ({ tenantId, customerSubscriptionId: id }) =>
          one.tenantId === tenantId || one.customerSubscriptionId === id,
      ),
  );
}

/** Whoever reads a mapping and puts it changes nothing, though it has begun by then. */
function isAsRead(
  before: CustomerMapping,
  { effectiveFrom, ...wanted }: CustomerMappingChange & Pick<WantedMapping, 'tenantId'>,
): boolean {
  return (
    effectiveFrom !== undefined &&
    isSame(before, wanted) &&
    toMicrosecond(effectiveFrom).equals(before.effectiveFrom)
  );
}

function toMicrosecond(time: Instant): Instant {
  return time.round({ smallestUnit: 'microsecond', roundingMode: 'floor' });
}

function tenantOf(
  { tenantId: stated }: CustomerMappingChange,
  { tenantId: home }: CommerceSubscription,
): DirectoryTenantId {
  const tenantId = stated ?? home;
  if (tenantId === undefined) {
    const rule = 'it has to be given, since the directory of the customer is not known';
    throw invalidProperty('tenantId', undefined, rule);
  }
  if (home !== undefined && tenantId !== home) {
    const rule = `the directory of the customer subscription is ${home}`;
    throw invalidProperty('tenantId', tenantId, rule);
  }
  return tenantId;
}

function readFrom(wanted: Instant | undefined, now: Instant): Instant {
  const from = wanted === undefined ? now : toMicrosecond(wanted);
  if (!isLater(now, from)) return from;
  const rule = 'it may not lie in the past: what was received until now is booked already';
  throw invalidProperty('effectiveFrom', from.toString(), rule);
}

function isSame(one: CustomerMapping, wanted: Omit<WantedMapping, 'effectiveFrom'>): boolean {
  return (
    one.tenantId === wanted.tenantId &&
    one.customerSubscriptionId === wanted.customerSubscriptionId &&
    one.shared === wanted.shared
  );
}

function isLater(one: Instant, other: Instant): boolean {
  return Temporal.Instant.compare(one, other) > 0;
}

function numbersOf(mappings: readonly CustomerMapping[]): number[] {
  return mappings.map(({ mapping }) => mapping);
}

function detailOf(one: Omit<CustomerMapping, 'createdAt'>): Record<string, unknown> {
  return {
    mapping: one.mapping,
    version: one.version,
    tenantId: one.tenantId,
    customerSubscriptionId: one.customerSubscriptionId,
    shared: one.shared,
    effectiveFrom: one.effectiveFrom.toString(),
    effectiveTo: one.effectiveTo?.toString() ?? null,
  };
}

async function tell(
  tx: Queryable,
  { clock, actor }: Changing,
  verb: 'write' | 'delete',
  place: RegistrationPlace,
  customerSubscriptionId: string,
  detail: Record<string, unknown>,
): Promise<void> {
  await appendAudit(tx, clock, {
    actor,
    action: `Microsoft.AzureStack/registrations/customerSubscriptions/${verb}`,
    target: `${resourceIdOf(place)}/customerSubscriptions/${customerSubscriptionId}`,
    detail,
  });
}
