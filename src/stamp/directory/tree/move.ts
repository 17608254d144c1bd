import { fail, type SubscriptionId } from '../../../kernel/index.ts';
import { appendAudit } from '../../../audit/index.ts';
import type { Changing } from '../../../identity/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import type { Offer } from '../offers/offer.ts';
import { findOfferById } from '../offers/store.ts';
import { requireOpen, requireRoom } from '../subscriptions/room.ts';
import { takesUsage, visibleToTenant } from '../subscriptions/state.ts';
import { findSubscription, lockSubscription, updateSubscription } from '../subscriptions/store.ts';
import type { Subscription } from '../subscriptions/subscription.ts';
import { findBelow, holdTreeAlone, providersAbove } from './tree.ts';

/** Where subscriptions are to stand. */
export interface MoveTarget {
  readonly provider: SubscriptionId;
  /** An offer of that provider; undefined: the one that each had there before it was delegated, or none. */
  readonly offer: Offer | undefined;
}

/** Who asks: nothing outside the tree below it is touched, or told apart from what does not exist. */
export interface Mover extends Changing {
  readonly provider: SubscriptionId;
}

/**
 * Moves subscriptions, each with all that stands below it, to a provider in the caller's tree; all of them or none.
 * Plans that were acquired stay acquired.
 *
 * @throws SubscriptionNotFound for one that is not below the caller
 * @throws Conflict where the tree would not be one, or a rule of moves says no
 */
export async function moveSubscriptions(
  tx: Queryable,
  ids: readonly SubscriptionId[],
  target: MoveTarget,
  mover: Mover,
): Promise<void> {
  await holdTreeAlone(tx);
  const moves = await checkMove(tx, ids, target, { ...mover, isLast: true });
  for (const { subscription, offer } of moves) {
    await updateSubscription(tx, {
      ...subscription,
      delegatedProviderSubscriptionId: target.provider,
      offerId: offer?.offerId,
    });
  }
  for (const { subscription, offer } of moves) {
    await appendAudit(tx, mover.clock, {
      actor: mover.actor,
      action: 'Microsoft.Subscriptions.Admin/moveSubscriptions/action',
      target: `/subscriptions/${subscription.subscriptionId}`,
      detail: {
        provider: { from: subscription.delegatedProviderSubscriptionId, to: target.provider },
        offer: { from: subscription.offer?.name ?? null, to: offer?.name ?? null },
      },
    });
  }
}

interface Move {
  readonly subscription: Subscription;
  readonly offer: Offer | undefined;
}

/** For whom a move is checked, and what for. */
interface Checking extends Pick<Mover, 'provider'> {
  /** Whether it is made then: the tree is held, and what is moved is locked. Otherwise nobody is kept waiting. */
  readonly isLast: boolean;
}

/** Whether the move could be made now. */
export async function checkMove(
  tx: Queryable,
  ids: readonly SubscriptionId[],
  target: MoveTarget,
  { provider: caller, isLast }: Checking,
): Promise<Move[]> {
  const to =
    target.provider === caller
      ? await findSubscription(tx, caller)
      : await findBelow(tx, caller, target.provider, true);
  if (to === undefined) throw fail('SubscriptionNotFound', { subscriptionId: target.provider });
  if (!takesUsage(to.state)) {
    throw fail('Conflict', { reason: `the provider ${target.provider} is ${to.state}` });
  }
  const above = new Set([to.subscriptionId, ...(await providersAbove(tx, to.subscriptionId))]);
  const moves: Move[] = [];
  const moving = [...new Set(ids)];
  const open = target.offer && (await requireOpen(tx, target.offer, isLast));
  for (const id of moving) {
    const subscription = await requireBelow(tx, caller, id, isLast);
    requireTree(subscription, above);
    await requireSameDirectory(tx, subscription, to);
    await requireOffersInPlace(tx, subscription, above);
    const had = subscription.offerId && (await findOfferById(tx, subscription.offerId));
    const offer = open ?? (await offerAbove(tx, subscription, had, target));
    if (offer !== undefined && offer.rootOfferId !== had?.rootOfferId) {
      await requireRoom(tx, offer, subscription, moving);
    }
    moves.push({ subscription, offer });
  }
  return moves;
}

async function requireBelow(
  tx: Queryable,
  caller: SubscriptionId,
  id: SubscriptionId,
  isLast: boolean,
): Promise<Subscription> {
  const below = await findBelow(tx, caller, id, true);
  if (below === undefined) throw fail('SubscriptionNotFound', { subscriptionId: id });
  const found = isLast ? (await lockSubscription(tx, id))! : below;
  if (visibleToTenant(found.state)) return found;
  throw fail('Conflict', {
    reason: `the subscription ${id} is ${found.state} and stays where it is`,
  });
}

function requireTree({ subscriptionId }: Subscription, above: ReadonlySet<SubscriptionId>): void {
  if (!above.has(subscriptionId)) return;
  throw fail('Conflict', {
    reason: `the subscription ${subscriptionId} cannot stand under itself or under one below it`,
  });
}

/** Moves go between delegated providers of one directory tenant; the default provider gives to and takes from all. */
async function requireSameDirectory(
  tx: Queryable,
  { delegatedProviderSubscriptionId, subscriptionId }: Subscription,
  to: Subscription,
): Promise<void> {
  const from =
    delegatedProviderSubscriptionId &&
    (await findSubscription(tx, delegatedProviderSubscriptionId));
  if (from === undefined) return;
  const isRoot = (one: Subscription): boolean => one.delegatedProviderSubscriptionId === undefined;
  if (isRoot(from) || isRoot(to) || from.tenantId === to.tenantId) return;
  throw fail('Conflict', {
    reason: `the subscription ${subscriptionId} moves only between providers of one directory tenant`,
  });
}

/** Offers were delegated down the tree, to it or to others below it; their givers have to stay above. */
async function requireOffersInPlace(
  tx: Queryable,
  { subscriptionId }: Subscription,
  above: ReadonlySet<SubscriptionId>,
): Promise<void> {
  const { rows } = await tx.query<{ giver: SubscriptionId }>(
    `with recursive moved as (
       select $1::uuid as id
       union
       select s.subscription_id from subscription s join moved on s.delegated_provider_subscription_id = moved.id
     )
     select distinct source.provider_subscription_id as giver
     from offer held join offer source on source.offer_key = held.source_offer_key
     where held.provider_subscription_id in (select id from moved)
       and source.provider_subscription_id not in (select id from moved)`,
    [subscriptionId],
  );
  if (rows.every(({ giver }) => above.has(giver))) return;
  throw fail('Conflict', {
    reason: `the subscription ${subscriptionId} holds offers that a provider delegated to it which would no longer be above it; take them back first`,
  });
}

/** The offer after a move without a named one: the one further up its chain that the new provider offers. */
async function offerAbove(
  tx: Queryable,
  { subscriptionId }: Subscription,
  had: Offer | undefined,
  target: MoveTarget,
): Promise<Offer | undefined> {
  if (had === undefined) return undefined;
  for (let offer: Offer | undefined = had; offer !== undefined;) {
    if (offer.providerSubscriptionId === target.provider) return offer;
    const { delegation }: Offer = offer;
    offer = delegation && (await findOfferById(tx, delegation.source));
  }
  const reason = `the provider ${target.provider} does not offer what the subscription ${subscriptionId} has; name one of its offers`;
  throw fail('Conflict', { reason });
}
