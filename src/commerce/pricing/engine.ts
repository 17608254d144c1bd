import { Decimal, halfEven, sumOf } from '../../kernel/index.ts';
import { flatSteps } from './kinds/flat.ts';
import { graduatedSteps } from './kinds/graduated.ts';
import { packageSteps } from './kinds/package.ts';
import { percentageSteps } from './kinds/percentage.ts';
import { stairstepSteps } from './kinds/stairstep.ts';
import { greatest, least, type Stretch } from './kinds/stretch.ts';
import { volumeSteps } from './kinds/volume.ts';
import type {
  PeriodShare,
  Price,
  PricedAmount,
  PricedUsage,
  PriceItem,
  PriceScale,
  PriceStep,
} from './price.ts';

/** Digits after the point of a minimum or maximum for a part of a period, the one division here. */
const SHARE_SCALE = 20;

/**
 * What a stretch of usage costs: the one place where prices become amounts.
 *
 * Every kind of price says what a total of a period costs, P(total), once what is included has been taken from its
 * start. A stretch costs P(before + quantity) - P(before), so stretches under one price always add up, however they are
 * cut. Volume prices take the tier from `total` throughout. A quantity below zero, which late corrections can leave,
 * costs the opposite of the same quantity above.
 *
 * Minimum and maximum hold for the stretch, in proportion to `share`, and only where something was used.
 *
 * The amount is exact and in the currency of the buyer; its steps add up to it. RangeError when it needs more than 60
 * digits after the point: list prices have at most 12 and rates of exchange 8, which leaves 40 for quantity and factor.
 *
 * @param share 1 unless given
 */
export function priceUsage(
  item: PriceItem,
  { before, quantity, total }: PricedUsage,
  scale: PriceScale,
  share?: PeriodShare,
): PricedAmount {
  const after = before.add(quantity);
  const steps = between(item, before, after, magnitude(total));
  const bounded = quantity.isZero()
    ? steps
    : [...steps, ...boundSteps(item, sumOf(steps.map(amountOf)), quantity.isNegative(), share)];
  const multiplier = scale.factor.multiply(scale.exchangeRate);
  const scaled = bounded.map((step) => scaleStep(step, multiplier));
  return { amount: sumOf(scaled.map(amountOf)), steps: scaled };
}

function amountOf({ amount }: PriceStep): Decimal {
  return amount;
}

function magnitude(number: Decimal): Decimal {
  return number.isNegative() ? number.negate() : number;
}

/** Steps from one total of the period to another, either of which may be below zero. */
function between(item: PriceItem, from: Decimal, to: Decimal, total: Decimal): PriceStep[] {
  const order = from.compare(to);
  if (order === 0) return [];
  if (order > 0) return between(item, to, from, total).map(opposite);
  if (!from.isNegative()) return above(item, from, to, total);
  // Below zero prices are a mirror: P(-x) = -P(x).
  if (to.compare(Decimal.zero) <= 0) return above(item, to.negate(), from.negate(), total);
  return [
    ...above(item, Decimal.zero, from.negate(), total),
    ...above(item, Decimal.zero, to, total),
  ];
}

/** 0 <= from < to. */
function above(item: PriceItem, from: Decimal, to: Decimal, total: Decimal): PriceStep[] {
  const { included, price } = item;
  const free = least(to, included);
  const steps: PriceStep[] =
    from.compare(free) < 0
      ? [
          {
            kind: 'included',
            upTo: included,
            quantity: free.subtract(from),
            amount: Decimal.zero,
          },
        ]
      : [];
  const charged = (quantity: Decimal): Decimal =>
    greatest(quantity.subtract(included), Decimal.zero);
  const stretch = { from: charged(from), to: charged(to), total: charged(total) };
  if (stretch.from.compare(stretch.to) < 0) steps.push(...stepsOf(price, stretch));
  return steps;
}

function stepsOf(price: Price, stretch: Stretch): PriceStep[] {
  switch (price.kind) {
    case 'flat':
      return flatSteps(price, stretch);
    case 'graduated':
      return graduatedSteps(price, stretch);
    case 'volume':
      return volumeSteps(price, stretch);
    case 'package':
      return packageSteps(price, stretch);
    case 'stairstep':
      return stairstepSteps(price, stretch);
    default:
      return percentageSteps(price, stretch);
  }
}

/** What is missing to the minimum, or to be taken off down to the maximum. */
function boundSteps(
  { minimum, maximum }: PriceItem,
  amount: Decimal,
  isNegative: boolean,
  share: PeriodShare | undefined,
): PriceStep[] {
  const bare = isNegative ? amount.negate() : amount;
  const bound = (kind: 'minimum' | 'maximum', by: Decimal): PriceStep[] => {
    const step: PriceStep = {
      kind,
      quantity: Decimal.zero,
      amount: partOfBound(by, share).subtract(bare),
    };
    return step.amount.isZero() ? [] : [isNegative ? opposite(step) : step];
  };
  if (maximum !== undefined && bare.compare(partOfBound(maximum, share)) > 0) {
    return bound('maximum', maximum);
  }
  if (minimum !== undefined && bare.compare(partOfBound(minimum, share)) < 0) {
    return bound('minimum', minimum);
  }
  return [];
}

function partOfBound(bound: Decimal, share: PeriodShare | undefined): Decimal {
  if (share === undefined || share.hours === share.of) return bound;
  const hours = Decimal.fromBigInt(BigInt(share.hours));
  return bound.multiply(hours).divide(Decimal.fromBigInt(BigInt(share.of)), SHARE_SCALE, halfEven);
}

function opposite(step: PriceStep): PriceStep {
  return {
    ...step,
    quantity: step.quantity.negate(),
    fixed: step.fixed?.negate(),
    packages: step.packages?.negate(),
    amount: step.amount.negate(),
  };
}

function scaleStep(step: PriceStep, multiplier: Decimal): PriceStep {
  return {
    ...step,
    unitPrice: step.unitPrice?.multiply(multiplier),
    fixed: step.fixed?.multiply(multiplier),
    amount: step.amount.multiply(multiplier),
  };
}
