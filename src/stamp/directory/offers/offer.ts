import type { Brand, Instant, SubscriptionId } from '../../../kernel/index.ts';
import type { PlanId, PlanName } from '../plans/plan.ts';

/** Our own key of an offer, as GUID text; nobody outside sees it. */
export type OfferId = Brand<string, 'OfferId'>;

/** Private: given out by its provider only. Public: for anyone to take. Decommissioned: for nobody any more. */
export const OFFER_STATES = ['Private', 'Public', 'Decommissioned'] as const;
export type OfferState = (typeof OFFER_STATES)[number];

/** What an offer is called, and by whom it is offered. */
export interface OfferName {
  readonly providerSubscriptionId: SubscriptionId;
  /** Whether that is the default provider, whom users address by that word. */
  readonly ofDefaultProvider: boolean;
  readonly resourceGroup: string;
  readonly name: string;
}

/** A plan that subscribers of an offer may acquire besides the base plans. */
export interface AddonPlan {
  readonly plan: PlanName;
  readonly maxAcquisitionCount: number;
}

/** What an offer consists of and promises; a delegated provider changes none of it. */
export interface OfferTerms {
  readonly basePlans: readonly PlanName[];
  readonly addonPlans: readonly AddonPlan[];
  /** 0 for any number. */
  readonly maxSubscriptionsPerAccount: number;
}

export interface Offer extends OfferName, OfferTerms {
  readonly offerId: OfferId;
  readonly displayName: string;
  readonly description: string;
  readonly externalReferenceId: string;
  readonly state: OfferState;
  /** Undefined for the region of the stamp. */
  readonly location: string | undefined;
  /** Subscriptions made from it that are not deleted. */
  readonly subscriptionCount: number;
  /** The delegation by which its provider has it; undefined for the operator's own. */
  readonly delegation: { readonly source: OfferId; readonly name: string } | undefined;
  /** The operator's offer at the end of the chain of delegations. */
  readonly rootOfferId: OfferId;
  readonly createdAt: Instant;
}

/** What an offer of the operator is made from. */
export interface NewOffer {
  readonly resourceGroup: string;
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly externalReferenceId: string;
  readonly state: OfferState;
  readonly location: string | undefined;
  readonly maxSubscriptionsPerAccount: number;
  readonly basePlans: readonly PlanId[];
  readonly addonPlans: readonly { readonly plan: PlanId; readonly maxAcquisitionCount: number }[];
}

/** Reads the name of a state in any case; undefined when there is none of this name. */
export function parseOfferState(text: string): OfferState | undefined {
  return OFFER_STATES.find((known) => known.toLowerCase() === text.toLowerCase());
}
