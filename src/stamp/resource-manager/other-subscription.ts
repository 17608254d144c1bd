import type { DirectoryTenantId, SubscriptionId } from '../../kernel/index.ts';

/** A subscription that is not the stamp's, as its users see it. */
export interface OtherSubscription {
  readonly subscriptionId: SubscriptionId;
  readonly tenantId: DirectoryTenantId | undefined;
  readonly displayName: string;
  readonly state: 'Enabled' | 'Disabled';
}

/** Where they are found. An id is that of one subscription, the stamp's or another. */
export interface OtherSubscriptions {
  find(id: SubscriptionId): Promise<OtherSubscription | undefined>;
  /** In the order of ids: those among `ids`, or all; later than `after`; at most `limit`. */
  list(wanted: {
    readonly ids: readonly SubscriptionId[] | undefined;
    readonly after: SubscriptionId | undefined;
    readonly limit: number;
  }): Promise<readonly OtherSubscription[]>;
}

export function toUserOtherSubscription({
  subscriptionId,
  tenantId,
  displayName,
  state,
}: OtherSubscription): Readonly<Record<string, unknown>> {
  return {
    id: `/subscriptions/${subscriptionId}`,
    subscriptionId,
    ...(tenantId !== undefined && { tenantId }),
    displayName,
    state,
    subscriptionPolicies: { locationPlacementId: 'AzureStack' },
    authorizationSource: 'RoleBased',
  };
}
