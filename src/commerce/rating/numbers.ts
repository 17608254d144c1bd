import { Decimal } from '../../kernel/index.ts';

/** How the database writes a number. */
const NUMBER = /^(-?)([0-9]+)(?:\.([0-9]+))?$/;

/**
 * A number of the database, exact and however long; it may have zeros at its end.
 *
 * @throws RangeError when it has more digits after the point than a decimal can have
 */
export function decimalOf(text: string): Decimal {
  const value = Decimal.parse(text);
  if (value !== undefined) return value;
  // Sums of many may be longer than what is taken from outside.
  const [, sign, whole, fraction = ''] = NUMBER.exec(text) ?? [];
  if (whole === undefined) throw new RangeError(`A charge has the number ${text}.`);
  const unscaled = BigInt(whole + fraction);
  return Decimal.fromBigInt(sign === '-' ? -unscaled : unscaled, fraction.length);
}

/** As {@link decimalOf}; undefined where there is none, and where it is too long to be computed with. */
export function knownDecimal(text: string | null): Decimal | undefined {
  if (text === null) return undefined;
  try {
    return decimalOf(text);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A number of the database as a count. @throws RangeError for one that a count cannot hold */
export function countOf(value: bigint): number {
  const count = Number.parseInt(value.toString(), 10);
  if (!Number.isSafeInteger(count)) throw new RangeError(`${value} is too many to count.`);
  return count;
}
