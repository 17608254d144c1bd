export type { ResourceManagerApi } from './admission.ts';
export { resourceManagerRoutes } from './routes.ts';
