export { odataRoutes, type FeedApi } from './routes.ts';
