export { authorizationRoutes, type AuthorizationApi } from './routes.ts';
