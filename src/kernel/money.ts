import type { Brand } from './brand.ts';
import { Decimal } from './decimal.ts';
import { halfEven } from './rounding.ts';

/** A currency by its code of ISO 4217: three capital letters. */
export type Currency = Brand<string, 'Currency'>;

/** All currencies in use that the language's own tables list. */
const known: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));

/** Reads the code of a currency in any case; undefined for a text that is none. */
export function parseCurrency(text: string): Currency | undefined {
  const code = text.toUpperCase();
  return known.has(code) ? (code as Currency) : undefined;
}

const minorUnits = new Map<Currency, number>();

/** Digits after the point of the smallest unit that is paid: 2 for EUR, 0 for JPY, 3 for TND (ISO 4217). */
export function minorUnitsOf(currency: Currency): number {
  let digits = minorUnits.get(currency);
  if (digits === undefined) {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency });
    digits = format.resolvedOptions().maximumFractionDigits ?? 2;
    minorUnits.set(currency, digits);
  }
  return digits;
}

/**
 * The amount in whole minor units, half to even: the one rounding that an amount on an invoice meets,
 * once for each line and once for each tax.
 */
export function roundMoney(amount: Decimal, currency: Currency): Decimal {
  return amount.roundTo(minorUnitsOf(currency), halfEven);
}

/** The sum of decimals; zero for none. */
export function sumOf(amounts: Iterable<Decimal>): Decimal {
  let sum = Decimal.zero;
  for (const amount of amounts) sum = sum.add(amount);
  return sum;
}
