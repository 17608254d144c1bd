import type { FastifyInstance } from 'fastify';
import type { DirectoryApi } from './admin.ts';
import { nameRoutes } from './names.ts';
import { delegationRoutes } from './offers/delegation-routes.ts';
import { offerRoutes } from './offers/routes.ts';
import { acquiredPlanRoutes } from './plans/acquired-routes.ts';
import { planRoutes } from './plans/routes.ts';
import { subscriptionRoutes } from './subscriptions/routes.ts';
import { tenantRoutes } from './tenants/routes.ts';
import { registerMoves, treeRoutes } from './tree/routes.ts';
import { userRoutes } from './user/routes.ts';

/** The directory over HTTP: Microsoft.Subscriptions.Admin for providers, offers and own subscriptions for users. */
export function directoryRoutes(app: FastifyInstance, api: DirectoryApi): void {
  registerMoves(api.clock);
  subscriptionRoutes(app, api);
  acquiredPlanRoutes(app, api);
  offerRoutes(app, api);
  delegationRoutes(app, api);
  planRoutes(app, api);
  tenantRoutes(app, api);
  treeRoutes(app, api);
  nameRoutes(app, api);
  userRoutes(app, api);
}
