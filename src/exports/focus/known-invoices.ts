import type { Decimal } from '../../kernel/index.ts';
import { decimalOf, type Queryable } from '../../platform/index.ts';
import { signed, signOfKind, type FocusInvoice } from './facts.ts';
import { lineIdOf, readTaxes, taxKeyOf } from './invoice-rows.ts';
import { readInvoices } from './invoice-store.ts';
import { dayText } from './row.ts';
import type { FocusScope } from './scope.ts';

/** What an invoice of a dataset says, beside its rows. */
export interface FocusInvoiceTotal {
  /** What is to be paid, of a credit note below zero. */
  readonly payableAmount: Decimal;
  readonly isIssued: true;
  readonly currency: string;
  readonly issuer: string;
  readonly status: 'Issued' | 'Voided';
  readonly issueDate: string;
  readonly dueDate: string;
  readonly terms: string;
  readonly purchaseOrder: string | null;
  readonly adjusts: string | null;
  /** Printed amounts of lines and taxes by InvoiceDetailId, of a credit note their opposites. */
  readonly lines: ReadonlyMap<string, Decimal>;
}

/** What the invoices and notes of a dataset come to, by number. */
export async function readInvoiceTotals(
  db: Queryable,
  scope: FocusScope,
): Promise<ReadonlyMap<string, FocusInvoiceTotal>> {
  const totals = new Map<string, FocusInvoiceTotal>();
  for await (const invoice of readInvoices(db, scope)) {
    totals.set(invoice.number, {
      payableAmount: signed(invoice.gross, signOfKind(invoice.kind)),
      isIssued: true,
      currency: invoice.currency,
      issuer: invoice.issuerName,
      status: invoice.voidedAt === undefined ? 'Issued' : 'Voided',
      issueDate: dayText(invoice.issueDate),
      dueDate: dayText(invoice.dueDate),
      terms: `Net ${invoice.paymentDays}`,
      purchaseOrder: invoice.buyerReference ?? null,
      adjusts: invoice.correctsNumber ?? null,
      lines: await printedLines(db, invoice),
    });
  }
  return totals;
}

async function printedLines(
  db: Queryable,
  invoice: FocusInvoice,
): Promise<ReadonlyMap<string, Decimal>> {
  const sign = signOfKind(invoice.kind);
  const { rows } = await db.query<{ line: number; amount: string }>({
    name: 'focus-printed-lines',
    text: 'select line, amount from invoice_line where invoice_id = $1 order by line',
    values: [invoice.invoiceId],
  });
  const taxes = await readTaxes(db, invoice.invoiceId);
  return new Map([
    ...rows.map(
      ({ line, amount }) => [lineIdOf(invoice, line), signed(decimalOf(amount), sign)] as const,
    ),
    ...taxes.map((tax) => [lineIdOf(invoice, taxKeyOf(tax)), signed(tax.amount, sign)] as const),
  ]);
}
