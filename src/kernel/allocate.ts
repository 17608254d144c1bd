import { Decimal } from './decimal.ts';

/**
 * Splits `total` in proportion to `weights`, each share with at most `scale` digits after the point,
 * so that the shares sum to the total exactly (invariant "conserved").
 *
 * Rule: largest remainder. Each share first gets its proportion rounded towards zero; the units of
 * 10^-scale that are left go one by one to the largest remainders, ties to the earlier position. A
 * negative total is split like its opposite. A weight of zero always gets zero.
 *
 * Throws RangeError when no weight is positive, when one is negative, or when the total itself has
 * more than `scale` digits after the point.
 */
export function allocate(total: Decimal, weights: readonly bigint[], scale: number): Decimal[] {
  const sum = sumOfWeights(weights);
  const units = total.unscaledAt(scale);
  const negative = units < 0n;
  const magnitude = negative ? -units : units;
  let left = magnitude;
  const shares = weights.map((weight, position) => {
    const share = (magnitude * weight) / sum;
    left -= share;
    return { position, share, remainder: (magnitude * weight) % sum };
  });
  // The sort is stable, so equal remainders stay in the order of their positions.
  const byRemainder = shares.toSorted((a, b) => compareDescending(a.remainder, b.remainder));
  for (const entry of byRemainder.slice(0, safeCount(left))) entry.share += 1n;
  return shares.map(({ share }) => Decimal.fromBigInt(negative ? -share : share, scale));
}

function sumOfWeights(weights: readonly bigint[]): bigint {
  let sum = 0n;
  for (const weight of weights) {
    if (weight < 0n) throw new RangeError(`A weight must not be negative: ${weight}.`);
    sum += weight;
  }
  if (sum === 0n) throw new RangeError('An allocation needs at least one positive weight.');
  return sum;
}

function compareDescending(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a > b ? -1 : 1;
}

/** What is left is smaller than the number of weights, hence a safe integer. */
function safeCount(left: bigint): number {
  return Number.parseInt(left.toString(), 10);
}
