import { fail, hourOf } from '../../kernel/index.ts';
import { readAccountTree, type AccountTree, type BillingAccount } from '../accounts/index.ts';
import {
  costSoFar,
  directBuyers,
  forecastOf,
  type CostForecast,
  type CostScope,
  type Money,
} from '../cost-analysis/index.ts';
import type { Budget, BudgetFigures, BudgetSpan, Forecast } from './budget.ts';
import { filtersOf } from './fields.ts';
import type { BudgetRoom } from './room.ts';

/**
 * What the usage of a stretch costs that is rated by now, before fees, discounts and taxes, and what is
 * expected by its end while it is not over.
 *
 * @param tree where it has been read
 * @throws BudgetCurrencyDiffers where nothing is sold in the currency of the account
 */
export async function readFigures(
  room: BudgetRoom,
  { view, filters }: Pick<Budget, 'view' | 'filters'>,
  { accountId, currency }: Pick<BillingAccount, 'accountId' | 'currency'>,
  { fromHour, toHour }: BudgetSpan,
  tree?: AccountTree,
): Promise<BudgetFigures> {
  const hour = hourOf(room.clock.now());
  const isOpen = fromHour <= hour && hour < toHour;
  const scope = { accountId, view, filters: filtersOf(filters), from: fromHour, to: toHour };
  const known = tree ?? (await readAccountTree(room.database.pool));
  const expected = isOpen ? await forecastOf(room, scope, known) : undefined;
  const cost = expected ?? (await costSoFar(room.database, scope, known));
  if (cost.currency !== currency) {
    throw fail('BudgetCurrencyDiffers', { account: accountId, currency, other: cost.currency });
  }
  return {
    spent: cost.amount,
    unpriced: cost.unpriced,
    forecast: expected && wholeForecast(expected),
    otherCurrencies: view === 'selling' ? await soldOtherwise(room, scope, known, currency) : [],
  };
}

/** What is sold to direct buyers with other currencies: amounts of two currencies are not added. */
async function soldOtherwise(
  { database }: BudgetRoom,
  scope: CostScope & BudgetHours,
  tree: AccountTree,
  own: Money['currency'],
): Promise<Money[]> {
  const account = tree.get(scope.accountId);
  const buyers = account === undefined ? [] : directBuyers(tree, account);
  const others = new Set(buyers.map(({ currency }) => currency).filter((one) => one !== own));
  const sold: Money[] = [];
  for (const currency of [...others].toSorted()) {
    const { amount } = await costSoFar(database, { ...scope, currency }, tree);
    if (!amount.isZero()) sold.push({ amount, currency });
  }
  return sold;
}

interface BudgetHours {
  readonly from: number;
  readonly to: number;
}

/** Undefined where there is too little to go by. */
function wholeForecast({ forecast, low, high }: CostForecast): Forecast | undefined {
  if (forecast === undefined || low === undefined || high === undefined) return undefined;
  return { amount: forecast, low, high };
}
