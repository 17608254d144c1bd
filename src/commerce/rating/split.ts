import { allocate, maximumScale, type Decimal } from '../../kernel/index.ts';

/** Digits after the point that a share has at least, where its proportion does not end before. */
const LEAST_SCALE = 12;

/**
 * Splits the amount of a group over its charges in proportion to their quantities: the shares sum to the amount exactly.
 * Where every unit costs the same, each share is its quantity times that price, to the last digit. Where no quantity is
 * left to go by, the charges share alike.
 *
 * @param quantities none negative
 * @param unitPrices that the amount was made of; they say how many digits a share may need
 */
export function splitAmount(
  amount: Decimal,
  quantities: readonly Decimal[],
  unitPrices: readonly Decimal[],
): Decimal[] {
  const [only] = quantities;
  if (only === undefined) return [];
  if (quantities.length === 1) return [amount];
  const quantityScale = highestScale(quantities);
  const wanted = quantityScale + highestScale(unitPrices);
  const scale = Math.min(maximumScale, Math.max(LEAST_SCALE, amount.scale, wanted));
  const weights = quantities.map((quantity) => quantity.unscaledAt(quantityScale));
  const hasWeight = weights.some((weight) => weight > 0n);
  return allocate(amount, hasWeight ? weights : weights.map(() => 1n), scale);
}

function highestScale(numbers: readonly Decimal[]): number {
  return numbers.reduce((highest, { scale }) => Math.max(highest, scale), 0);
}
