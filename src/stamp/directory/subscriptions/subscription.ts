import type {
  DirectoryTenantId,
  Instant,
  PrincipalId,
  SubscriptionId,
} from '../../../kernel/index.ts';
import type { OfferId, OfferName } from '../offers/offer.ts';
import type { SubscriptionState } from './state.ts';

/** How a subscription came to be known here. */
export type SubscriptionOrigin = 'created' | 'imported' | 'simulated';

export interface Subscription {
  readonly subscriptionId: SubscriptionId;
  readonly displayName: string;
  /** As people write it, most often an e-mail address. */
  readonly owner: string;
  /** The account that made it for itself; otherwise the account goes by directory tenant and owner. */
  readonly ownerPrincipalId?: PrincipalId | undefined;
  readonly tenantId: DirectoryTenantId;
  /** The provider that it stands under; undefined only for the default provider subscription. */
  readonly delegatedProviderSubscriptionId: SubscriptionId | undefined;
  /** Our own key of the offer that it was made from; what users see is in `offer`. */
  readonly offerId: OfferId | undefined;
  /** The offer by its names; there on everything that was read, ignored when writing. */
  readonly offer?: OfferName | undefined;
  readonly routingResourceManagerType: 'Default' | 'Admin';
  readonly state: SubscriptionState;
  readonly externalReferenceId?: string | undefined;
  readonly origin: SubscriptionOrigin;
  readonly createdAt: Instant;
}
