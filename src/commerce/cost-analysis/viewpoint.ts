import { parseCurrency, type Currency } from '../../kernel/index.ts';
import { invalidProperty } from '../../platform/index.ts';
import {
  sellerOf,
  type AccountId,
  type AccountTree,
  type BillingAccount,
} from '../accounts/index.ts';

/** buying: what an account pays its seller. selling: what those that buy from it directly pay it. */
export type CostView = 'buying' | 'selling';

/** Whose costs are looked at, from which side. */
export interface Viewpoint {
  readonly account: BillingAccount;
  readonly view: CostView;
  /** Whose purchases: the account itself, or its direct buyers with the same currency. */
  readonly buyers: readonly BillingAccount[];
  readonly currency: Currency;
  /** In which there are amounts, that of the answer among them: amounts of two currencies are not added. */
  readonly currencies: readonly Currency[];
}

/** What is asked for; what is left out is chosen. */
export interface WantedViewpoint {
  readonly view?: CostView | undefined;
  readonly currency?: string | undefined;
}

/**
 * @throws InvalidProperty for a view that the account does not have, or a currency in which nothing is
 */
export function viewpointOf(
  tree: AccountTree,
  account: BillingAccount,
  { view: wanted, currency: code }: WantedViewpoint = {},
): Viewpoint {
  const buysFrom = sellerOf(tree, account.accountId);
  const view = wanted ?? (buysFrom === undefined ? 'selling' : 'buying');
  if (view === 'buying' && buysFrom === undefined) {
    throw invalidProperty('view', view, 'this account buys from nobody; ask for selling');
  }
  if (view === 'selling' && !sells(account)) {
    throw invalidProperty('view', view, 'this account sells to nobody; ask for buying');
  }
  const all = view === 'buying' ? [account] : directBuyers(tree, account);
  const currencies = [...new Set(all.map((buyer) => buyer.currency))].toSorted();
  const own = currencies.includes(account.currency) ? account.currency : currencies[0];
  const currency = code === undefined ? (own ?? account.currency) : readCurrency(code, currencies);
  const buyers = all.filter((buyer) => buyer.currency === currency);
  return { account, view, buyers, currency, currencies };
}

function readCurrency(code: string, currencies: readonly Currency[]): Currency {
  const currency = parseCurrency(code);
  if (currency !== undefined && currencies.includes(currency)) return currency;
  const rule = `it is one in which there are amounts: ${currencies.join(', ')}`;
  throw invalidProperty('currency', code, rule);
}

function sells({ kind }: BillingAccount): boolean {
  return kind === 'provider' || kind === 'partner';
}

/** Those that buy from a seller, without those that buy from a partner in between. */
export function directBuyers(tree: AccountTree, seller: BillingAccount): BillingAccount[] {
  const partners = new Set<AccountId>();
  const buyers: BillingAccount[] = [];
  for (const account of tree.below(seller.accountId)) {
    const { accountId, parentId } = account;
    const isBehind = parentId !== undefined && partners.has(parentId);
    if (isBehind || sells(account)) partners.add(accountId);
    if (!isBehind) buyers.push(account);
  }
  return buyers;
}
