/**
 * The named ways to turn an exact quotient into a whole number.
 *
 * None of them is a default anywhere: which way an amount is rounded is a decision of the business,
 * so each call that rounds must name it.
 */

/**
 * Rounds the exact quotient `numerator / denominator` to a whole number.
 * The denominator must be positive; the sign of the quotient is that of the numerator.
 */
export type Rounding = (numerator: bigint, denominator: bigint) => bigint;

/** Towards zero: 1.9 becomes 1, -1.9 becomes -1. */
export const down: Rounding = (numerator, denominator) => numerator / denominator;

/** Away from zero: 1.1 becomes 2, -1.1 becomes -2. */
export const up: Rounding = (numerator, denominator) => {
  const whole = numerator / denominator;
  if (numerator % denominator === 0n) return whole;
  return numerator < 0n ? whole - 1n : whole + 1n;
};

/** Towards negative infinity: 1.9 becomes 1, -1.1 becomes -2. */
export const floor: Rounding = (numerator, denominator) =>
  numerator % denominator < 0n ? numerator / denominator - 1n : numerator / denominator;

/** Towards positive infinity: 1.1 becomes 2, -1.9 becomes -1. */
export const ceiling: Rounding = (numerator, denominator) =>
  numerator % denominator > 0n ? numerator / denominator + 1n : numerator / denominator;

/** To the nearest; a half goes to the even neighbour: 0.5 becomes 0, 1.5 and 2.5 become 2. */
export const halfEven: Rounding = (numerator, denominator) => {
  const below = floor(numerator, denominator);
  const twice = 2n * (numerator - below * denominator);
  if (twice === denominator) return below % 2n === 0n ? below : below + 1n;
  return twice < denominator ? below : below + 1n;
};

/** To the nearest; a half goes towards positive infinity: 0.5 becomes 1, -0.5 becomes 0. */
export const halfUp: Rounding = (numerator, denominator) =>
  floor(2n * numerator + denominator, 2n * denominator);

/** To the nearest; a half goes away from zero: 0.5 becomes 1, -0.5 becomes -1. */
export const halfAwayFromZero: Rounding = (numerator, denominator) =>
  numerator < 0n ? -halfUp(-numerator, denominator) : halfUp(numerator, denominator);

/** Every rounding by its name, for settings that name one. */
export const roundings = {
  halfEven,
  halfUp,
  halfAwayFromZero,
  up,
  down,
  ceiling,
  floor,
} as const satisfies Record<string, Rounding>;

/** The name of a rounding, as settings and price versions store it. */
export type RoundingName = keyof typeof roundings;
