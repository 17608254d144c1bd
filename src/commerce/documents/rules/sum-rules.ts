import { Decimal, minorUnitsOf, parseCurrency } from '../../../kernel/index.ts';
import { isCountry } from './code-rules.ts';
import type { InvoiceData, TaxData } from './invoice-data.ts';
import { number, sum, type Rule } from './rule.ts';

const hundredth = Decimal.fromBigInt(1n, 2);

/** How amounts and conditions hang together. */
export const sumRules: readonly Rule[] = [
  {
    id: 'BR-CO-03',
    says: 'The day on which the tax is due (BT-7) and a code for it (BT-8) exclude each other.',
    holds: ({ taxPointDate, taxPointCode }) =>
      taxPointDate === undefined || taxPointCode === undefined,
  },
  {
    id: 'BR-CO-09',
    says: 'Numbers for value added tax (BT-31, BT-48) begin with the code of a country; EL is Greece.',
    holds: ({ seller, buyer }) => [seller.vatId, buyer.vatId].every(hasPrefix),
  },
  {
    id: 'BR-CO-10',
    says: 'The sum of the lines (BT-106) is the sum of their net amounts (BT-131).',
    holds: ({ totals, lines }) => number(totals.lines).equals(sum(lines.map(({ net }) => net))),
  },
  {
    id: 'BR-CO-13',
    says: 'The total without tax (BT-109) is the sum of the lines, less allowances, and charges.',
    holds: ({ totals }) =>
      number(totals.net).equals(
        sum([totals.lines, totals.charges]).subtract(number(totals.allowances)),
      ),
  },
  {
    id: 'BR-CO-14',
    says: 'The total of the tax (BT-110) is the sum of the taxes of the breakdown (BT-117).',
    holds: ({ totals, taxes }) => number(totals.tax).equals(sum(taxes.map(({ amount }) => amount))),
  },
  {
    id: 'BR-CO-15',
    says: 'The total with tax (BT-112) is the total without tax and the total of the tax.',
    holds: ({ totals }) => number(totals.gross).equals(sum([totals.net, totals.tax])),
  },
  {
    id: 'BR-CO-16',
    says: 'The amount due (BT-115) is the total with tax, less what is paid, and what is rounded.',
    holds: ({ totals }) =>
      number(totals.due).equals(
        sum([totals.gross, totals.rounding]).subtract(number(totals.prepaid)),
      ),
  },
  {
    id: 'BR-CO-17',
    says: 'Each tax (BT-117) is its taxable amount (BT-116) times its rate (BT-119), rounded.',
    holds: (invoice) => invoice.taxes.every((tax) => isRounded(tax, invoice)),
  },
  {
    id: 'BR-CO-18',
    says: 'An invoice has at least one tax in its breakdown (BG-23).',
    holds: ({ taxes }) => taxes.length > 0,
  },
  {
    id: 'BR-CO-25',
    says: 'Where something is due there is a day on which it is (BT-9), or terms (BT-20).',
    holds: ({ totals, dueDate, paymentTerms }) =>
      number(totals.due).compare(Decimal.zero) <= 0 ||
      dueDate !== undefined ||
      paymentTerms !== undefined,
  },
  {
    id: 'BR-CO-26',
    says: 'The seller has an identifier (BT-29), a legal registration (BT-30) or a number for value added tax (BT-31).',
    holds: ({ seller: { id, registrationId, vatId } }) =>
      (id ?? registrationId ?? vatId) !== undefined,
  },
];

/**
 * Whether the amount is at most half a minor unit off: a half may be rounded up or to the even
 * neighbour, and both are right.
 */
export function isRounded({ base, rate, amount }: TaxData, { currency }: InvoiceData): boolean {
  const known = parseCurrency(currency ?? '');
  const digits = known === undefined ? 2 : Math.min(minorUnitsOf(known), 3);
  const exact = number(base).multiply(number(rate)).multiply(hundredth);
  const difference = number(amount).subtract(exact);
  const size = difference.isNegative() ? difference.negate() : difference;
  return size.compare(Decimal.fromBigInt(5n, digits + 1)) <= 0;
}

function hasPrefix(vatId: string | undefined): boolean {
  if (vatId === undefined) return true;
  const prefix = vatId.slice(0, 2);
  return prefix === 'EL' || prefix === 'XI' || isCountry(prefix);
}
