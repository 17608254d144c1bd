import { Decimal, halfEven, sumOf, type Currency } from '../../kernel/index.ts';
import type { Database } from '../../platform/index.ts';
import type { AccountId, AccountTree, BillingAccount } from '../accounts/index.ts';
import { costsBy } from './query/cost-store.ts';
import { readGround } from './query/ground.ts';
import { selectionOf, type CostQuestion } from './query/read-costs.ts';
import { settle } from './query/settle.ts';
import { readFrom } from './reader.ts';
import { directBuyers, viewpointOf, type Viewpoint } from './viewpoint.ts';

/** What a seller paid for what a buyer used, and what the buyer paid for it. */
export interface BuyerMargin {
  readonly account: BillingAccount;
  /** Undefined: the seller buys from nobody, or in another currency than it sells in. */
  readonly bought: Decimal | undefined;
  readonly sold: Decimal;
}

/** Margins of a seller in one currency. */
export interface Margins {
  readonly currency: Currency;
  /** Of what the seller buys; undefined: it buys from nobody. */
  readonly boughtCurrency: Currency | undefined;
  /** By what was sold, the most first. What the seller used itself is with itself. */
  readonly buyers: readonly BuyerMargin[];
  readonly unpriced: number;
}

/** @param viewpoint of selling */
export async function readMargins(
  database: Database,
  tree: AccountTree,
  viewpoint: Viewpoint,
  range: { readonly from: number; readonly to: number },
): Promise<Margins> {
  const { account, currency } = viewpoint;
  const sold = await costsByAccount(database, tree, { viewpoint, filters: [], ...range });
  const buys = account.parentId !== undefined;
  const isComparable = buys && account.currency === currency;
  const buying = isComparable ? viewpointOf(tree, account, { view: 'buying' }) : undefined;
  const bought =
    buying && (await costsByAccount(database, tree, { viewpoint: buying, filters: [], ...range }));
  const buyerOf = buyersBelow(tree, account);
  const boughtBy = new Map<AccountId, Decimal>();
  for (const [id, amount] of bought?.amounts ?? []) {
    const buyer = buyerOf(id);
    boughtBy.set(buyer, (boughtBy.get(buyer) ?? Decimal.zero).add(amount));
  }
  const ids = new Set([...sold.amounts.keys(), ...boughtBy.keys()]);
  const buyers = [...ids].flatMap((id): BuyerMargin[] => {
    const found = tree.get(id);
    // Of buyers with another currency nothing is sold in this one, so there is nothing to compare with.
    if (found === undefined || (found !== account && found.currency !== currency)) return [];
    const cost = bought && (boughtBy.get(id) ?? Decimal.zero);
    return [{ account: found, bought: cost, sold: sold.amounts.get(id) ?? Decimal.zero }];
  });
  return {
    currency,
    boughtCurrency: buys ? account.currency : undefined,
    buyers: buyers.toSorted(bySold),
    unpriced: sold.unpriced + (bought?.unpriced ?? 0),
  };
}

/** What is left of what was sold, and in percent of it. */
export function marginOf({ bought, sold }: Pick<BuyerMargin, 'bought' | 'sold'>): {
  readonly margin?: Decimal;
  readonly percent?: Decimal;
} {
  if (bought === undefined) return {};
  const margin = sold.subtract(bought);
  if (sold.isZero()) return { margin };
  return { margin, percent: margin.multiply(Decimal.fromBigInt(100n)).divide(sold, 2, halfEven) };
}

/** The sums of several. */
export function sumMargins(all: readonly BuyerMargin[]): Pick<BuyerMargin, 'bought' | 'sold'> {
  const bought = all.map((one) => one.bought);
  return {
    bought: bought.includes(undefined)
      ? undefined
      : sumOf(bought.filter((one) => one !== undefined)),
    sold: sumOf(all.map((one) => one.sold)),
  };
}

async function costsByAccount(
  database: Database,
  tree: AccountTree,
  question: CostQuestion,
): Promise<{ readonly amounts: ReadonlyMap<AccountId, Decimal>; readonly unpriced: number }> {
  const { viewpoint } = question;
  return readFrom(
    database,
    viewpoint,
    (tx) => readGround(tx, viewpoint, question, tree),
    async (tx, ground) => {
      const { total, groups, unpriced } = await costsBy(
        tx,
        ground,
        selectionOf(ground, question),
        'account',
      );
      const amounts = settle(
        total,
        groups.map(({ amount }) => amount),
      );
      const found = groups.map(({ column }, at) => {
        const account = ground.accountOf(column) ?? viewpoint.account;
        return [account.accountId, amounts[at] ?? Decimal.zero] as const;
      });
      return { amounts: new Map(found), unpriced };
    },
  );
}

/** Which direct buyer of a seller an account is, or is behind; the seller itself for what it uses. */
function buyersBelow(tree: AccountTree, seller: BillingAccount): (id: AccountId) => AccountId {
  const buyers = new Set(directBuyers(tree, seller).map(({ accountId }) => accountId));
  return (id) => {
    const line = [id, ...tree.ancestors(id).map(({ accountId }) => accountId)];
    const below = line.slice(0, Math.max(0, line.indexOf(seller.accountId)));
    // An enterprise buys for all below it: the highest of those between.
    return below.findLast((one) => buyers.has(one)) ?? seller.accountId;
  };
}

function bySold(a: BuyerMargin, b: BuyerMargin): number {
  return b.sold.compare(a.sold) || (a.account.accountId < b.account.accountId ? -1 : 1);
}
