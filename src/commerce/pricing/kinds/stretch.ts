import { Decimal } from '../../../kernel/index.ts';

/**
 * A stretch of the quantity that is charged (what is included is taken off already): 0 <= from < to.
 * `total` is what is charged of the whole period, from which volume prices take their tier.
 */
export interface Stretch {
  readonly from: Decimal;
  readonly to: Decimal;
  readonly total: Decimal;
}

/** The smaller of two numbers; undefined has no end. */
export function least(one: Decimal, other: Decimal | undefined): Decimal {
  return other === undefined || one.compare(other) <= 0 ? one : other;
}

export function greatest(one: Decimal, other: Decimal): Decimal {
  return one.compare(other) >= 0 ? one : other;
}

/** Stretches of quantity one behind the other, each with where it begins. */
export function withBounds<T extends { readonly upTo: Decimal | undefined }>(
  parts: readonly T[],
): { readonly part: T; readonly from: Decimal; readonly upTo: Decimal | undefined }[] {
  return parts.map((part, at) => ({
    part,
    from: parts[at - 1]?.upTo ?? Decimal.zero,
    upTo: part.upTo,
  }));
}

/** The part in which a quantity above zero ends: its upper bound still belongs to it. */
export function partOf<T extends { readonly upTo: Decimal | undefined }>(
  parts: readonly T[],
  quantity: Decimal,
): { readonly part: T; readonly from: Decimal; readonly upTo: Decimal | undefined } {
  const bounded = withBounds(parts);
  const found = bounded.find(({ upTo }) => upTo === undefined || quantity.compare(upTo) <= 0);
  // A published list has an open end; a list that was only quoted may not have been checked.
  const last = found ?? bounded.at(-1);
  if (last === undefined) throw new RangeError('a price with tiers has at least one');
  return last;
}
