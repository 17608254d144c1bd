import { fail, type SubscriptionId } from '../../../kernel/index.ts';
import { appendAudit } from '../../../audit/index.ts';
import type { Changing } from '../../../identity/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import { overtaken } from '../wire.ts';
import type { NewOffer, Offer, OfferName } from './offer.ts';
import { offerResourceId } from './reference.ts';
import {
  deleteOffer,
  findOffer,
  findOfferById,
  findUseOfOffer,
  insertDelegation,
  insertOffer,
  lockOffer,
  readLocked,
  updateNaming,
  updateOffer,
  type OfferChange,
} from './store.ts';

/**
 * Makes an offer of the operator, in the caller's transaction.
 *
 * @param provider the default provider subscription
 * @throws Conflict when it has one of this name, in any resource group
 */
export async function addOffer(
  tx: Queryable,
  provider: SubscriptionId,
  offer: NewOffer,
  changing: Changing,
): Promise<Offer> {
  const offerId = await insertOffer(tx, provider, offer, changing.clock.now());
  if (offerId === undefined) {
    throw fail('Conflict', { reason: `there is an offer ${offer.name} already` });
  }
  const made = (await findOfferById(tx, offerId))!;
  await tell(tx, made, 'write', { created: true, ...detailOf(made) }, changing);
  return made;
}

/** Writes an offer of the operator anew, all but its name and resource group, in the caller's transaction. */
export async function changeOffer(
  tx: Queryable,
  before: Offer,
  change: OfferChange,
  changing: Changing,
): Promise<Offer> {
  await lockOffer(tx, before.rootOfferId);
  await updateOffer(tx, before.offerId, change);
  return tellChanged(tx, before, changing);
}

/** Changes what a provider may say of any offer that it has, in the caller's transaction. */
export async function renameOffer(
  tx: Queryable,
  before: Offer,
  change: Pick<Offer, 'displayName' | 'description' | 'state'>,
  changing: Changing,
): Promise<Offer> {
  await updateNaming(tx, before.offerId, change);
  return tellChanged(tx, before, changing);
}

/** Publishes an offer, makes it private, or ends it, in the caller's transaction. */
export async function setOfferState(
  tx: Queryable,
  offer: Offer,
  state: Offer['state'],
  changing: Changing,
): Promise<Offer> {
  const before = await readLocked(tx, offer);
  return renameOffer(tx, before, { ...before, state }, changing);
}

async function tellChanged(tx: Queryable, before: Offer, changing: Changing): Promise<Offer> {
  const after = await findOfferById(tx, before.offerId);
  if (after === undefined) throw overtaken();
  await tell(tx, after, 'write', { from: detailOf(before), to: detailOf(after) }, changing);
  return after;
}

/**
 * Removes an offer, or takes a delegated one back, in the caller's transaction.
 *
 * @throws Conflict when subscriptions were made from it, or it was delegated
 */
export async function removeOffer(tx: Queryable, offer: Offer, changing: Changing): Promise<void> {
  await lockOffer(tx, offer.rootOfferId);
  const use = await findUseOfOffer(tx, offer.offerId);
  if (use !== undefined) {
    const what = use === 'subscription' ? 'subscriptions made from it' : 'delegations';
    throw fail('Conflict', { reason: `the offer ${offer.name} has ${what}` });
  }
  if (!(await deleteOffer(tx, offer.offerId))) throw overtaken();
  await tell(tx, offer, 'delete', {}, changing);
}

/** To whom an offer is given on, and under which names. */
export interface NewDelegation {
  /** Of the delegation, unique below the offer. */
  readonly name: string;
  /** Stands directly under the provider of the offer. */
  readonly to: SubscriptionId;
  /** Of the offer at its new provider. */
  readonly offerName: string;
}

/**
 * Gives an offer on to a provider below, which may rename and publish it; in the caller's transaction.
 *
 * @returns the offer as the provider below has it
 * @throws Conflict when one of the names is taken
 */
export async function delegateOffer(
  tx: Queryable,
  source: Offer,
  delegation: NewDelegation,
  { clock, actor }: Changing,
): Promise<Offer> {
  await lockOffer(tx, source.rootOfferId);
  if (!(await insertDelegation(tx, source, delegation, clock.now()))) {
    const reason = `a delegation ${delegation.name}, or an offer ${delegation.offerName} of that provider, is there already`;
    throw fail('Conflict', { reason });
  }
  const made = (await findOffer(tx, delegation.to, delegation.offerName))!;
  const detail = { delegated: true, from: offerResourceId(source), as: delegation.name };
  await tell(tx, made, 'write', detail, { clock, actor });
  return made;
}

function detailOf(offer: Offer): Record<string, unknown> {
  const { displayName, description, state, maxSubscriptionsPerAccount } = offer;
  return {
    displayName,
    description,
    externalReferenceId: offer.externalReferenceId,
    state,
    maxSubscriptionsPerAccount,
    basePlans: offer.basePlans.map(({ name }) => name),
    addonPlans: offer.addonPlans.map(({ plan, maxAcquisitionCount }) => ({
      plan: plan.name,
      maxAcquisitionCount,
    })),
  };
}

async function tell(
  tx: Queryable,
  offer: OfferName,
  verb: 'write' | 'delete',
  detail: Record<string, unknown>,
  { clock, actor }: Changing,
): Promise<void> {
  await appendAudit(tx, clock, {
    actor,
    action: `Microsoft.Subscriptions.Admin/offers/${verb}`,
    target: offerResourceId(offer),
    detail,
  });
}
