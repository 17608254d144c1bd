import { Decimal, halfEven, sumOf, type Currency } from '../../kernel/index.ts';
import type { Database } from '../../platform/index.ts';
import {
  parseAccountId,
  type AccountId,
  type AccountTree,
  type BillingAccount,
} from '../accounts/index.ts';
import { costOf, topCosts } from './query/cost-store.ts';
import { readGround } from './query/ground.ts';
import { selectionOf, type CostQuestion } from './query/read-costs.ts';
import { readFromEach } from './reader.ts';
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
  /** By what was sold, the most first. */
  readonly buyers: readonly BuyerMargin[];
  /** What the seller bought for its own use: nobody buys it, so it is in no margin. */
  readonly ownUse: Decimal | undefined;
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
  const buys = account.parentId !== undefined;
  const isComparable = buys && account.currency === currency;
  const buying = isComparable ? viewpointOf(tree, account, { view: 'buying' }) : undefined;
  const questions = [viewpoint, ...(buying === undefined ? [] : [buying])].map(
    (side): CostQuestion => ({ viewpoint: side, filters: [], ...range }),
  );
  const [sold = NOTHING, bought] = await costsByAccount(database, tree, questions);
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
    if (found === undefined || found === account || found.currency !== currency) return [];
    const cost = bought && (boughtBy.get(id) ?? Decimal.zero);
    return [{ account: found, bought: cost, sold: sold.amounts.get(id) ?? Decimal.zero }];
  });
  return {
    currency,
    boughtCurrency: buys ? account.currency : undefined,
    buyers: buyers.toSorted(bySold),
    ownUse: boughtBy.get(account.accountId),
    unpriced: sold.unpriced + (bought?.unpriced ?? 0),
  };
}

interface CostsByAccount {
  readonly amounts: ReadonlyMap<AccountId, Decimal>;
  readonly unpriced: number;
}

const NOTHING: CostsByAccount = { amounts: new Map(), unpriced: 0 };

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

/** Of each question, all as of one moment. */
async function costsByAccount(
  database: Database,
  tree: AccountTree,
  questions: readonly CostQuestion[],
): Promise<CostsByAccount[]> {
  const views = questions.map((question) => ({ ...question.viewpoint, question }));
  return readFromEach(
    database,
    views,
    (tx) =>
      mapInTurn(questions, (question) => readGround(tx, question.viewpoint, question, { tree })),
    async (tx, grounds, view) => {
      const ground = grounds[views.indexOf(view)]!;
      const selection = selectionOf(ground, view.question);
      const { total, unpriced } = await costOf(tx, selection);
      const listing = { by: 'account', limit: MOST_ACCOUNTS, total } as const;
      const groups = await topCosts(tx, ground, selection, listing);
      const amounts = new Map<AccountId, Decimal>();
      for (const { id, amount } of groups) {
        const known = parseAccountId(id);
        // What is booked on nobody below is the seller's own.
        const { accountId } = (known && tree.get(known)) ?? view.account;
        amounts.set(accountId, (amounts.get(accountId) ?? Decimal.zero).add(amount));
      }
      return { amounts, unpriced };
    },
  );
}

/** More than there are. */
const MOST_ACCOUNTS = 1_000_000;

async function mapInTurn<T, R>(all: readonly T[], map: (one: T) => Promise<R>): Promise<R[]> {
  const done: R[] = [];
  for (const one of all) done.push(await map(one));
  return done;
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
