import type { Currency, Instant, SubscriptionId } from '../../kernel/index.ts';
import { Decimal, isGuid } from '../../kernel/index.ts';
import { decimalOf, type Queryable } from '../../platform/index.ts';
import type { AccountId } from '../accounts/index.ts';
import type { FullInvoice, Invoice, InvoiceKind, KeptInvoice } from './invoice.ts';
import type { InvoiceLine, LineKind } from './line.ts';
import type { TaxCategory } from '../pricing/index.ts';
import { readParties } from './parties.ts';
import { optionalDecimal } from './rows.ts';
import type { TaxTotal } from './totals.ts';

interface InvoiceRow {
  readonly invoice_id: string;
  readonly issuer_id: AccountId;
  readonly account_id: AccountId;
  readonly period: number;
  readonly kind: InvoiceKind;
  readonly series: string;
  readonly sequence: number;
  readonly number: string;
  readonly issue_date: string;
  readonly due_date: string;
  readonly issued_at: Instant;
  readonly currency: Currency;
  readonly net: string;
  readonly tax: string;
  readonly gross: string;
  readonly corrects: string | null;
  readonly corrects_number: string | null;
  readonly reason: string | null;
  readonly parties: string;
  readonly open: string;
}

const SELECT = `select i.*, c.number as corrects_number, coalesce(b.open_amount, 0) as open from invoice i
  left join invoice c on c.invoice_id = i.corrects
  left join invoice_balance b on b.invoice_id = i.invoice_id`;

function fromRow(row: InvoiceRow): KeptInvoice {
  return {
    invoiceId: row.invoice_id,
    issuerId: row.issuer_id,
    accountId: row.account_id,
    period: row.period,
    kind: row.kind,
    series: row.series,
    sequence: row.sequence,
    number: row.number,
    issueDate: row.issue_date,
    dueDate: row.due_date,
    issuedAt: row.issued_at,
    currency: row.currency,
    net: decimalOf(row.net),
    tax: decimalOf(row.tax),
    gross: decimalOf(row.gross),
    corrects: row.corrects ?? undefined,
    correctsNumber: row.corrects_number ?? undefined,
    reason: row.reason ?? undefined,
    parties: readParties(row.parties),
    open: decimalOf(row.open),
  };
}

/** An invoice by its number as printed, in any case. */
export async function findInvoice(db: Queryable, number: string): Promise<KeptInvoice | undefined> {
  const { rows } = await db.query<InvoiceRow>(`${SELECT} where i.number = $1`, [
    number.toUpperCase(),
  ]);
  return rows[0] && fromRow(rows[0]);
}

/** An invoice by its id. */
export async function findInvoiceById(db: Queryable, id: string): Promise<KeptInvoice | undefined> {
  if (!isGuid(id)) return undefined;
  const { rows } = await db.query<InvoiceRow>(`${SELECT} where i.invoice_id = $1`, [id]);
  return rows[0] && fromRow(rows[0]);
}

/** What was just issued, with what is open of it. */
export async function keptInvoice(db: Queryable, invoice: Invoice): Promise<KeptInvoice> {
  const { rows } = await db.query<Pick<InvoiceRow, 'open'>>(
    'select open_amount as open from invoice_balance where invoice_id = $1',
    [invoice.invoiceId],
  );
  return { ...invoice, open: rows[0] ? decimalOf(rows[0].open) : Decimal.zero };
}

/** The credit note by which an invoice was taken back whole. */
export async function findCancellation(
  db: Queryable,
  invoiceId: string,
): Promise<Invoice | undefined> {
  const { rows } = await db.query<InvoiceRow>(
    `${SELECT} where i.corrects = $1 and exists (
       select from invoice_line l where l.invoice_id = i.invoice_id and l.kind = 'cancellation')`,
    [invoiceId],
  );
  return rows[0] && fromRow(rows[0]);
}

/** The invoices, credit and debit notes of a period, as they were issued. */
export async function invoicesOfPeriod(db: Queryable, period: number): Promise<KeptInvoice[]> {
  const { rows } = await db.query<InvoiceRow>(
    `${SELECT} where i.account_id = (select account_id from billing_period where period = $1) and i.period = $1
     order by i.issued_at, i.number`,
    [period],
  );
  return rows.map(fromRow);
}

/** Which invoices are listed; a filter that is left out holds nothing back. */
export interface InvoiceFilter {
  /** The buyer. */
  readonly accountId?: AccountId | undefined;
  /** The seller. */
  readonly issuerId?: AccountId | undefined;
  /** Of these buyers. */
  readonly visibleTo?: readonly AccountId[] | undefined;
  readonly kind?: InvoiceKind | undefined;
  /** Of the period of this name. */
  readonly periodName?: string | undefined;
  /** Days of issue: from, inclusive, and to, exclusive. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Only invoices and debit notes that are not paid in full, or only others. */
  readonly isOpen?: boolean | undefined;
  /** Only those that come after this one in the list: its id. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Invoices, the newest first. */
export async function listInvoices(db: Queryable, filter: InvoiceFilter): Promise<KeptInvoice[]> {
  const { rows } = await db.query<InvoiceRow>(
    `${SELECT} where ($1::uuid is null or i.account_id = $1) and ($2::uuid is null or i.issuer_id = $2)
       and ($3::uuid[] is null or i.account_id = any($3))
       and ($4::text is null or i.kind = $4)
       and ($5::text is null or exists (
         select from billing_period p where p.period = i.period and p.name = $5))
       and ($6::text is null or i.issue_date >= $6) and ($7::text is null or i.issue_date < $7)
       and ($8::uuid is null or (i.issued_at, i.invoice_id) <
         (select last.issued_at, last.invoice_id from invoice last where last.invoice_id = $8))
       and ($10::boolean is null or $10 = (coalesce(b.open_amount, 0) <> 0))
     order by i.issued_at desc, i.invoice_id desc limit $9`,
    [
      filter.accountId ?? null,
      filter.issuerId ?? null,
      filter.visibleTo ?? null,
      filter.kind ?? null,
      filter.periodName ?? null,
      filter.from ?? null,
      filter.to ?? null,
      filter.after ?? null,
      filter.limit,
      filter.isOpen ?? null,
    ],
  );
  return rows.map(fromRow);
}

interface LineRow {
  readonly line: number;
  readonly kind: LineKind;
  readonly charge: bigint | null;
  readonly term_id: string | null;
  readonly cancels: number | null;
  readonly customer_subscription_id: SubscriptionId | null;
  readonly subscription_id: SubscriptionId | null;
  readonly meter_id: string | null;
  readonly description: string;
  readonly service: string;
  readonly unit: string;
  readonly quantity: string;
  readonly unit_price: string | null;
  readonly exact_amount: string;
  readonly amount: string;
  readonly tax_category: TaxCategory;
  readonly tax_percent: string;
  readonly tax_reason: string | null;
  readonly corrects_period: string | null;
}

/** The lines of an invoice, by number. */
export async function linesOfInvoice(
  db: Queryable,
  invoiceId: string,
  { after = 0, limit }: { readonly after?: number; readonly limit?: number } = {},
): Promise<InvoiceLine[]> {
  const { rows } = await db.query<LineRow>(
    `select l.*, t.reason as tax_reason from invoice_line l
     left join invoice_tax t on t.invoice_id = l.invoice_id and t.category = l.tax_category
       and t.percent = l.tax_percent
     where l.invoice_id = $1 and l.line > $2 order by l.line limit $3`,
    [invoiceId, after, limit ?? null],
  );
  return rows.map((row) => ({
    line: row.line,
    kind: row.kind,
    charge: row.charge ?? undefined,
    termId: row.term_id ?? undefined,
    cancels: row.cancels ?? undefined,
    customerSubscriptionId: row.customer_subscription_id ?? undefined,
    subscriptionId: row.subscription_id ?? undefined,
    meterId: row.meter_id ?? undefined,
    description: row.description,
    service: row.service,
    unit: row.unit,
    quantity: decimalOf(row.quantity),
    unitPrice: optionalDecimal(row.unit_price),
    exactAmount: decimalOf(row.exact_amount),
    amount: decimalOf(row.amount),
    tax: {
      category: row.tax_category,
      percent: decimalOf(row.tax_percent),
      reason: row.tax_reason ?? undefined,
    },
    correctsPeriod: row.corrects_period ?? undefined,
  }));
}

/** The taxes of an invoice, as they are printed. */
export async function taxesOfInvoice(db: Queryable, invoiceId: string): Promise<TaxTotal[]> {
  const { rows } = await db.query<{
    category: TaxCategory;
    percent: string;
    base: string;
    amount: string;
    reason: string | null;
  }>(
    `select category, percent, base, amount, reason from invoice_tax where invoice_id = $1
     order by category, percent desc`,
    [invoiceId],
  );
  return rows.map(({ category, percent, base, amount, reason }) => ({
    category,
    percent: decimalOf(percent),
    base: decimalOf(base),
    amount: decimalOf(amount),
    reason: reason ?? undefined,
  }));
}

/** An invoice with its lines and taxes. */
export async function fullInvoice<I extends Invoice>(
  db: Queryable,
  invoice: I,
): Promise<I & FullInvoice> {
  const lines = await linesOfInvoice(db, invoice.invoiceId);
  return { ...invoice, lines, taxes: await taxesOfInvoice(db, invoice.invoiceId) };
}
