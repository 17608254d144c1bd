import { Decimal } from '../../../kernel/index.ts';

/** Digits after the point of amounts as the database adds them up. */
export const RAW_DIGITS = 40;

/** Digits after the point of an amount that does not end. */
export const DIGITS = 20;

/**
 * Makes parts that are right but for their last digits add up to the whole: each is rounded down at the digits of the
 * whole, at least {@link DIGITS}, and the units that are left go to those that lost most by it, ties to the earlier one.
 * Parts that are exact stay as they are.
 *
 * Not `allocate`: these are amounts already, of which only the last digit is open, and there may be a hundred thousand.
 */
export function settle(whole: Decimal, parts: readonly Decimal[]): Decimal[] {
  if (parts.length === 0) return [];
  const scale = Math.max(DIGITS, whole.scale);
  const width = Math.max(scale, RAW_DIGITS, ...new Set(parts.map((part) => part.scale)));
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
  // What was rounded before it came here, and never more than a few units.
  if (left !== 0n) largestOf(settled).units += left;
  return settled.map(({ units }) => Decimal.fromBigInt(units, scale));
}

/** Parts of a whole in proportion to numbers that need not add up to it: where none is above zero, all to the last. */
export function spread(whole: Decimal, parts: readonly Decimal[]): Decimal[] {
  const last = parts.length - 1;
  if (last < 0) return [];
  if (parts.every((part) => part.isZero())) {
    return parts.map((_, at) => (at === last ? whole : Decimal.zero));
  }
  return settle(whole, parts);
}

function largestOf<Part extends { readonly units: bigint }>(parts: readonly Part[]): Part {
  return parts.reduce((largest, part) => (part.units > largest.units ? part : largest));
}

function compare(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
