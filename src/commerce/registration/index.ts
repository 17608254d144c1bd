export {
  putCustomerMapping,
  removeCustomerMapping,
  type CustomerMappingChange,
  type MappingOptions,
} from './customers/change.ts';
export { findCustomerMapping, listCustomers } from './customers/list.ts';
export type { CustomerMapping, MappingInForce } from './customers/mapping.ts';
export type { CustomerResource } from './customers/resource.ts';
export { mappingsInForce } from './customers/store.ts';
export type { RegistrationApi } from './http.ts';
export { activationKeyOf, type CommerceAddress } from './registrations/activation.ts';
export { expireRegistration, removeRegistration } from './registrations/change.ts';
export { stampKeyOf, type StampKey } from './registrations/credentials.ts';
export { parsePlace } from './registrations/move-request.ts';
export { moveRegistrations, type MoveTarget } from './registrations/move.ts';
export {
  advanceWindow,
  listReportingPeriods,
  lockOpenPeriod,
  type ReportingPeriod,
} from './registrations/periods.ts';
export {
  putRegistration,
  type Registered,
  type RegisteringOptions,
} from './registrations/register.ts';
export {
  resourceIdOf,
  statusOf,
  type Registration,
  type RegistrationPlace,
  type RegistrationStatus,
} from './registrations/registration.ts';
export { readStatementKey } from './registrations/statement-key.ts';
export {
  findRegistration,
  findRegistrationByName,
  listRegistrations,
  noteTokenOf,
  registrationsBookingOn,
  type RegistrationFilter,
} from './registrations/store.ts';
export { toWireRegistration } from './registrations/wire.ts';
export { registrationRoutes } from './routes.ts';
export {
  addCommerceSubscription,
  changeCommerceSubscription,
  type CommerceSubscriptionChange,
  type NewCommerceSubscription,
} from './subscriptions/change.ts';
export {
  commerceSubscriptionKinds,
  parseKind,
  type CommerceSubscription,
  type CommerceSubscriptionKind,
} from './subscriptions/commerce-subscription.ts';
export {
  httpsSubscriptionResolver,
  type ResolvedSubscription,
  type SubscriptionResolver,
} from './subscriptions/resolver.ts';
export {
  findCommerceSubscription,
  listCommerceSubscriptionPage,
  listCommerceSubscriptions,
  type SubscriptionPage,
} from './subscriptions/store.ts';
export { toWireCommerceSubscription } from './subscriptions/routes.ts';
