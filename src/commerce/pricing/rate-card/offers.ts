import type { CommerceSubscription } from '../../registration/index.ts';

type Kind = CommerceSubscription['kind'];

/**
 * The offers by which subscriptions of a kind are bought, as the cloud numbers them. Contracts and partners have
 * prices of their own, which a rate card does not tell.
 */
const OFFERS: Readonly<Record<Kind, readonly string[]>> = {
  PayAsYouGo: ['MS-AZR-0003P'],
  // Of the several subscriptions for developers commerce keeps one kind.
  MSDN: ['MS-AZR-0029P', 'MS-AZR-0059P', 'MS-AZR-0060P', 'MS-AZR-0062P', 'MS-AZR-0063P'],
  EnterpriseAgreement: [],
  CSP: [],
  CSPSharedServices: [],
};

/** Whether a subscription of the kind is bought by the offer, named in any case. */
export function isOfferOf(kind: Kind, offerDurableId: string): boolean {
  return OFFERS[kind].includes(offerDurableId.toUpperCase());
}
