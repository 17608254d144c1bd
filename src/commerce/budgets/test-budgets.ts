import { Decimal } from '../../kernel/index.ts';
import type { BudgetAlert } from './budget.ts';

export function decimal(text: string): Decimal {
  const value = Decimal.parse(text);
  if (value === undefined) throw new TypeError(`${text} is no decimal`);
  return value;
}

/** An alert such as `80%`, `1200` or `forecast 100%`, that nobody hears unless it is said. */
export function alertOf(text: string, heard: Partial<BudgetAlert> = {}): BudgetAlert {
  const [, forecast, threshold = '', percent] = /^(forecast )?([0-9.]+)(%?)$/.exec(text) ?? [];
  return {
    of: forecast === undefined ? 'actual' : 'forecast',
    unit: percent === '%' ? 'percent' : 'amount',
    threshold: decimal(threshold),
    emails: [],
    webhook: false,
    ...heard,
  };
}
