import type { FastifyRequest } from 'fastify';
import { fail, type SubscriptionId } from '../../kernel/index.ts';
import { requireApiVersion, type Database } from '../../platform/index.ts';
import type { Authenticate, Principal } from '../../identity/index.ts';
import { RESOURCE_VERSIONS } from './operations.ts';
import type { OtherSubscriptions } from './other-subscription.ts';
import { findVisible, requireReadable, type UserSubscription } from './subscription.ts';

export interface ResourceManagerApi {
  readonly database: Database;
  readonly authenticate: Authenticate;
  /** Name of the stamp's region. */
  readonly region: string;
  /** Subscriptions that are not the stamp's and are reached here too. */
  readonly others?: OtherSubscriptions | undefined;
}

/** Parameters of a path below a subscription. */
export interface OfSubscription {
  Params: { subscriptionId: string };
}

/** Who is calling, once it is known that the request can be read at all. */
export async function admit(api: ResourceManagerApi, request: FastifyRequest): Promise<Principal> {
  const principal = await api.authenticate(request);
  requireApiVersion(request, RESOURCE_VERSIONS);
  return principal;
}

/** @throws AuthorizationFailed without a role, SubscriptionNotFound with one */
export async function requireSubscription(
  api: ResourceManagerApi,
  principal: Principal,
  request: FastifyRequest<OfSubscription>,
): Promise<UserSubscription & { readonly subscriptionId: SubscriptionId }> {
  const subscriptionId = requireReadable(principal, request.params.subscriptionId);
  const found = await findVisible(api, principal, subscriptionId);
  if (found !== undefined) return { ...found, subscriptionId };
  throw fail('SubscriptionNotFound', { subscriptionId });
}
