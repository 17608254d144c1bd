import { Decimal, maximumScale } from './decimal.ts';
import { halfEven } from './rounding.ts';

/**
 * The share of a total that a part has of a whole: total x part / whole. Exact where it ends within 60 digits after the
 * point, as it does wherever every unit costs the same; otherwise rounded once, half to even, to `scale`. What comes in
 * between is never rounded and may be as long as it likes.
 *
 * This is for one share on its own: to be shown, or rounded again later. Shares that have to add up to the total are
 * what `allocate` gives.
 *
 * @param scale digits after the point, 0 to 60
 * @returns zero where the whole is zero
 */
export function shareOf(total: Decimal, part: Decimal, whole: Decimal, scale: number): Decimal {
  if (whole.isZero() || total.isZero() || part.isZero()) return Decimal.zero;
  if (part.equals(whole)) return total;
  // total x part may need more digits than a Decimal holds, so it stays a fraction of whole numbers.
  const sign = whole.isNegative() ? -1n : 1n;
  let numerator = sign * total.unscaled * part.unscaled;
  let denominator = sign * whole.unscaled;
  const shift = whole.scale - total.scale - part.scale;
  if (shift >= 0) numerator *= 10n ** BigInt(shift);
  else denominator *= 10n ** BigInt(-shift);
  const exact = numerator * 10n ** BigInt(maximumScale);
  if (exact % denominator === 0n) return Decimal.fromBigInt(exact / denominator, maximumScale);
  return Decimal.fromBigInt(halfEven(numerator * 10n ** BigInt(scale), denominator), scale);
}
