import type { PriceStep, VolumePrice } from '../price.ts';
import { partOf, type Stretch } from './stretch.ts';

/**
 * The tier in which the total of the period ends prices all of it, also the stretches before. So a further unit can
 * make the whole cheaper; checking a list tells where.
 */
export function volumeSteps({ tiers }: VolumePrice, stretch: Stretch): PriceStep[] {
  const { part, from, upTo } = partOf(tiers, stretch.total);
  const quantity = stretch.to.subtract(stretch.from);
  const fixed = stretch.from.isZero() ? part.fixed : undefined;
  const amount = part.unitPrice.multiply(quantity);
  return [
    {
      kind: 'tier',
      from,
      upTo,
      quantity,
      unitPrice: part.unitPrice,
      fixed,
      amount: fixed === undefined ? amount : amount.add(fixed),
    },
  ];
}
