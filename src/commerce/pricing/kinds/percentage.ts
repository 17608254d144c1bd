import { Decimal } from '../../../kernel/index.ts';
import type { PercentagePrice, PriceStep } from '../price.ts';
import type { Stretch } from './stretch.ts';

const HUNDREDTH = Decimal.fromBigInt(1n, 2);

/** The quantity is money, as of goods sold on: a share of it is charged. */
export function percentageSteps({ percent }: PercentagePrice, { from, to }: Stretch): PriceStep[] {
  const quantity = to.subtract(from);
  const unitPrice = percent.multiply(HUNDREDTH);
  return [{ kind: 'percentage', quantity, unitPrice, amount: unitPrice.multiply(quantity) }];
}
