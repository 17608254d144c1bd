import type { SubscriptionId } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import { isSeller, type AccountId, type BillingAccount } from './account.ts';
import { readAllAccounts } from './store.ts';

/** All accounts as they hang together, at one moment. */
export interface AccountTree {
  /** The provider. */
  readonly root: BillingAccount;
  get(id: AccountId): BillingAccount | undefined;
  /** The account on which usage of this subscription of commerce is booked. */
  ofSubscription(subscriptionId: SubscriptionId): BillingAccount | undefined;
  /** Those above an account, its parent first and the provider last. */
  ancestors(id: AccountId): readonly BillingAccount[];
  /** All below an account, each after its parent; itself not. */
  below(id: AccountId): readonly BillingAccount[];
}

/** Who sells to whom. What was used is sold along a whole chain: each sale has charges and invoices of its own. */
export interface Sale {
  readonly seller: BillingAccount;
  readonly buyer: BillingAccount;
}

/** @throws Error while there is no provider, which {@link ensureBillingAccounts} makes */
export async function readAccountTree(db: Queryable): Promise<AccountTree> {
  return treeOf(await readAllAccounts(db));
}

/** @throws Error when the provider is not among them */
export function treeOf(accounts: readonly BillingAccount[]): AccountTree {
  const byId = new Map(accounts.map((account) => [account.accountId, account]));
  const bySubscription = new Map(accounts.map((account) => [account.subscriptionId, account]));
  const children = Map.groupBy(accounts, ({ parentId }) => parentId);
  const root = accounts.find(({ kind }) => kind === 'provider');
  if (root === undefined) throw new Error('there is no account of the provider yet');
  return {
    root,
    get: (id) => byId.get(id),
    ofSubscription: (subscriptionId) => bySubscription.get(subscriptionId),
    ancestors: (id) => {
      const above: BillingAccount[] = [];
      let parentId = byId.get(id)?.parentId;
      while (parentId !== undefined) {
        const parent = byId.get(parentId);
        if (parent === undefined) throw new Error(`the account ${parentId} is missing`);
        above.push(parent);
        ({ parentId } = parent);
      }
      return above;
    },
    below: (id) => {
      const found = [...(children.get(id) ?? [])];
      // What is added while it goes on is gone through too.
      for (const { accountId } of found) found.push(...(children.get(accountId) ?? []));
      return found;
    },
  };
}

/**
 * The sales of usage that is booked on a subscription, from its own buyer up to the provider. The first
 * buyer is the account itself, or, where it is below enterprises, the highest of them; then each partner
 * above buys in its turn. Empty while the subscription has no account.
 */
export function salesOf(tree: AccountTree, customerSubscriptionId: SubscriptionId): Sale[] {
  const account = tree.ofSubscription(customerSubscriptionId);
  return account === undefined ? [] : salesTo(tree, firstBuyerOf(tree, account));
}

/** From whom an account buys: the nearest partner above it, or the provider. The provider buys from nobody. */
export function sellerOf(tree: AccountTree, id: AccountId): BillingAccount | undefined {
  return tree.ancestors(id).find(isSeller);
}

/** The sales by which a buyer gets what it pays for: its own, then those of the partners above it. */
export function salesTo(tree: AccountTree, buyer: BillingAccount): Sale[] {
  const sales: Sale[] = [];
  let current = buyer;
  for (const above of tree.ancestors(buyer.accountId)) {
    if (!isSeller(above)) continue;
    sales.push({ seller: above, buyer: current });
    current = above;
  }
  return sales;
}

/** The subscriptions of which a buyer buys what is booked on them. */
export function customersBelow(tree: AccountTree, buyerId: AccountId): SubscriptionId[] {
  const buyer = tree.get(buyerId);
  if (buyer === undefined) return [];
  return [buyer, ...tree.below(buyerId)].flatMap(({ subscriptionId }) =>
    subscriptionId !== undefined &&
    salesOf(tree, subscriptionId).some((sale) => sale.buyer.accountId === buyerId)
      ? [subscriptionId]
      : [],
  );
}

function firstBuyerOf(tree: AccountTree, account: BillingAccount): BillingAccount {
  return buyerOf(account, tree.ancestors(account.accountId));
}

/**
 * Who buys what is used by an account: itself, or the highest of the unbroken row of enterprises above it.
 *
 * @param ancestors those above it, its parent first
 */
export function buyerOf(
  account: BillingAccount,
  ancestors: readonly BillingAccount[],
): BillingAccount {
  if (isSeller(account)) return account;
  const at = ancestors.findIndex(({ kind }) => kind !== 'enterprise');
  return (at < 0 ? ancestors : ancestors.slice(0, at)).at(-1) ?? account;
}
