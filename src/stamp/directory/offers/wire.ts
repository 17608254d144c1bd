import type { SubscriptionId } from '../../../kernel/index.ts';
import { named, type Schema } from '../../../platform/index.ts';
import { resourceId, resourceSchema, toResource, type WireResource } from '../wire.ts';
import { OFFER_STATES, type Offer } from './offer.ts';
import { userOfferId } from './reference.ts';

/** An offer as its provider sees it; plans are named below the caller, whosever they are. */
export function toAdminOffer(offer: Offer, caller: SubscriptionId, region: string): WireResource {
  const { providerSubscriptionId: provider, resourceGroup, name } = offer;
  return toResource(
    { provider, resourceGroup, path: [['offers', name]] },
    offer.location ?? region,
    propertiesFor(offer, caller),
  );
}

/** An offer of a provider further down, as the one above sees it. */
export function toProviderOffer(
  offer: Offer,
  caller: SubscriptionId,
  region: string,
): WireResource {
  const { providerSubscriptionId, name } = offer;
  return {
    id: `/subscriptions/${caller}/providers/Microsoft.Subscriptions.Admin/delegatedProviders/${providerSubscriptionId}/offers/${name}`,
    name,
    type: 'Microsoft.Subscriptions.Admin/delegatedProviders/offers',
    location: offer.location ?? region,
    properties: propertiesFor(offer, caller),
  };
}

function propertiesFor(offer: Offer, caller: SubscriptionId): WireResource['properties'] {
  const planId = (plan: { resourceGroup: string; name: string }): string =>
    resourceId({
      provider: caller,
      resourceGroup: plan.resourceGroup,
      path: [['plans', plan.name]],
    });
  const { name, displayName, description, externalReferenceId, state } = offer;
  return {
    name,
    displayName,
    description,
    externalReferenceId,
    state,
    subscriptionCount: offer.subscriptionCount,
    maxSubscriptionsPerAccount: offer.maxSubscriptionsPerAccount,
    basePlanIds: offer.basePlans.map(planId),
    addonPlans: offer.addonPlans.map(({ plan, maxAcquisitionCount }) => ({
      planId: planId(plan),
      maxAcquisitionCount,
    })),
  };
}

/** An offer as everybody sees it who may take it. */
export function toUserOffer(offer: Offer): object {
  const { name, displayName, description } = offer;
  return { id: userOfferId(offer), name, displayName, description };
}

const text = { type: 'string' };

/** What of an offer is written. */
export const writableOffer: Schema = {
  displayName: text,
  description: text,
  externalReferenceId: text,
  state: { enum: [...OFFER_STATES], description: 'Private unless given.' },
  maxSubscriptionsPerAccount: { type: 'integer', minimum: 0, description: '0 for any number.' },
  basePlanIds: { type: 'array', items: text, description: 'Come with the subscription.' },
  addonPlans: {
    type: 'array',
    description: 'Acquired later, each up to so many times.',
    items: {
      type: 'object',
      required: ['planId'],
      properties: { planId: text, maxAcquisitionCount: { type: 'integer', minimum: 0 } },
    },
  },
};

export const adminOfferSchema = named(
  'Offer',
  resourceSchema({
    type: 'object',
    properties: {
      name: text,
      ...writableOffer,
      subscriptionCount: { type: 'integer', description: 'Of those not deleted.' },
    },
  }),
);

export const userOfferSchema = named('UserOffer', {
  type: 'object',
  required: ['id', 'name', 'displayName', 'description'],
  properties: { id: text, name: text, displayName: text, description: text },
});
