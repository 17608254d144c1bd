import { sumOf } from '../analysis/exact.ts';

/**
 * Amounts of days as what has come together by the end of each.
 *
 * @param days how many the period has; of those that have not come there is nothing to say
 */
export function cumulative(
  points: readonly string[],
  days: number,
): readonly (string | undefined)[] {
  let sum = '0';
  const sums: (string | undefined)[] = points.slice(0, days).map((point) => {
    sum = sumOf([sum, point]);
    return sum;
  });
  return [...sums, ...Array.from<undefined>({ length: days - sums.length })];
}

/** A line from what is known to what is expected at the end: two points, between which nothing is told. */
export function lineTo(
  known: readonly (string | undefined)[],
  end: string | undefined,
): readonly (string | undefined)[] {
  const last = known.findLastIndex((one) => one !== undefined);
  return known.map((one, at) => {
    if (at === known.length - 1) return end;
    return at === last ? one : undefined;
  });
}
