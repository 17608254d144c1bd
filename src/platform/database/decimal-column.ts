import { Decimal } from '../../kernel/index.ts';

/** How the database writes a number. */
const NUMBER = /^(-?)([0-9]+)(?:\.([0-9]+))?$/;

/**
 * A numeric column, exact and however long; it may have zeros at its end.
 *
 * @throws RangeError when it has more digits after the point than a decimal can have, or is no number
 */
export function decimalOf(text: string): Decimal {
  const value = Decimal.parse(text);
  if (value !== undefined) return value;
  // Sums of many may be longer than what is taken from outside.
  const [, sign, whole, fraction = ''] = NUMBER.exec(text) ?? [];
  if (whole === undefined) throw new RangeError(`The database has the number ${text}.`);
  const unscaled = BigInt(whole + fraction);
  return Decimal.fromBigInt(sign === '-' ? -unscaled : unscaled, fraction.length);
}
