import type { DirectoryTenantId, Instant, SubscriptionId } from '../../kernel/index.ts';

/** States of a subscription; Warned and PastDue exist in the interface and behave like Enabled. */
export const SUBSCRIPTION_STATES = [
  'Enabled',
  'Disabled',
  'Deleting',
  'PartiallyDeleted',
  'Deleted',
  'Warned',
  'PastDue',
] as const;

export type SubscriptionState = (typeof SUBSCRIPTION_STATES)[number];

/** How a subscription came to be known here. */
export type SubscriptionOrigin = 'created' | 'imported' | 'simulated';

export interface Subscription {
  readonly subscriptionId: SubscriptionId;
  readonly displayName: string;
  readonly owner: string;
  readonly tenantId: DirectoryTenantId;
  /** The provider that it was made under; undefined only for the default provider subscription. */
  readonly delegatedProviderSubscriptionId: SubscriptionId | undefined;
  readonly offerId: string | undefined;
  readonly routingResourceManagerType: 'Default' | 'Admin';
  readonly state: SubscriptionState;
  readonly origin: SubscriptionOrigin;
  readonly createdAt: Instant;
}

export interface DirectoryTenant {
  readonly tenantId: DirectoryTenantId;
  readonly name: string;
}

export interface Offer {
  readonly offerId: string;
  readonly displayName: string;
  readonly state: 'Private' | 'Public' | 'Decommissioned';
}

/** Whether usage of a subscription in this state is taken; otherwise it is refused and kept in quarantine. */
export function takesUsage(state: SubscriptionState): boolean {
  return state === 'Enabled' || state === 'Warned' || state === 'PastDue';
}

/** Whether the subscription's own users still see it; the operator and its provider see every state. */
export function visibleToTenant(state: SubscriptionState): boolean {
  return state !== 'Deleting' && state !== 'PartiallyDeleted' && state !== 'Deleted';
}
