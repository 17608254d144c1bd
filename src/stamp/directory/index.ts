export { addOffer, removeOffer, setOfferState } from './offers/change.ts';
export { OFFER_STATES, parseOfferState, type Offer } from './offers/offer.ts';
export { userOfferId } from './offers/reference.ts';
export { findOffer, listOffers } from './offers/store.ts';
export { addPlan, removePlan } from './plans/change.ts';
export type { Plan, PlanId } from './plans/plan.ts';
export { findPlan, listPlans } from './plans/store.ts';
export { directoryRoutes } from './routes.ts';
export { setSubscriptionState } from './subscriptions/change.ts';
export { adoptSubscription, createSubscription } from './subscriptions/create.ts';
export { createDefaultProvider } from './subscriptions/default-provider.ts';
export { listSubscriptionsOf, type SubscriptionFilter } from './subscriptions/list.ts';
export {
  parseState,
  SUBSCRIPTION_STATES,
  takesUsage,
  visibleToTenant,
  type SubscriptionState,
} from './subscriptions/state.ts';
export {
  findDefaultProviderSubscription,
  findSubscription,
  insertSubscription,
  listSubscriptions,
  listSubscriptionStates,
  readDisplayNames,
} from './subscriptions/store.ts';
export type { Subscription, SubscriptionOrigin } from './subscriptions/subscription.ts';
export {
  adoptDirectoryTenant,
  inDirectoryTenant,
  putDirectoryTenant,
  removeDirectoryTenant,
} from './tenants/change.ts';
export { tenantOfOwner, type DirectoryTenant } from './tenants/directory-tenant.ts';
export {
  findDirectoryTenant,
  listDirectoryTenants,
  upsertDirectoryTenant,
} from './tenants/store.ts';
export { toUserSubscription } from './subscriptions/wire.ts';
export { moveSubscriptions } from './tree/move.ts';
export { findBelow } from './tree/tree.ts';
export { holdDirectoryVersion, readDirectoryVersion } from './version.ts';
