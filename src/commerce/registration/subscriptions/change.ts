import { fail, type DirectoryTenantId, type SubscriptionId } from '../../../kernel/index.ts';
import { appendAudit } from '../../../audit/index.ts';
import type { Changing } from '../../../identity/index.ts';
import { invalidProperty, isKeepable, type Queryable } from '../../../platform/index.ts';
import { holdRegistrations, presentOf } from '../lock.ts';
import { resetRegistrations } from '../registrations/reset.ts';
import { isOfPartner, type CommerceSubscription } from './commerce-subscription.ts';
import {
  findCommerceSubscription,
  insertCommerceSubscription,
  updateCommerceSubscription,
} from './store.ts';

/** What a subscription is made from. */
export type NewCommerceSubscription = Omit<CommerceSubscription, 'createdAt' | 'state'>;

/** What can be changed; what is left out stays. */
export interface CommerceSubscriptionChange {
  readonly displayName?: string | undefined;
  readonly tenantId?: DirectoryTenantId | undefined;
  readonly multitenancyApproved?: boolean | undefined;
  readonly state?: CommerceSubscription['state'] | undefined;
}

/**
 * Makes a subscription that pays.
 *
 * @throws InvalidProperty for what cannot be of its kind, Conflict when the id is taken, by one of a
 *   stamp too
 */
export async function addCommerceSubscription(
  tx: Queryable,
  subscription: NewCommerceSubscription,
  changing: Changing,
): Promise<CommerceSubscription> {
  check(subscription);
  await holdRegistrations(tx);
  const made = { ...subscription, state: 'Enabled' as const, createdAt: presentOf(changing.clock) };
  const taken = { reason: `there is a subscription ${made.subscriptionId} already` };
  try {
    if (!(await insertCommerceSubscription(tx, made))) throw fail('Conflict', taken);
  } catch (error) {
    // The database knows the ids of both wings.
    const isTaken = error instanceof Error && 'code' in error && error.code === '23505';
    throw isTaken ? fail('Conflict', taken, { cause: error }) : error;
  }
  await tell(tx, changing, made.subscriptionId, { before: null, after: detailOf(made) });
  return made;
}

/**
 * Changes a subscription. With another directory its registrations are reset: they report nothing
 * until they are made again.
 *
 * @throws SubscriptionNotFound, InvalidProperty
 */
export async function changeCommerceSubscription(
  tx: Queryable,
  subscriptionId: SubscriptionId,
  change: CommerceSubscriptionChange,
  changing: Changing,
): Promise<CommerceSubscription> {
  await holdRegistrations(tx);
  const before = await findCommerceSubscription(tx, subscriptionId);
  if (before === undefined) throw fail('SubscriptionNotFound', { subscriptionId });
  const after: CommerceSubscription = {
    ...before,
    displayName: change.displayName ?? before.displayName,
    tenantId: change.tenantId ?? before.tenantId,
    multitenancyApproved: change.multitenancyApproved ?? before.multitenancyApproved,
    state: change.state ?? before.state,
  };
  check(after);
  await updateCommerceSubscription(tx, after);
  // One whose directory was not known has not moved.
  const moved = before.tenantId !== undefined && after.tenantId !== before.tenantId;
  const reset = moved
    ? await resetRegistrations(tx, subscriptionId, presentOf(changing.clock))
    : [];
  await tell(tx, changing, subscriptionId, {
    before: detailOf(before),
    after: detailOf(after),
    ...(reset.length > 0 && { registrationsReset: reset }),
  });
  return after;
}

const LONGEST_TEXT = 200;

function check(subscription: NewCommerceSubscription): void {
  const { displayName, kind, partnerId, multitenancyApproved } = subscription;
  if (!isPrintable(displayName)) {
    const rule = `it has 1 to ${LONGEST_TEXT} printable characters`;
    throw invalidProperty('displayName', displayName, rule);
  }
  if ((partnerId !== undefined) !== isOfPartner(kind)) {
    const rule = 'subscriptions of the kinds CSP and CSPSharedServices have one, and no others';
    throw invalidProperty('partnerId', partnerId, rule);
  }
  if (partnerId !== undefined && !isPrintable(partnerId)) {
    const rule = `it has 1 to ${LONGEST_TEXT} printable characters`;
    throw invalidProperty('partnerId', partnerId, rule);
  }
  if (multitenancyApproved && !isOfPartner(kind)) {
    const rule = 'only subscriptions of the kinds CSP and CSPSharedServices are approved for it';
    throw invalidProperty('multitenancyApproved', true, rule);
  }
}

function isPrintable(text: string): boolean {
  return text.trim() !== '' && text.length <= LONGEST_TEXT && isKeepable(text);
}

function detailOf(subscription: CommerceSubscription): Record<string, unknown> {
  const { displayName, kind, partnerId, tenantId, multitenancyApproved, state } = subscription;
  return {
    displayName,
    kind,
    partnerId: partnerId ?? null,
    tenantId: tenantId ?? null,
    multitenancyApproved,
    state,
  };
}

async function tell(
  tx: Queryable,
  { clock, actor }: Changing,
  subscriptionId: SubscriptionId,
  detail: Record<string, unknown>,
): Promise<void> {
  await appendAudit(tx, clock, {
    actor,
    action: 'Stackmeter.Commerce/subscriptions/write',
    target: `/subscriptions/${subscriptionId}`,
    detail,
  });
}
