import { Decimal } from '../../../kernel/index.ts';
import type { PriceStep, StairstepPrice } from '../price.ts';
import { partOf, type Stretch } from './stretch.ts';

/**
 * Everything together costs what the step says on which the quantity stands; nothing costs nothing. A stretch costs
 * what it climbs.
 */
export function stairstepSteps({ steps }: StairstepPrice, stretch: Stretch): PriceStep[] {
  const { part, from, upTo } = partOf(steps, stretch.to);
  const before = stretch.from.isZero() ? Decimal.zero : partOf(steps, stretch.from).part.amount;
  return [
    {
      kind: 'step',
      from,
      upTo,
      quantity: stretch.to.subtract(stretch.from),
      amount: part.amount.subtract(before),
    },
  ];
}
