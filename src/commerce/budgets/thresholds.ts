import { Decimal } from '../../kernel/index.ts';
import type { BudgetAlert, BudgetFigures } from './budget.ts';

const HUNDRED = Decimal.fromBigInt(100n);

/**
 * The alerts whose threshold is reached, exactly: 80 percent of 100 is reached by 80 and not by 79.99. What
 * has no forecast reaches none of its thresholds by it.
 */
export function reachedAlerts<Alert extends BudgetAlert>(
  alerts: readonly Alert[],
  amount: Decimal,
  figures: BudgetFigures,
): Alert[] {
  return alerts.filter((alert) => {
    const value = alert.of === 'actual' ? figures.spent : figures.forecast?.amount;
    return value !== undefined && isReached(alert, amount, value);
  });
}

function isReached(
  { unit, threshold }: Pick<BudgetAlert, 'unit' | 'threshold'>,
  amount: Decimal,
  value: Decimal,
): boolean {
  return unit === 'percent'
    ? value.multiply(HUNDRED).compare(threshold.multiply(amount)) >= 0
    : value.compare(threshold) >= 0;
}
