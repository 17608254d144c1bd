import { randomUUID } from 'node:crypto';
import { fail, type SubscriptionId } from '../../../kernel/index.ts';
import { groupKey, type Changing } from '../../../identity/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import { holdRegistrations, presentOf } from '../lock.ts';
import { isOfPartner, type CommerceSubscription } from '../subscriptions/commerce-subscription.ts';
import { findCommerceSubscription } from '../subscriptions/store.ts';
import { tellRegistration } from './audit.ts';
import type { Registration, RegistrationPlace } from './registration.ts';
import { findRegistrationByName, findRegistrationInAnyGroup, updateRegistration } from './store.ts';

/** Where registrations go. */
export type MoveTarget = Omit<RegistrationPlace, 'name'>;

/**
 * Moves registrations to another group, or to another subscription of the same partner: all of them or
 * none. What was reported before stays booked where it was.
 *
 * @throws RegistrationNotFound, SubscriptionNotFound, Conflict
 */
export async function moveRegistrations(
  tx: Queryable,
  places: readonly RegistrationPlace[],
  target: MoveTarget,
  changing: Changing,
): Promise<Registration[]> {
  await holdRegistrations(tx);
  const found = new Map<string, Registration>();
  for (const place of places) {
    const one = await findRegistrationByName(tx, place);
    if (one === undefined) throw fail('RegistrationNotFound', { ...place });
    found.set(one.registrationId, one);
  }
  const present = [...found.values()].filter((one) => !isAt(one, target));
  const to = await requireSubscription(tx, target.subscriptionId);
  const moved: Registration[] = [];
  for (const one of present) {
    await checkTarget(tx, one, to);
    const updatedAt = presentOf(changing.clock);
    const changed = { ...one, ...target, etag: randomUUID(), updatedAt };
    await updateRegistration(tx, changed);
    await tellRegistration(tx, changing, 'write', one, changed);
    moved.push(changed);
  }
  return moved;
}

function isAt(one: Registration, { subscriptionId, resourceGroup }: MoveTarget): boolean {
  return (
    one.subscriptionId === subscriptionId && groupKey(one.resourceGroup) === groupKey(resourceGroup)
  );
}

async function checkTarget(
  tx: Queryable,
  one: Registration,
  to: CommerceSubscription,
): Promise<void> {
  if (one.subscriptionId === to.subscriptionId) return;
  const from = await requireSubscription(tx, one.subscriptionId);
  const samePartner =
    isOfPartner(from.kind) && isOfPartner(to.kind) && from.partnerId === to.partnerId;
  if (!samePartner) {
    const reason = 'a registration moves between subscriptions of one partner only';
    throw fail('Conflict', { reason });
  }
  if (to.state === 'Disabled') {
    throw fail('Conflict', { reason: `the subscription ${to.subscriptionId} is disabled` });
  }
  const { subscriptionId } = to;
  if ((await findRegistrationInAnyGroup(tx, { subscriptionId, name: one.name })) !== undefined) {
    const reason = `the subscription ${subscriptionId} has a registration ${one.name} already`;
    throw fail('Conflict', { reason });
  }
}

async function requireSubscription(
  tx: Queryable,
  subscriptionId: SubscriptionId,
): Promise<CommerceSubscription> {
  const found = await findCommerceSubscription(tx, subscriptionId);
  if (found !== undefined) return found;
  throw fail('SubscriptionNotFound', { subscriptionId });
}
