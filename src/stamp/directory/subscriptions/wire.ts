import type { SubscriptionId } from '../../../kernel/index.ts';
import { named } from '../../../platform/index.ts';
import { offerResourceId, userOfferId } from '../offers/reference.ts';
import { SUBSCRIPTION_STATES } from './state.ts';
import type { Subscription } from './subscription.ts';

/** A subscription as its provider sees it: flat, and with an id below the provider that asks. */
export function toAdminSubscription(
  subscription: Subscription,
  caller: SubscriptionId,
): Readonly<Record<string, unknown>> {
  const { subscriptionId, externalReferenceId, offer } = subscription;
  return {
    id: adminSubscriptionId(caller, subscriptionId),
    subscriptionId,
    // The default provider stands under itself.
    delegatedProviderSubscriptionId: subscription.delegatedProviderSubscriptionId ?? subscriptionId,
    displayName: subscription.displayName,
    ...(externalReferenceId !== undefined && { externalReferenceId }),
    owner: subscription.owner,
    tenantId: subscription.tenantId,
    routingResourceManagerType: subscription.routingResourceManagerType,
    ...(offer && { offerId: offerResourceId(offer) }),
    state: subscription.state,
  };
}

export function adminSubscriptionId(caller: SubscriptionId, id: SubscriptionId): string {
  return `/subscriptions/${caller}/providers/Microsoft.Subscriptions.Admin/subscriptions/${id}`;
}

/** A subscription as its own users see it. */
export function toUserSubscription(subscription: Subscription): Readonly<Record<string, unknown>> {
  const { subscriptionId, tenantId, displayName, state, offer } = subscription;
  return {
    ...(offer && { offerId: userOfferId(offer) }),
    id: `/subscriptions/${subscriptionId}`,
    subscriptionId,
    tenantId,
    displayName,
    state,
    subscriptionPolicies: { locationPlacementId: 'AzureStack' },
    authorizationSource: 'RoleBased',
  };
}

const guid = { type: 'string', format: 'uuid' };
const text = { type: 'string', maxLength: 200 };

const writable = {
  displayName: text,
  externalReferenceId: text,
  owner: { ...text, description: 'As people write it, most often an e-mail address.' },
  tenantId: { ...guid, description: 'Its directory tenant; known to this stamp, and kept.' },
  offerId: { type: 'string', description: 'An offer of the provider: its id, or its name.' },
  state: { enum: [...SUBSCRIPTION_STATES] },
};

export const adminSubscriptionSchema = named('AdminSubscription', {
  type: 'object',
  required: ['id', 'subscriptionId', 'displayName', 'owner', 'tenantId', 'state'],
  properties: {
    id: { type: 'string' },
    subscriptionId: guid,
    delegatedProviderSubscriptionId: { ...guid, description: 'The provider it stands under.' },
    routingResourceManagerType: { enum: ['Default', 'Admin'] },
    ...writable,
  },
});

export const newAdminSubscriptionSchema = named('NewAdminSubscription', {
  type: 'object',
  required: ['displayName', 'owner', 'tenantId', 'offerId'],
  properties: writable,
});

export const changedSubscriptionSchema = named('ChangedSubscription', {
  type: 'object',
  properties: {
    displayName: text,
    externalReferenceId: text,
    owner: text,
    offerId: writable.offerId,
    state: writable.state,
  },
});
