import type { FastifyInstance } from 'fastify';
import type { CommerceUsageApi } from './api.ts';
import { billedTotalsRoutes } from './billed-totals-routes.ts';
import { billingPeriodRoutes } from './billing-period-routes.ts';
import { billingInvoiceRoutes } from './invoice-routes.ts';
import { mappingPreviewRoute } from './mapping-preview-routes.ts';
import { usageAggregatesRoute } from './usage-aggregates.ts';
import { usageDetailsRoutes } from './usage-details-routes.ts';
import { utilizationRoutes } from './utilizations.ts';

/**
 * All usage interfaces of commerce.
 *
 * @param options.usageAggregates whether the path of usage aggregates is commerce's own; false where a stamp in the
 *   same process serves it, which then asks `commerceUsage` for subscriptions that are not its own
 */
export function commerceUsageRoutes(
  app: FastifyInstance,
  api: CommerceUsageApi,
  options: { readonly usageAggregates: boolean },
): void {
  if (options.usageAggregates) usageAggregatesRoute(app, api);
  utilizationRoutes(app, api);
  billingPeriodRoutes(app, api);
  billingInvoiceRoutes(app, api);
  usageDetailsRoutes(app, api);
  mappingPreviewRoute(app, api);
  billedTotalsRoutes(app, api);
}
