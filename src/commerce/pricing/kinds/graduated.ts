import type { GraduatedPrice, PriceStep } from '../price.ts';
import { greatest, least, withBounds, type Stretch } from './stretch.ts';

/**
 * Each tier prices its own part of the quantity. What it costs to enter a tier is charged with its first unit, to
 * whichever stretch that belongs.
 */
export function graduatedSteps({ tiers }: GraduatedPrice, stretch: Stretch): PriceStep[] {
  return withBounds(tiers).flatMap(({ part, from, upTo }) => {
    const begin = greatest(stretch.from, from);
    const end = least(stretch.to, upTo);
    if (begin.compare(end) >= 0) return [];
    const quantity = end.subtract(begin);
    const fixed = begin.equals(from) ? part.fixed : undefined;
    const amount = part.unitPrice.multiply(quantity);
    return {
      kind: 'tier',
      from,
      upTo,
      quantity,
      unitPrice: part.unitPrice,
      fixed,
      amount: fixed === undefined ? amount : amount.add(fixed),
    };
  });
}
