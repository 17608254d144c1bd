import { Decimal } from '../../kernel/index.ts';

/** A numeric column, exact; it may have zeros at its end. */
export function decimalOf(text: string): Decimal {
  const value = Decimal.parse(text);
  if (value === undefined) throw new RangeError(`The database has the number ${text}.`);
  return value;
}

export function optionalDecimal(text: string | null): Decimal | undefined {
  return text === null ? undefined : decimalOf(text);
}
