import type { FastifyInstance } from 'fastify';
import { customerRoutes } from './customers/routes.ts';
import type { RegistrationApi } from './http.ts';
import { registrationResourceRoutes } from './registrations/routes.ts';
import { commerceSubscriptionRoutes } from './subscriptions/routes.ts';

/** Registration over HTTP: subscriptions that pay, registrations, and the mappings of customers. */
export function registrationRoutes(app: FastifyInstance, api: RegistrationApi): void {
  commerceSubscriptionRoutes(app, api);
  registrationResourceRoutes(app, api);
  customerRoutes(app, api);
}
