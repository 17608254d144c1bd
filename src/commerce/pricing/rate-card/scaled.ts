import { Decimal, shareOf } from '../../../kernel/index.ts';
import type { Price, PriceItem, PriceScale } from '../price.ts';

const ONE = Decimal.fromBigInt(1n);

/**
 * Digits after the point of a figure that would need more than a number has, rounded half to even. All others are exact;
 * usage is priced by the figures of the list in any case.
 */
const SCALE = 30;

/**
 * A price as its buyer pays it: every figure of money times the markups and the rate of exchange. Quantities stay as they
 * are. What the list has and who put what on top cannot be seen from it.
 */
export function scaledItem(item: PriceItem, { factor, exchangeRate }: PriceScale): PriceItem {
  const paid = (figure: Decimal): Decimal => times(times(figure, factor), exchangeRate);
  return {
    ...item,
    price: scaledPrice(item.price, paid),
    minimum: item.minimum && paid(item.minimum),
    maximum: item.maximum && paid(item.maximum),
  };
}

function times(figure: Decimal, by: Decimal): Decimal {
  return shareOf(figure, by, ONE, SCALE);
}

function scaledPrice(price: Price, paid: (figure: Decimal) => Decimal): Price {
  switch (price.kind) {
    case 'flat':
      return { ...price, unitPrice: paid(price.unitPrice) };
    case 'graduated':
    case 'volume': {
      const tiers = price.tiers.map((tier) => ({
        ...tier,
        unitPrice: paid(tier.unitPrice),
        fixed: tier.fixed && paid(tier.fixed),
      }));
      return { ...price, tiers };
    }
    case 'package':
      return { ...price, packagePrice: paid(price.packagePrice) };
    case 'stairstep': {
      const steps = price.steps.map((step) => ({ ...step, amount: paid(step.amount) }));
      return { ...price, steps };
    }
    default:
      return { ...price, percent: paid(price.percent) };
  }
}
