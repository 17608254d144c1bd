import { Decimal, sumOf } from '../kernel/index.ts';

/** An amount in a range of time, and what of it falls into each bucket. */
export interface Sums {
  readonly amount: Decimal;
  /** One for each bucket; they add up to the amount. */
  readonly points: readonly Decimal[];
}

/** Where a resource or a resource group is. */
export interface GroupParent {
  readonly subscription: string;
  readonly subscriptionName?: string;
  /** As emitted. */
  readonly resourceGroup?: string;
}

/** One value of what is grouped by. */
export interface Group {
  /** What a filter picks it out by. */
  readonly key: string;
  readonly name: string;
  readonly amount: Decimal;
  readonly unit?: string;
  readonly parent?: GroupParent;
}

/** Groups of one page beside all that is not on it. */
export interface GroupPage {
  readonly groups: readonly (Group & { readonly points?: readonly Decimal[] })[];
  /** All groups that are not on this page, before it and after it, found by the search or not. */
  readonly others: (Sums & { readonly count: number }) | undefined;
  readonly total: Sums;
  /** How many groups come before the next page; undefined: this was the last. */
  readonly next: number | undefined;
}

/** What is left of a total without those listed; undefined when nobody is left. */
export function subtractSums(
  total: Sums,
  listed: Sums,
  count: number,
): (Sums & { readonly count: number }) | undefined {
  if (count === 0) return undefined;
  return {
    count,
    amount: total.amount.subtract(listed.amount),
    points: total.points.map((point, at) => point.subtract(listed.points[at] ?? Decimal.zero)),
  };
}

/** @param buckets how many there are, also where there is nothing to add */
export function addSums(sums: readonly Sums[], buckets: number): Sums {
  const points = Array.from({ length: buckets }, (_, at) =>
    sumOf(sums.map((each) => each.points[at] ?? Decimal.zero)),
  );
  return { amount: sumOf(sums.map(({ amount }) => amount)), points };
}
