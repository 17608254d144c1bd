import { Decimal, maximumScale, down } from '../../../kernel/index.ts';
import type { PriceItem } from '../../pricing/index.ts';
import type { Charge } from '../../rating/index.ts';
import type { ChargePart, MeterWords, PeriodOfUse } from '../line.ts';
import { isUnpriced } from './unpriced.ts';

/** What a price list asks for a meter; undefined where it has no price for it. */
export type ItemOf = (charge: Charge) => PriceItem | undefined;

/**
 * What no invoice has yet of a charge that {@link isUnpriced | is priced}.
 *
 * @throws Error where it has no amount: nothing is silently free
 */
export function chargePart(charge: Charge, period: PeriodOfUse, itemOf: ItemOf): ChargePart {
  const { quantity } = charge;
  const amount = charge.amount ?? Decimal.zero;
  if (isUnpriced(charge)) throw new Error(`the charge ${charge.charge} has no amount`);
  const left = quantity.subtract(charge.invoicedQuantity);
  const leftAmount = amount.subtract(charge.invoicedAmount);
  return {
    charge: charge.charge,
    period,
    customerSubscriptionId: charge.customerSubscriptionId,
    subscriptionId: charge.subscriptionId,
    meter: wordsOf(charge),
    quantity: left,
    amount: leftAmount,
    unitPrice: unitPriceOf(charge, left, leftAmount, itemOf),
  };
}

function wordsOf(charge: Charge): MeterWords {
  const { meterId, meterName, category, subCategory, unit, paid } = charge;
  return { meterId, name: meterName, category, subCategory, unit, paid };
}

/**
 * The one price of a unit, markups and exchange included. Only a flat price of which nothing is included
 * has one, and then quantity times price is the amount exactly.
 */
function unitPriceOf(
  charge: Charge,
  quantity: Decimal,
  amount: Decimal,
  itemOf: ItemOf,
): Decimal | undefined {
  if (quantity.isZero()) return undefined;
  if (!charge.billable) return Decimal.zero;
  const item = itemOf(charge);
  if (item?.price.kind !== 'flat' || !item.included.isZero()) return undefined;
  if (item.minimum !== undefined || item.maximum !== undefined) return undefined;
  const price = amount.divide(quantity, SCALE, down);
  const isExact = price.scale + quantity.scale <= maximumScale;
  return isExact && price.multiply(quantity).equals(amount) ? price : undefined;
}

/** Digits after the point of a price times those of its markups and rate of exchange. */
const SCALE = 40;
