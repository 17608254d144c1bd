import { fail, parseSubscriptionId, type SubscriptionId } from '../../kernel/index.ts';
import { authorize, reachOf, type Principal } from '../../identity/index.ts';
import type { Queryable } from '../../platform/index.ts';
import {
  findSubscription,
  SUBSCRIPTION_STATES,
  visibleToTenant,
  type Subscription,
  type SubscriptionFilter,
} from '../directory/index.ts';

const READ = 'Microsoft.Subscriptions/subscriptions/read';

/** States in which a subscription's own users see it. */
const VISIBLE = SUBSCRIPTION_STATES.filter(visibleToTenant);

/**
 * The subscriptions that the principal may see: all of them for readers of the whole stamp, otherwise those on which,
 * or on a group of which, it has a role that lets it, while they are not being deleted.
 */
export function visibleTo({ grants }: Principal): SubscriptionFilter {
  const reach = reachOf(grants, READ);
  if (reach.everywhere) return {};
  return {
    ids: reach.grants.flatMap(({ subscriptionId }) => subscriptionId ?? []),
    states: VISIBLE,
  };
}

/**
 * Lets the principal pass to one subscription, by its roles alone: nothing is looked up before that, so who has none
 * cannot tell one that exists from one that does not.
 *
 * @param text from the path
 * @throws AuthorizationFailed, SubscriptionNotFound for what is no id
 */
export function requireReadable(principal: Principal, text: string): SubscriptionId {
  const subscriptionId = parseSubscriptionId(text);
  if (subscriptionId === undefined) throw fail('SubscriptionNotFound', { subscriptionId: text });
  const reach = reachOf(principal.grants, READ);
  const onPart =
    !reach.everywhere && reach.grants.some((grant) => grant.subscriptionId === subscriptionId);
  if (!onPart) authorize(principal, READ, { subscriptionId });
  return subscriptionId;
}

/** Whether the principal, who has a role there, still sees a subscription that exists. */
export function isVisible(principal: Principal, { state }: Subscription): boolean {
  return visibleToTenant(state) || reachOf(principal.grants, READ).everywhere;
}

/** Whether the subscription is there for the principal, who has a role on it; who reads all may set one up beforehand. */
export async function seesSubscription(
  db: Queryable,
  principal: Principal,
  id: SubscriptionId,
): Promise<boolean> {
  if (reachOf(principal.grants, READ).everywhere) return true;
  const found = await findSubscription(db, id);
  return found !== undefined && isVisible(principal, found);
}
