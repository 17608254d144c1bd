import { randomUUID } from 'node:crypto';
import type { DirectoryTenantId, Instant } from '../../../kernel/index.ts';
import { appendAudit } from '../../../audit/index.ts';
import type { Changing } from '../../../identity/index.ts';
import { invalidProperty, type Queryable } from '../../../platform/index.ts';
import { holdRegistrations, presentOf } from '../lock.ts';
import { checkIfMatch, type Precondition } from '../registrations/precondition.ts';
import { resourceIdOf, type RegistrationPlace } from '../registrations/registration.ts';
import type { CommerceSubscription } from '../subscriptions/commerce-subscription.ts';
import { resourceOf, type CustomerResource } from './resource.ts';
import { checkMayMap, requireRegistration } from './rules.ts';
import { insertMapping, listLiveMappings, setEnd } from './store.ts';
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

/**
 * Lets the usage of a directory go to a customer subscription. What the directory or the subscription
 * had before ends then; what is in force already stays as it is, without a new version.
 *
 * @throws RegistrationNotFound, CustomerSubscriptionsNotAllowed, UnauthorizedCspRegistration,
 *   InvalidCustomerSubscriptionId, InvalidCSPSubscription, BadCustomerSubscriptionId, InvalidProperty, Conflict
 */
export async function putCustomerMapping(
  tx: Queryable,
  place: RegistrationPlace,
  change: CustomerMappingChange,
  changing: Changing,
  precondition?: Precondition,
): Promise<CustomerResource> {
  await holdRegistrations(tx);
  const now = presentOf(changing.clock);
  const registration = await requireRegistration(tx, place);
  const parties = await checkMayMap(tx, registration, change.customerSubscriptionId);
  const wanted = completed(change, parties.customer, now);
  const { effectiveFrom: from } = wanted;
  const live = await listLiveMappings(tx, registration.number, now);
  const own = live.filter(({ customerSubscriptionId: id }) => id === wanted.customerSubscriptionId);
  const before = resourceOf(own, now);
  checkIfMatch(precondition, before);
  const concerned = (one: CustomerMapping): boolean =>
    one.tenantId === wanted.tenantId ||
    one.customerSubscriptionId === wanted.customerSubscriptionId;
  const at = live.find((one) => isInForce(one, from) && isSame(one, wanted));
  const isSettled =
    at?.effectiveTo === undefined &&
    !live.some((one) => concerned(one) && isLater(one.effectiveFrom, from));
  if (at !== undefined && before !== undefined && isSettled) return before;

  const planned = live.filter((one) => concerned(one) && !isLater(from, one.effectiveFrom));
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
 * @throws RegistrationNotFound, Conflict
 */
export async function removeCustomerMapping(
  tx: Queryable,
  place: RegistrationPlace,
  customerSubscriptionId: WantedMapping['customerSubscriptionId'],
  changing: Changing,
  precondition?: Precondition,
): Promise<boolean> {
  await holdRegistrations(tx);
  const now = presentOf(changing.clock);
  const registration = await requireRegistration(tx, place);
  const live = await listLiveMappings(tx, registration.number, now);
  const own = live.filter((one) => one.customerSubscriptionId === customerSubscriptionId);
  const before = resourceOf(own, now);
  checkIfMatch(precondition, before);
  if (before === undefined) return false;
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

function completed(
  { tenantId: stated, ...change }: CustomerMappingChange,
  customer: CommerceSubscription,
  now: Instant,
): WantedMapping {
  const tenantId = stated ?? customer.tenantId;
  if (tenantId === undefined) {
    const rule = 'it has to be given, since the directory of the customer is not known';
    throw invalidProperty('tenantId', undefined, rule);
  }
  return { ...change, tenantId, effectiveFrom: readFrom(change.effectiveFrom, now) };
}

function readFrom(wanted: Instant | undefined, now: Instant): Instant {
  const from = wanted?.round({ smallestUnit: 'microsecond', roundingMode: 'floor' }) ?? now;
  if (!isLater(now, from)) return from;
  const rule = 'it may not lie in the past: what was received until now is booked already';
  throw invalidProperty('effectiveFrom', from.toString(), rule);
}

function isSame(one: CustomerMapping, wanted: WantedMapping): boolean {
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
