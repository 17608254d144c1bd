import { Decimal } from '../../../kernel/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import { checkDocument } from '../../documents/index.ts';
import { toDocument } from '../documents/to-document.ts';
import type { FullInvoice } from '../invoice.ts';
import type { InvoiceLine } from '../line.ts';
import type { TaxTotal } from '../totals.ts';

const ONE = Decimal.fromBigInt(1n);
const NUMBER = 'CHECK-000000';

/**
 * Checks that documents can be made of an invoice before it has a number: afterwards it would be final and have
 * none. Its parties, taxes and sums are as they are; of the lines, which we make right ourselves and which
 * may be many, there is one for each tax.
 *
 * @throws DocumentInvalid naming the rules that it breaks
 */
export async function checkInvoice(
  db: Queryable,
  invoice: Omit<FullInvoice, 'number' | 'sequence'>,
): Promise<void> {
  const lines = invoice.taxes.map((tax, at) => lineOf(tax, at + 1));
  await checkDocument(await toDocument(db, { ...invoice, number: NUMBER, sequence: 0, lines }));
}

/** A line over all that one tax is reckoned on. */
function lineOf({ base, category, percent, reason }: TaxTotal, line: number): InvoiceLine {
  const isNegative = base.isNegative();
  return {
    line,
    kind: 'usage',
    charge: undefined,
    termId: undefined,
    cancels: undefined,
    customerSubscriptionId: undefined,
    subscriptionId: undefined,
    meterId: undefined,
    description: 'x',
    service: '',
    unit: '',
    quantity: isNegative ? ONE.negate() : ONE,
    unitPrice: isNegative ? base.negate() : base,
    exactAmount: base,
    amount: base,
    tax: { category, percent, reason },
    correctsPeriod: undefined,
  };
}
