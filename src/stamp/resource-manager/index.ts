export type { ResourceManagerApi } from './admission.ts';
export { resourceManagerRoutes } from './routes.ts';
export { seesSubscription } from './subscription.ts';
