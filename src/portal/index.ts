export { portalRoutes, type PortalApi } from './routes.ts';
export { readPages, type Page, type Pages } from './pages.ts';
