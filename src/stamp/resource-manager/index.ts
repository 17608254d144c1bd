export type { ResourceManagerApi } from './admission.ts';
export type { OtherSubscription, OtherSubscriptions } from './other-subscription.ts';
export { resourceManagerRoutes } from './routes.ts';
export { seesSubscription } from './subscription.ts';
