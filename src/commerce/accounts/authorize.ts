import { fail, parseSubscriptionId, type StackmeterError } from '../../kernel/index.ts';
import { allows, authorize, type Action, type Principal } from '../../identity/index.ts';
import type { Queryable } from '../../platform/index.ts';
import { isSeller, parseAccountId, type AccountId, type BillingAccount } from './account.ts';
import { readLineage } from './store.ts';
import type { AccountTree } from './tree.ts';

const SEE: Action = 'Stackmeter.Billing/accounts/read';

/**
 * Finds an account for somebody who may do this to it: by a role on all of commerce, or on the subscription
 * of the account or of one above it.
 *
 * @param from the tree where it has been read, otherwise the database
 * @param account its id or that of its subscription, in any case
 * @throws BillingAccountNotFound for an unknown one and for those who may not see it alike,
 *   AuthorizationFailed to those who see it and may not do this
 */
export async function authorizeAccount(
  principal: Principal,
  action: Action,
  from: AccountTree | Queryable,
  account: string,
): Promise<BillingAccount> {
  const lineage = await lineageOf(from, account);
  const [found] = lineage;
  if (found === undefined) throw accountNotFound(account);
  if (mayOn(principal, action, lineage)) return found;
  if (!mayOn(principal, SEE, lineage)) throw accountNotFound(account);
  authorize(principal, action, { subscriptionId: found.subscriptionId });
  return found;
}

/**
 * Lets those pass who may do this to the seller of an account: by a role on all of commerce, or on the subscription
 * of the seller or of an account above that. What a buyer pays on top of what its seller pays is not told to the buyer.
 *
 * @throws AuthorizationFailed
 */
export async function authorizeSeller(
  principal: Principal,
  action: Action,
  from: AccountTree | Queryable,
  { accountId }: BillingAccount,
): Promise<void> {
  const [, ...above] = await lineageOf(from, accountId);
  const at = above.findIndex(isSeller);
  if (mayOn(principal, action, at < 0 ? [] : above.slice(at))) return;
  authorize(principal, action);
}

/** The accounts to which somebody may do this, each after its parent. */
export function accountsFor(
  principal: Principal,
  action: Action,
  tree: AccountTree,
): BillingAccount[] {
  const all = [tree.root, ...tree.below(tree.root.accountId)];
  if (allows(principal.grants, action)) return all;
  const allowed = new Set<AccountId>();
  for (const { accountId, parentId, subscriptionId } of all) {
    const isBelow = parentId !== undefined && allowed.has(parentId);
    if (isBelow || isAllowedOn(principal, action, subscriptionId)) allowed.add(accountId);
  }
  return all.filter(({ accountId }) => allowed.has(accountId));
}

export function accountNotFound(account: string): StackmeterError {
  return fail('BillingAccountNotFound', { account });
}

async function lineageOf(
  from: AccountTree | Queryable,
  text: string,
): Promise<readonly BillingAccount[]> {
  const id = parseAccountId(text);
  const subscriptionId = parseSubscriptionId(text);
  if (id === undefined || subscriptionId === undefined) return [];
  if ('query' in from) return readLineage(from, id);
  const found = from.get(id) ?? from.ofSubscription(subscriptionId);
  return found === undefined ? [] : [found, ...from.ancestors(found.accountId)];
}

function mayOn(principal: Principal, action: Action, lineage: readonly BillingAccount[]): boolean {
  if (allows(principal.grants, action)) return true;
  return lineage.some(({ subscriptionId }) => isAllowedOn(principal, action, subscriptionId));
}

/** An account without a subscription is nobody's but the operator's. */
function isAllowedOn(
  { grants }: Principal,
  action: Action,
  subscriptionId: BillingAccount['subscriptionId'],
): boolean {
  return subscriptionId !== undefined && allows(grants, action, { subscriptionId });
}
