import { fail, hourOf } from '../../kernel/index.ts';
import type { AccountTree, BillingAccount } from '../accounts/index.ts';
import { costSoFar, forecastOf, type CostForecast } from '../cost-analysis/index.ts';
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
  const check = (other: string): void => {
    if (other !== currency) {
      throw fail('BudgetCurrencyDiffers', { account: accountId, currency, other });
    }
  };
  if (isOpen) {
    const cost = await forecastOf(room, scope, tree);
    check(cost.currency);
    return { spent: cost.amount, unpriced: cost.unpriced, forecast: wholeForecast(cost) };
  }
  const cost = await costSoFar(room.database, scope, tree);
  check(cost.currency);
  return { spent: cost.amount, unpriced: cost.unpriced, forecast: undefined };
}

/** Undefined where there is too little to go by. */
function wholeForecast({ forecast, low, high }: CostForecast): Forecast | undefined {
  if (forecast === undefined || low === undefined || high === undefined) return undefined;
  return { amount: forecast, low, high };
}
