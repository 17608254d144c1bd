import { fail, parseSubscriptionId, type SubscriptionId } from '../../kernel/index.ts';
import { authorize, reachOf, type Principal } from '../../identity/index.ts';
import type { Database } from '../../platform/index.ts';
import {
  findSubscription,
  listSubscriptionsOf,
  SUBSCRIPTION_STATES,
  toUserSubscription,
  visibleToTenant,
  type Subscription,
  type SubscriptionFilter,
} from '../directory/index.ts';
import { toUserOtherSubscription, type OtherSubscriptions } from './other-subscription.ts';

const READ = 'Microsoft.Subscriptions/subscriptions/read';

/** States in which a subscription's own users see it. */
const VISIBLE = SUBSCRIPTION_STATES.filter(visibleToTenant);

/**
 * The subscriptions that the principal may see: all of them for readers of the whole stamp, otherwise those on which,
 * or on a group of which, it has a role that lets it, while they are not being deleted.
 */
function visibleTo({ grants }: Principal): SubscriptionFilter {
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
function isVisible(principal: Principal, { state }: Subscription): boolean {
  return visibleToTenant(state) || reachOf(principal.grants, READ).everywhere;
}

/** Where subscriptions are looked for. */
export interface SubscriptionSources {
  readonly database: Database;
  readonly others?: OtherSubscriptions | undefined;
}

/** A subscription as answers have it. */
export type UserSubscription = Readonly<Record<string, unknown>>;

/** The subscription, if it is there for the principal, who has a role on it. */
export async function findVisible(
  { database, others }: SubscriptionSources,
  principal: Principal,
  id: SubscriptionId,
): Promise<UserSubscription | undefined> {
  const found = await findSubscription(database.pool, id);
  if (found !== undefined) {
    return isVisible(principal, found) ? toUserSubscription(found) : undefined;
  }
  const other = await others?.find(id);
  return other && toUserOtherSubscription(other);
}

/** Whether the subscription is there for the principal, who has a role on it; who reads all may set one up beforehand. */
export async function seesSubscription(
  sources: SubscriptionSources,
  principal: Principal,
  id: SubscriptionId,
): Promise<boolean> {
  if (reachOf(principal.grants, READ).everywhere) return true;
  return (await findVisible(sources, principal, id)) !== undefined;
}

/** One page of what the principal may see, in the order of ids, and what the next page comes after. */
export async function listVisible(
  { database, others }: SubscriptionSources,
  principal: Principal,
  page: { readonly after: SubscriptionId | undefined; readonly limit: number },
): Promise<{
  readonly value: readonly UserSubscription[];
  readonly next: SubscriptionId | undefined;
}> {
  const filter = visibleTo(principal);
  const own = await listSubscriptionsOf(database.pool, filter, page);
  const further = (await others?.list({ ids: filter.ids, ...page, limit: page.limit + 1 })) ?? [];
  const all = [
    ...own.subscriptions.map((one) => ({ id: one.subscriptionId, wire: toUserSubscription(one) })),
    ...further.map((one) => ({ id: one.subscriptionId, wire: toUserOtherSubscription(one) })),
  ].toSorted((one, other) => (one.id < other.id ? -1 : 1));
  const shown = all.slice(0, page.limit);
  const more = own.next !== undefined || all.length > shown.length;
  return {
    value: shown.map(({ wire }) => wire),
    next: more ? shown.at(-1)?.id : undefined,
  };
}
