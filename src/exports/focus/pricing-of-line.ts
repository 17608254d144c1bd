import { Decimal, down } from '../../kernel/index.ts';
import {
  priceUsage,
  type PriceItem,
  type PriceScale,
  type PriceStep,
} from '../../commerce/pricing/index.ts';

/** Digits after the point that a unit price of an export has at most. */
export const PRICE_SCALE = 16;
/** And one that is found by dividing: what it leaves is on a row of its own. */
const AVERAGE_SCALE = 12;

/** A stretch of quantity that costs the same for each unit. */
export interface Tier {
  /** Tells it from others of the meter, for ever: part of the id of the price. */
  readonly key: string;
  readonly quantity: Decimal;
  readonly unitPrice: Decimal;
}

/** A part of an amount that no quantity explains. */
export interface Extra {
  readonly what: 'fixed' | 'minimum' | 'maximum';
  readonly amount: Decimal;
}

/**
 * How the amount of a line is told as prices and quantities:
 *
 * - tiers: each unit has the price of its tier, filled in order of day and resource; extras come on top;
 * - unit: all units have one price. Where usage is priced together with that of others, or by packages, it is the
 *   average, cut after 12 digits;
 * - lump: there is no price that could be multiplied by the quantity.
 */
export type LinePricing =
  | { readonly kind: 'tiers'; readonly tiers: readonly Tier[]; readonly extras: readonly Extra[] }
  | { readonly kind: 'unit'; readonly key: string; readonly unitPrice: Decimal }
  | { readonly kind: 'lump' };

/** By what a charge was priced. */
export interface PriceTerms {
  readonly item: PriceItem;
  readonly scale: PriceScale;
}

/** What a line has of a charge; of a correction either may be below zero. */
export interface PricedLine {
  readonly quantity: Decimal;
  readonly amount: Decimal;
  /** The single price, where the line has one. */
  readonly unitPrice: Decimal | undefined;
}

const STANDARD = 'standard';

/**
 * Tells the amount of a line as prices and quantities.
 *
 * @param terms where tiers may explain it: only when they come to the very amount do they count
 */
export function pricingOfLine(line: PricedLine, terms: PriceTerms | undefined): LinePricing {
  const { quantity, amount, unitPrice } = line;
  if (quantity.isZero()) return { kind: 'lump' };
  if (unitPrice !== undefined && isExact(line, unitPrice)) {
    return { kind: 'unit', key: STANDARD, unitPrice };
  }
  if (!amount.isZero() && amount.isNegative() !== quantity.isNegative()) return { kind: 'lump' };
  const tiers = terms === undefined ? undefined : tiersOf(line, terms);
  if (tiers !== undefined) return tiers;
  const exact = amount.divide(quantity, PRICE_SCALE, down);
  if (isExact(line, exact)) return { kind: 'unit', key: STANDARD, unitPrice: exact };
  const average = amount.divide(quantity, AVERAGE_SCALE, down);
  return { kind: 'unit', key: 'average', unitPrice: average };
}

function isExact({ quantity, amount }: PricedLine, price: Decimal): boolean {
  return (
    price.scale <= PRICE_SCALE && !price.isNegative() && price.multiply(quantity).equals(amount)
  );
}

function tiersOf(
  { quantity, amount }: PricedLine,
  { item, scale }: PriceTerms,
): LinePricing | undefined {
  if (quantity.isNegative()) return undefined;
  const steps = stepsOf(item, quantity, amount, scale);
  if (steps === undefined) return undefined;
  const tiers: Tier[] = [];
  const extras: Extra[] = [];
  for (const step of steps) {
    const { kind, fixed } = step;
    if (kind === 'minimum' || kind === 'maximum') {
      extras.push({ what: kind, amount: step.amount });
      continue;
    }
    const unitPrice = kind === 'included' ? Decimal.zero : step.unitPrice;
    if (unitPrice === undefined || kind === 'package' || kind === 'step') return undefined;
    if (unitPrice.scale > PRICE_SCALE) return undefined;
    tiers.push({ key: keyOf(step), quantity: step.quantity, unitPrice });
    if (fixed !== undefined && !fixed.isZero()) extras.push({ what: 'fixed', amount: fixed });
  }
  return { kind: 'tiers', tiers, extras };
}

/** Undefined where the usage was priced together with other usage, or by other prices. */
function stepsOf(
  item: PriceItem,
  quantity: Decimal,
  amount: Decimal,
  scale: PriceScale,
): readonly PriceStep[] | undefined {
  try {
    const alone = { before: Decimal.zero, quantity, total: quantity };
    const priced = priceUsage(item, alone, scale);
    return priced.amount.equals(amount) ? priced.steps : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function keyOf({ kind, from }: PriceStep): string {
  if (kind === 'included') return 'included';
  return kind === 'tier' && from !== undefined ? `from-${from.toText()}` : STANDARD;
}

/** A part of a line under one price. */
export interface Piece<Part> {
  readonly part: Part;
  readonly key: string;
  readonly quantity: Decimal;
  readonly unitPrice: Decimal;
}

/**
 * Cuts the parts of a line, given one after the other, where a tier ends: each piece has one price. Parts have to add
 * up to the quantity of the line; a lump has no pieces.
 */
export function pieceCutter<Part extends { readonly quantity: Decimal }>(
  pricing: LinePricing,
): (part: Part) => Piece<Part>[] {
  if (pricing.kind === 'lump') return () => [];
  if (pricing.kind === 'unit') {
    const { key, unitPrice } = pricing;
    return (part) => [{ part, key, quantity: part.quantity, unitPrice }];
  }
  const { tiers } = pricing;
  let at = 0;
  let left = tiers[0]?.quantity ?? Decimal.zero;
  return (part) => {
    const pieces: Piece<Part>[] = [];
    let wanted = part.quantity;
    while (!wanted.isZero()) {
      const tier = tiers[at];
      if (tier === undefined) throw new RangeError('the parts of a line are more than the line');
      const quantity = wanted.compare(left) < 0 ? wanted : left;
      const { key, unitPrice } = tier;
      if (!quantity.isZero()) pieces.push({ part, key, quantity, unitPrice });
      wanted = wanted.subtract(quantity);
      left = left.subtract(quantity);
      if (left.isZero()) {
        at += 1;
        left = tiers[at]?.quantity ?? Decimal.zero;
      }
    }
    return pieces;
  };
}
