import type { FullInvoice } from '../../../src/commerce/invoicing/index.ts';
import { minorUnitsOf, type Decimal } from '../../../src/kernel/index.ts';

/** An invoice as people read it: a line each for what was bought, then the sums. */
export function told(invoice: FullInvoice): string[] {
  const money = (amount: Decimal): string => {
    const digits = minorUnitsOf(invoice.currency);
    const text = amount.toText();
    const [whole = '', fraction = ''] = text.split('.');
    return digits === 0 ? whole : `${whole}.${fraction.padEnd(digits, '0')}`;
  };
  return [
    `${invoice.kind} ${invoice.number} of ${invoice.parties.period.start} to ${invoice.parties.period.end}`,
    ...invoice.lines.map((line) => {
      const price = line.unitPrice === undefined ? 'by tiers' : line.unitPrice.toText();
      const about =
        line.correctsPeriod === undefined ? '' : ` (correction of ${line.correctsPeriod})`;
      return `${line.description}${about}: ${line.quantity.toText()} x ${price} = ${money(line.amount)}`;
    }),
    `net ${money(invoice.net)}, tax ${money(invoice.tax)}, to pay ${money(invoice.gross)} ${invoice.currency}`,
  ];
}
