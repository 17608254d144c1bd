import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  makeSkipToken,
  originOf,
  pathOf,
  queryParameters,
  readSkipToken,
  readTokenKey,
  requireApiVersion,
} from '../../platform/index.ts';
import { keyOfPrincipal } from '../../identity/index.ts';
import { findDirectoryTenant } from '../directory/index.ts';
import {
  admit,
  requireSubscription,
  type OfSubscription,
  type ResourceManagerApi,
} from './admission.ts';
import { metadataRoutes } from './metadata.ts';
import { resourceOperations, RESOURCE_VERSIONS } from './operations.ts';
import { providerRoutes } from './provider-routes.ts';
import { listVisible } from './subscription.ts';

/** Most subscriptions in one answer. */
const PAGE = 1000;

/** What stock clients ask of a resource manager before they come to anything else. */
export function resourceManagerRoutes(app: FastifyInstance, api: ResourceManagerApi): void {
  app.get('/tenants', { config: { operation: resourceOperations.tenants } }, async (request) => {
    const { tenantId } = await admit(api, request);
    const displayName = (await findDirectoryTenant(api.database.pool, { tenantId }))?.name;
    const id = `/tenants/${tenantId}`;
    return {
      value: [{ id, tenantId, ...(displayName && { displayName }), tenantCategory: 'Home' }],
    };
  });
  subscriptionList(app, api);
  app.get<OfSubscription>(
    '/subscriptions/:subscriptionId',
    { config: { operation: resourceOperations.subscription } },
    async (request) => {
      const principal = await admit(api, request);
      return requireSubscription(api, principal, request);
    },
  );
  app.get<OfSubscription>(
    '/subscriptions/:subscriptionId/locations',
    { config: { operation: resourceOperations.locations } },
    async (request) => {
      const principal = await admit(api, request);
      const { subscriptionId } = await requireSubscription(api, principal, request);
      const { region } = api;
      const id = `/subscriptions/${subscriptionId}/locations/${region}`;
      return { value: [{ id, name: region, displayName: region }] };
    },
  );
  providerRoutes(app, api);
  metadataRoutes(app);
}

function subscriptionList(app: FastifyInstance, api: ResourceManagerApi): void {
  const tokenKey = readTokenKey(api.database.pool);
  // Awaited by the first request that needs it; a failure is told there.
  tokenKey.catch(() => undefined);
  app.get(
    '/subscriptions',
    { config: { operation: resourceOperations.subscriptions } },
    async (request) => {
      const principal = await admit(api, request);
      const list = `subscriptions of ${keyOfPrincipal(principal)}`;
      const token = queryParameters(request).get('$skiptoken');
      const after = token === undefined ? undefined : readSkipToken(await tokenKey, list, token);
      const { value, next } = await listVisible(api, principal, { after, limit: PAGE });
      if (next === undefined) return { value };
      return { value, nextLink: linkTo(request, makeSkipToken(await tokenKey, list, next)) };
    },
  );
}

function linkTo(request: FastifyRequest, token: string): string {
  const query = new URLSearchParams({
    'api-version': requireApiVersion(request, RESOURCE_VERSIONS),
    $skiptoken: token,
  });
  return `${originOf(request)}${pathOf(request)}?${query.toString()}`;
}
