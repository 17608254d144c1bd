import { Decimal, halfEven } from '../../kernel/index.ts';
import type { InvoiceDocumentLine } from './invoice-document.ts';

/** How a line is said in an electronic invoice: its net amount is quantity * price / base quantity. */
export interface LinePrice {
  readonly quantity: Decimal;
  /** Never negative (BR-27); at most two digits after the point. */
  readonly price: Decimal;
  /** So many units cost the price: a power of ten. */
  readonly baseQuantity: Decimal;
}

const one = Decimal.fromBigInt(1n);
/** The digits after the point that every receiver takes for a price. */
const priceDigits = 2;
const mostDigits = 60;

/**
 * Quantity and price of a line whose product gives its amount to the last minor unit.
 *
 * The price of the line is kept where there is one and it explains the amount. Tiers, steps and included
 * quantities have no single price: there it is the average, with as many digits as it takes. Where
 * even that explains nothing, since no quantity was used, the amount is said once.
 *
 * @param minorUnits digits after the point of the currency
 */
export function linePrice(line: InvoiceDocumentLine, minorUnits: number): LinePrice {
  const { quantity, unitPrice, amount } = line;
  if (unitPrice !== undefined && explains(quantity, unitPrice, amount, minorUnits)) {
    return withBase(quantity, unitPrice);
  }
  if (amount.isZero()) return withBase(quantity, Decimal.zero);
  if (quantity.isZero()) return withBase(one, amount);
  const wholeDigits = Math.max(quantity.digits() - quantity.scale, 0);
  const scale = Math.min(minorUnits + wholeDigits + 1, mostDigits);
  return withBase(quantity, amount.divide(quantity, scale, halfEven));
}

function explains(quantity: Decimal, price: Decimal, amount: Decimal, digits: number): boolean {
  if (quantity.scale + price.scale > mostDigits) return false;
  return quantity.multiply(price).roundTo(digits, halfEven).equals(amount);
}

/** A price below zero becomes a quantity below zero; digits that are too many go to the base quantity. */
function withBase(quantity: Decimal, price: Decimal): LinePrice {
  if (price.isNegative()) return withBase(quantity.negate(), price.negate());
  const shift = price.scale - priceDigits;
  if (shift <= 0) return { quantity, price, baseQuantity: one };
  const base = Decimal.fromBigInt(10n ** BigInt(shift));
  return { quantity, price: price.multiply(base), baseQuantity: base };
}
