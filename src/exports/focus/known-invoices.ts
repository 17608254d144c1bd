import type { Decimal } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import { signed, signOfKind } from './facts.ts';
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
    });
  }
  return totals;
}
