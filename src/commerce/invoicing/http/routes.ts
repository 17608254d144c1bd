import type { FastifyInstance } from 'fastify';
import { explanationRoutes } from '../explain/routes.ts';
import type { InvoicingApi } from './api.ts';
import { invoiceRoutes } from './invoice-routes.ts';
import { paymentRoutes } from './payment-routes.ts';
import { periodRoutes } from './period-routes.ts';

export type { InvoicingApi } from './api.ts';

/** Invoices, what becomes of them, and what is paid: read by buyers and sellers, changed by sellers. */
export function invoicingRoutes(app: FastifyInstance, api: InvoicingApi): void {
  invoiceRoutes(app, api);
  explanationRoutes(app, api);
  periodRoutes(app, api);
  paymentRoutes(app, api);
}
