export { tenantOfOwner } from './directory-tenant.ts';
export {
  SUBSCRIPTION_STATES,
  takesUsage,
  visibleToTenant,
  type DirectoryTenant,
  type Offer,
  type Subscription,
  type SubscriptionOrigin,
  type SubscriptionState,
} from './subscription.ts';
export {
  ensureDirectoryTenant,
  findDefaultProviderSubscription,
  findSubscription,
  insertSubscription,
  listSubscriptions,
  listSubscriptionStates,
  readDirectoryVersion,
  setSubscriptionState,
  upsertDirectoryTenant,
  upsertOffer,
} from './store.ts';
