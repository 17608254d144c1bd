import type { FlatPrice, PriceStep } from '../price.ts';
import type { Stretch } from './stretch.ts';

/** Every unit costs the same. */
export function flatSteps({ unitPrice }: FlatPrice, { from, to }: Stretch): PriceStep[] {
  const quantity = to.subtract(from);
  return [{ kind: 'flat', quantity, unitPrice, amount: unitPrice.multiply(quantity) }];
}
