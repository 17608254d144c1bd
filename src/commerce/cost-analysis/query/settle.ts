import { Decimal, sumOf } from '../../../kernel/index.ts';

/** Digits after the point of an amount that does not end. */
export const DIGITS = 20;

/** More than the last digits of everything that is asked for at once can be off by. */
const TOLERANCE = Decimal.fromBigInt(1n, 15);

/**
 * Makes parts that are right but for their last digits add up to the whole: each is rounded down at the digits of the
 * whole, at least {@link DIGITS}, and the units that are left go to those that lost most by it, ties to the earlier one.
 * Parts that are exact stay as they are.
 *
 * Not `allocate`: these are amounts already, of which only the last digits are open.
 *
 * @throws Error when more than last digits are missing: what was summed does not belong together
 */
export function settle(whole: Decimal, parts: readonly Decimal[]): Decimal[] {
  requireSame(whole, sumOf(parts));
  const scale = Math.max(DIGITS, whole.scale);
  const width = Math.max(scale, ...new Set(parts.map((part) => part.scale)));
  const unit = 10n ** BigInt(width - scale);
  let left = whole.unscaledAt(scale);
  const settled = parts.map((part, place) => {
    const raw = part.unscaledAt(width);
    const lost = ((raw % unit) + unit) % unit;
    const units = (raw - lost) / unit;
    left -= units;
    return { place, units, lost };
  });
  for (const one of settled.toSorted((a, b) => compare(b.lost, a.lost))) {
    if (left <= 0n || one.lost === 0n) break;
    one.units += 1n;
    left -= 1n;
  }
  // What was rounded before it came here.
  if (left !== 0n && settled.length > 0) largestOf(settled).units += left;
  return settled.map(({ units }) => Decimal.fromBigInt(units, scale));
}

/** @throws Error for two sums that are not the same but for their last digits */
export function requireSame(one: Decimal, other: Decimal): void {
  const off = one.subtract(other);
  if ((off.isNegative() ? off.negate() : off).compare(TOLERANCE) < 0) return;
  throw new Error(
    `Sums of costs do not belong together: ${one.toText()} and ${other.toText()}. Verify them.`,
  );
}

function largestOf<Part extends { readonly units: bigint }>(parts: readonly Part[]): Part {
  return parts.reduce((largest, part) => (part.units > largest.units ? part : largest));
}

function compare(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
