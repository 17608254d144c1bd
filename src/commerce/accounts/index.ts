export {
  parseAccountId,
  toWireAccount,
  type AccountId,
  type AccountKind,
  type BillingAccount,
  type Language,
} from './account.ts';
export {
  listPricings,
  readPricings,
  setPricing,
  toWirePricing,
  type AccountPricings,
  type PricingBasis,
} from './account-pricing.ts';
export type { AccountsApi } from './api.ts';
export { accountNotFound, accountsFor, authorizeAccount } from './authorize.ts';
export { periodBounds, type BillingCalendar, type PeriodBounds } from './calendar.ts';
export { readAccountChange } from './account-fields.ts';
export { putAccount, type AccountChange } from './change.ts';
export { changePricing } from './change-pricing.ts';
export { readBasis } from './pricing-routes.ts';
export { nextHour, readHour } from './hours.ts';
export { ensureBillingAccounts } from './ensure.ts';
export { setLogo } from './logo.ts';
export { toWirePeriod, type BillingPeriod, type PeriodState } from './period.ts';
export {
  ensurePeriods,
  findPeriod,
  holdPeriod,
  listPeriods,
  setPeriodState,
} from './period-store.ts';
export { holdOwned, holdPresent, type OwnedKind } from './owned.ts';
export { ownedOperations, queryParameter, skipToken } from './owned-operations.ts';
export { ownedRoutes, type OwnedApi, type OwnedCall, type OwnedInterface } from './owned-routes.ts';
export { checkMatch, preconditionOf, type Precondition } from './precondition.ts';
export { accountRoutes } from './routes.ts';
export { pricingSegments, type Markup, type PricingSegment } from './segments.ts';
export { findAccount, findAccountBySubscription, readLogo } from './store.ts';
export { addTerm, endTerm, listTerms, toWireTerm, type StoredTerm } from './terms.ts';
export {
  customersBelow,
  readAccountTree,
  salesOf,
  sellerOf,
  type AccountTree,
  type Sale,
} from './tree.ts';
