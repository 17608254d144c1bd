import { ceiling, type Decimal } from '../../../kernel/index.ts';
import type { PackagePrice, PriceStep } from '../price.ts';
import type { Stretch } from './stretch.ts';

/** A package is charged to the stretch that begins it; one begun before costs no second time. */
export function packageSteps({ size, packagePrice }: PackagePrice, stretch: Stretch): PriceStep[] {
  const begun = (quantity: Decimal): Decimal => quantity.divide(size, 0, ceiling);
  const packages = begun(stretch.to).subtract(begun(stretch.from));
  return [
    {
      kind: 'package',
      quantity: stretch.to.subtract(stretch.from),
      unitPrice: packagePrice,
      packages,
      amount: packagePrice.multiply(packages),
    },
  ];
}
