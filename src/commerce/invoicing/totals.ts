import { Decimal, roundMoney, sumOf, type Currency } from '../../kernel/index.ts';
import type { InvoiceLine, LineTax } from './line.ts';

/** Tax of the lines of one category and rate. */
export interface TaxTotal extends LineTax {
  /** Sum of the lines. */
  readonly base: Decimal;
  /** Rounded once. */
  readonly amount: Decimal;
}

export interface Totals {
  /** By category, then rate. */
  readonly taxes: readonly TaxTotal[];
  /** Sum of the lines. */
  readonly net: Decimal;
  readonly tax: Decimal;
  readonly gross: Decimal;
}

const PERCENT = Decimal.fromBigInt(1n, 2);

/** Sums of lines. Tax is reckoned on the sum of a category and rate, and rounded there (BR-CO-17). */
export function totalsOf(
  lines: readonly Pick<InvoiceLine, 'amount' | 'tax'>[],
  currency: Currency,
): Totals {
  const groups = Map.groupBy(lines, ({ tax }) => `${tax.category} ${tax.percent.toText()}`);
  const taxes = [...groups.values()].flatMap((group) => {
    const tax = group[0]?.tax;
    if (tax === undefined) return [];
    const base = sumOf(group.map(({ amount }) => amount));
    const amount = roundMoney(base.multiply(tax.percent).multiply(PERCENT), currency);
    return [{ ...tax, base, amount }];
  });
  const sorted = taxes.toSorted(
    (one, other) =>
      one.category.localeCompare(other.category, 'en') || other.percent.compare(one.percent),
  );
  const net = sumOf(lines.map(({ amount }) => amount));
  const tax = sumOf(sorted.map(({ amount }) => amount));
  return { taxes: sorted, net, tax, gross: net.add(tax) };
}

/** The same the other way round, for a credit note; half to even rounds both alike. */
export function negateLine<Line extends InvoiceLine>(line: Line): Line {
  const { quantity, exactAmount, amount, unitPrice } = line;
  return {
    ...line,
    quantity: quantity.negate(),
    exactAmount: exactAmount.negate(),
    amount: amount.negate(),
    unitPrice,
  };
}

/** {@link negateLine} of sums. */
export function negateTotals({ taxes, net, tax, gross }: Totals): Totals {
  return {
    taxes: taxes.map((one) => ({
      ...one,
      base: one.base.negate(),
      amount: one.amount.negate(),
    })),
    net: net.negate(),
    tax: tax.negate(),
    gross: gross.negate(),
  };
}
