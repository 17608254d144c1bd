import type { AnalysisFilter } from '../../analysis/index.ts';
import type { Currency, Decimal } from '../../kernel/index.ts';
import type { Database } from '../../platform/index.ts';
import {
  accountNotFound,
  readAccountTree,
  type AccountId,
  type AccountTree,
} from '../accounts/index.ts';
import { costOf } from './query/cost-store.ts';
import { readGround } from './query/ground.ts';
import { selectionOf, type CostQuestion } from './query/read-costs.ts';
import { readFrom } from './reader.ts';
import { viewpointOf, type CostView } from './viewpoint.ts';

/** What of an account's costs is wanted: by whoever may read them, which is not asked here. */
export interface CostScope {
  readonly accountId: AccountId;
  /** buying where the account buys from somebody unless given, selling otherwise. */
  readonly view?: CostView | undefined;
  /** Of selling to buyers with several currencies; otherwise that of the account where a buyer has it. */
  readonly currency?: Currency | undefined;
  /** As {@link readFilters} of the words of analysis reads them; none: everything. */
  readonly filters?: readonly AnalysisFilter[] | undefined;
  readonly buyers?: readonly AccountId[] | undefined;
}

/** An amount of money, exact: not rounded to what can be paid. */
export interface Money {
  readonly amount: Decimal;
  readonly currency: Currency;
}

/** What something costs, as far as it is known. */
export interface CostSoFar extends Money {
  /** Charges that have no price: what they cost is not in the amount. */
  readonly unpriced: number;
}

/**
 * What usage of the hours from..to (exclusive, since 1970) costs, as far as it is rated and summed.
 *
 * @throws BillingAccountNotFound, InvalidProperty for a view or currency that the account does not have
 */
export async function costSoFar(
  database: Database,
  scope: CostScope & { readonly from: number; readonly to: number },
  tree?: AccountTree,
): Promise<CostSoFar> {
  const known = tree ?? (await readAccountTree(database.pool));
  const question = questionOf(known, scope, scope);
  return readFrom(
    database,
    question.viewpoint,
    (tx) => readGround(tx, question.viewpoint, question, { tree: known }),
    async (tx, ground) => {
      const { total, unpriced } = await costOf(tx, selectionOf(ground, question));
      return { amount: total, currency: question.viewpoint.currency, unpriced };
    },
  );
}

/** @throws BillingAccountNotFound, InvalidProperty */
export function questionOf(
  tree: AccountTree,
  { accountId, view, currency, filters = [], buyers }: CostScope,
  { from, to }: { readonly from: number; readonly to: number },
): CostQuestion {
  const account = tree.get(accountId);
  if (account === undefined) throw accountNotFound(accountId);
  return { viewpoint: viewpointOf(tree, account, { view, currency }), filters, buyers, from, to };
}
