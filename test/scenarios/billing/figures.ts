import { Decimal, parseCurrency, type Currency } from '../../../src/kernel/index.ts';

/** A currency by its code. */
export function currencyOf(code: string): Currency {
  const found = parseCurrency(code);
  if (found === undefined) throw new TypeError(`${code} is no currency`);
  return found;
}

/** A decimal by its text. */
export function decimal(text: string): Decimal {
  const number = Decimal.parse(text);
  if (number === undefined) throw new TypeError(`${text} is no decimal`);
  return number;
}
