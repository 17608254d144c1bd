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
const AVERAGE = 'average';

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
  return { kind: 'unit', key: AVERAGE, unitPrice: average };
}

/** What one price of all units leaves of an amount at most: nothing, or of an average a unit of its last digit for each. */
export function mostCutOff({ key }: { readonly key: string }, quantity: Decimal): Decimal {
  if (key !== AVERAGE) return Decimal.zero;
  const most = Decimal.fromBigInt(1n, AVERAGE_SCALE).multiply(quantity);
  return most.isNegative() ? most.negate() : most;
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
 * Cuts the parts of a line, given one after the other, where a tier ends: each piece has one price. The parts of a line
 * add up to its quantity, and may be below zero on the way, as those of a correction: what is taken back is of the tier
 * that was filled last, and what goes beyond the tiers for a while is of the last of them. So the pieces of each tier
 * come to its quantity in any case. A lump has no pieces.
 */
export function pieceCutter<Part extends { readonly quantity: Decimal }>(
  pricing: LinePricing,
): (part: Part) => Piece<Part>[] {
  if (pricing.kind === 'lump') return () => [];
  if (pricing.kind === 'unit') {
    const { key, unitPrice } = pricing;
    return (part) => [{ part, key, quantity: part.quantity, unitPrice }];
  }
  const stretches = stretchesOf(pricing.tiers);
  let at = Decimal.zero;
  return (part) => {
    const from = at;
    at = at.add(part.quantity);
    const isBack = part.quantity.isNegative();
    const [low, high] = isBack ? [at, from] : [from, at];
    const pieces = stretches.flatMap(({ tier: { key, unitPrice }, start, end }): Piece<Part>[] => {
      const first = start === undefined || start.compare(low) < 0 ? low : start;
      const last = end === undefined || end.compare(high) > 0 ? high : end;
      if (first.compare(last) >= 0) return [];
      const length = last.subtract(first);
      return [{ part, key, quantity: isBack ? length.negate() : length, unitPrice }];
    });
    return isBack ? pieces.toReversed() : pieces;
  };
}

/** Where a tier begins and ends among all units of a line; the first and the last have no bound on their outer side. */
interface Stretch {
  readonly tier: Tier;
  readonly start: Decimal | undefined;
  readonly end: Decimal | undefined;
}

function stretchesOf(tiers: readonly Tier[]): Stretch[] {
  const filled = tiers.filter(({ quantity }) => !quantity.isZero());
  let start: Decimal | undefined;
  return filled.map((tier, index) => {
    const end = (start ?? Decimal.zero).add(tier.quantity);
    const stretch = { tier, start, end: index === filled.length - 1 ? undefined : end };
    start = end;
    return stretch;
  });
}
