import { fail, type SubscriptionId } from '../../../kernel/index.ts';
import { appendAudit } from '../../../audit/index.ts';
import { removeRolesOnScope, scopeOf, type Changing } from '../../../identity/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import type { Offer } from '../offers/offer.ts';
import { hasSubscriptionsBelow, holdTreeAlone, holdTreeFor } from '../tree/tree.ts';
import { findOfferById, lockOffer } from '../offers/store.ts';
import { requireOpen, requireRoom } from './room.ts';
import { requireMayFollow, visibleToTenant, type SubscriptionState } from './state.ts';
import { findSubscription, lockSubscription, updateSubscription } from './store.ts';
import type { Subscription } from './subscription.ts';

/** What of a subscription is to be otherwise; what is left out stays. */
export interface SubscriptionChange {
  readonly displayName?: string | undefined;
  readonly owner?: string | undefined;
  readonly externalReferenceId?: string | undefined;
  readonly state?: SubscriptionState | undefined;
  /** Another offer of the same provider. */
  readonly offer?: Offer | undefined;
}

/**
 * Changes a subscription, in the caller's transaction. What is as wanted already is no change and is not told.
 *
 * @returns the subscription as it is then; undefined when there is none of this id
 * @throws Conflict for a state that may not follow, one that is deleted, and an offer that gives the account no more
 */
export async function changeSubscription(
  tx: Queryable,
  id: SubscriptionId,
  change: SubscriptionChange,
  { clock, actor }: Changing,
): Promise<Subscription | undefined> {
  await holdTreeFor(tx, change.state);
  const before = await lockSubscription(tx, id);
  if (before === undefined) return undefined;
  const { offer, ...fields } = change;
  if (fields.state !== undefined) await requireState(tx, before, fields.state);
  // Who owns it by name now is not the account that made it then.
  const ownerChanges = fields.owner !== undefined && fields.owner !== before.owner;
  const wanted: Subscription = {
    ...before,
    ...Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)),
    ...(ownerChanges && { ownerPrincipalId: undefined }),
    offerId: offer?.offerId ?? before.offerId,
  };
  const detail = differences(before, wanted);
  if (offer !== undefined && wanted.offerId !== before.offerId) {
    detail['offer'] = { from: before.offer?.name ?? null, to: offer.name };
  }
  if (Object.keys(detail).length === 0) return before;
  if (before.state === 'Deleted') {
    throw fail('Conflict', { reason: `the subscription ${id} is Deleted and stays as it is` });
  }
  await requireOffer(tx, before, wanted, offer);
  await updateSubscription(tx, wanted);
  await endRoles(tx, before, wanted.state, { clock, actor });
  await appendAudit(tx, clock, {
    actor,
    action: 'Microsoft.Subscriptions/subscriptions/write',
    target: `/subscriptions/${id}`,
    detail,
  });
  return findSubscription(tx, id);
}

/** The account that it counts for has room at the offer: where it comes to another one, and another owner to it. */
async function requireOffer(
  tx: Queryable,
  before: Subscription,
  wanted: Subscription,
  offer: Offer | undefined,
): Promise<void> {
  const isOther = offer !== undefined && offer.offerId !== before.offerId;
  const there = isOther ? await requireOpen(tx, offer) : undefined;
  const had = before.offerId && (await findOfferById(tx, before.offerId));
  if (there !== undefined && there.rootOfferId !== had?.rootOfferId) {
    return requireRoom(tx, there, wanted);
  }
  if (had === undefined || wanted.owner === before.owner) return;
  await lockOffer(tx, had.rootOfferId);
  const now = await findOfferById(tx, had.offerId);
  if (now !== undefined) await requireRoom(tx, now, wanted);
}

/** With the subscription go the roles on it: nobody comes back to it, and its id is never given again. */
async function endRoles(
  tx: Queryable,
  { subscriptionId, state: before }: Subscription,
  state: SubscriptionState,
  changing: Changing,
): Promise<void> {
  if (state === before || visibleToTenant(state)) return;
  await removeRolesOnScope(tx, scopeOf(subscriptionId), changing);
}

const FIELDS = ['displayName', 'owner', 'externalReferenceId', 'state'] as const;

function differences(before: Subscription, after: Subscription): Record<string, unknown> {
  const changed = FIELDS.filter((field) => before[field] !== after[field]);
  return Object.fromEntries(
    changed.map((field) => [field, { from: before[field] ?? null, to: after[field] ?? null }]),
  );
}

/** The way out of life, which the default provider subscription and providers of others do not take. */
async function requireState(
  tx: Queryable,
  subscription: Subscription,
  state: SubscriptionState,
): Promise<void> {
  const { subscriptionId } = subscription;
  if (subscription.delegatedProviderSubscriptionId === undefined && state !== 'Enabled') {
    throw fail('Conflict', {
      reason: 'the default provider subscription is that of the stamp itself and stays Enabled',
    });
  }
  requireMayFollow(subscriptionId, subscription.state, state);
  const leaves = state === 'Deleting' || state === 'Deleted';
  if (!leaves || state === subscription.state) return;
  if (await hasSubscriptionsBelow(tx, subscriptionId)) {
    throw fail('Conflict', {
      reason: `the subscription ${subscriptionId} has subscriptions below it; move or delete them first`,
    });
  }
}

/**
 * Sets the state of a subscription, in the caller's transaction.
 *
 * @returns the subscription as it is then; undefined when there is none of this id
 * @throws Conflict for a state that may not follow
 */
export async function setSubscriptionState(
  tx: Queryable,
  id: SubscriptionId,
  state: SubscriptionState,
  changing: Changing,
): Promise<Subscription | undefined> {
  return changeSubscription(tx, id, { state }, changing);
}

/**
 * Deletes a subscription: over Deleting to Deleted at once, since nothing here takes time. Its record and its usage
 * stay, for the provider and the operator.
 *
 * @returns whether it was there and not deleted yet
 * @throws Conflict for the default provider subscription, and for one that has others below it
 */
export async function deleteSubscription(
  tx: Queryable,
  id: SubscriptionId,
  { clock, actor }: Changing,
): Promise<boolean> {
  await holdTreeAlone(tx);
  const before = await lockSubscription(tx, id);
  if (before === undefined || before.state === 'Deleted') return false;
  await requireState(tx, before, 'Deleting');
  await updateSubscription(tx, { ...before, state: 'Deleted' });
  await endRoles(tx, before, 'Deleted', { clock, actor });
  await appendAudit(tx, clock, {
    actor,
    action: 'Microsoft.Subscriptions/subscriptions/delete',
    target: `/subscriptions/${id}`,
    detail: { state: { from: before.state, over: 'Deleting', to: 'Deleted' } },
  });
  return true;
}
