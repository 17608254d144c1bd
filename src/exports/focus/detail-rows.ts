import type { Queryable } from '../../platform/index.ts';
import { linesOfInvoice, type InvoiceLine } from '../../commerce/invoicing/index.ts';
import { signed, signOfKind, type FocusInvoice } from './facts.ts';
import { lineIdOf, partyOf, readCancelledKinds, readTaxes, taxKeyOf } from './invoice-rows.ts';
import { billingPeriodOf, dayText, timeText, type FocusRow } from './row.ts';
import { meaningOf } from './services.ts';

const LINES = 1000;

/** What an invoice says, line by line as it is printed, and its taxes. Lines at 0.00 are there too. */
export async function* detailsOfInvoice(
  db: Queryable,
  invoice: FocusInvoice,
): AsyncGenerator<FocusRow> {
  const base = detailBase(invoice);
  const sign = signOfKind(invoice.kind);
  let after = 0;
  for (;;) {
    const lines = await linesOfInvoice(db, invoice.invoiceId, { after, limit: LINES });
    const kinds = await readCancelledKinds(db, invoice, lines);
    for (const line of lines) {
      const kind = kinds.get(line.line) ?? line.kind;
      yield {
        ...base,
        BilledCost: signed(line.amount, sign).toText(),
        ChargeCategory: categoryOf(kind),
        InvoiceDetailDescription: line.description,
        InvoiceDetailGrain: grainOf(line),
        InvoiceDetailId: lineIdOf(invoice, line.line),
        x_CorrectedPeriodName: line.correctsPeriod ?? null,
        x_LineKind: line.kind,
        x_TaxCategory: line.tax.category,
        x_TaxRate: line.tax.percent.toText(),
      };
    }
    after = lines.at(-1)?.line ?? after;
    if (lines.length < LINES) break;
  }
  for (const tax of await readTaxes(db, invoice.invoiceId)) {
    if (tax.amount.isZero()) continue;
    const rate = tax.percent.toText();
    yield {
      ...base,
      BilledCost: signed(tax.amount, sign).toText(),
      ChargeCategory: 'Tax',
      InvoiceDetailDescription: `Tax ${rate} %`,
      InvoiceDetailGrain: JSON.stringify({ x_TaxCategory: tax.category, x_TaxRate: rate }),
      InvoiceDetailId: lineIdOf(invoice, taxKeyOf(tax)),
      x_LineKind: 'tax',
      x_TaxCategory: tax.category,
      x_TaxRate: rate,
    };
  }
}

function detailBase(invoice: FocusInvoice): FocusRow {
  const { BillingAccountId = null } = partyOf(invoice);
  const issued = timeText(invoice.issuedAt);
  return {
    ...billingPeriodOf(invoice.period),
    BillingAccountId,
    BillingCurrency: invoice.currency,
    InvoiceDetailCreated: issued,
    InvoiceDetailLastUpdated: invoice.voidedAt === undefined ? issued : timeText(invoice.voidedAt),
    InvoiceId: invoice.number,
    InvoiceIssueDate: dayText(invoice.issueDate),
    InvoiceIssueStatus: invoice.voidedAt === undefined ? 'Issued' : 'Voided',
    InvoiceIssuerName: invoice.issuerName,
    PaymentDueDate: dayText(invoice.dueDate),
    PaymentTerms: `Net ${invoice.paymentDays}`,
    PurchaseOrderNumber: invoice.buyerReference ?? null,
    ReferenceInvoiceId: invoice.correctsNumber ?? invoice.number,
  };
}

/** The category of the rows that a line is about; rounding rows among them do not change it. */
function categoryOf(kind: InvoiceLine['kind']): string {
  switch (kind) {
    case 'usage':
    case 'correction':
    case 'cancellation':
      return 'Usage';
    case 'fee':
      return 'Purchase';
    case 'credit':
      return 'Credit';
    default:
      return 'Adjustment';
  }
}

/** What makes the line another one than those beside it. */
function grainOf(line: InvoiceLine): string {
  const { subscriptionId, customerSubscriptionId, meterId, service, charge, termId } = line;
  const split = service.split(' - ');
  const [category = '', subCategory = ''] = split.length > 1 ? split : ['', service];
  const isUsage = charge !== undefined;
  return JSON.stringify({
    ...(subscriptionId !== undefined && { SubAccountId: `/subscriptions/${subscriptionId}` }),
    ...(isUsage && {
      ServiceName: meaningOf({ category, subCategory, unit: line.unit }).service,
    }),
    ...(isUsage && meterId !== undefined && { SkuId: meterId.toLowerCase() }),
    ...(customerSubscriptionId !== undefined && {
      x_CustomerId: `/subscriptions/${customerSubscriptionId}`,
    }),
    ...(charge !== undefined && { x_ChargeId: charge.toString() }),
    ...(termId !== undefined && { x_TermId: termId }),
  });
}
