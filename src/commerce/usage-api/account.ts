import { fail, parseSubscriptionId, type SubscriptionId } from '../../kernel/index.ts';
import { authorize, type Action, type Principal } from '../../identity/index.ts';
import { findCommerceSubscription, type CommerceSubscription } from '../registration/index.ts';
import type { CommerceUsageApi } from './api.ts';

/**
 * The account in the path. A role on it is needed first: who has none learns nothing, not even whether it exists.
 *
 * @throws SubscriptionNotFound, AuthorizationFailed
 */
export async function accountOf(
  api: CommerceUsageApi,
  principal: Principal,
  action: Action,
  subscription: string,
): Promise<CommerceSubscription> {
  const subscriptionId = readAccountId(subscription);
  authorize(principal, action, { subscriptionId });
  const account = await findCommerceSubscription(api.database.pool, subscriptionId);
  if (account === undefined) throw fail('SubscriptionNotFound', { subscriptionId });
  return account;
}

/** @throws SubscriptionNotFound when it is no GUID */
export function readAccountId(text: string): SubscriptionId {
  const subscriptionId = parseSubscriptionId(text);
  if (subscriptionId === undefined) throw fail('SubscriptionNotFound', { subscriptionId: text });
  return subscriptionId;
}
