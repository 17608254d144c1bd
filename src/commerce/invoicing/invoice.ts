import type { Currency, Decimal, Instant } from '../../kernel/index.ts';
import type { AccountId, BillingAccount, Language } from '../accounts/index.ts';
import type { InvoiceLine } from './line.ts';
import type { TaxTotal } from './totals.ts';

export const invoiceKinds = ['invoice', 'credit-note', 'debit-note'] as const;
export type InvoiceKind = (typeof invoiceKinds)[number];

/** One side of an invoice as it was when the invoice was issued. */
export interface PartyThen extends Pick<BillingAccount, 'accountId' | 'name'> {
  readonly street?: string | undefined;
  readonly street2?: string | undefined;
  readonly city?: string | undefined;
  readonly postalCode?: string | undefined;
  readonly region?: string | undefined;
  readonly country: string;
  readonly taxId?: string | undefined;
  readonly registrationId?: string | undefined;
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
}

/** What an invoice says besides its figures, kept with it. */
export interface InvoiceParties {
  readonly seller: PartyThen;
  readonly buyer: PartyThen;
  readonly language: Language;
  /** Days are inclusive. */
  readonly period: { readonly name: string; readonly start: string; readonly end: string };
  readonly paymentDays: number;
  readonly buyerReference?: string | undefined;
  readonly iban?: string | undefined;
  readonly bic?: string | undefined;
  /** Names by subscription of commerce. */
  readonly customers: Readonly<Record<string, string>>;
}

/** An issued invoice, credit note or debit note; never changed. */
export interface Invoice {
  /** A GUID. */
  readonly invoiceId: string;
  /** The seller. */
  readonly issuerId: AccountId;
  /** The buyer. */
  readonly accountId: AccountId;
  readonly period: number;
  readonly kind: InvoiceKind;
  /** Such as ACME-2026. */
  readonly series: string;
  /** 1, 2, 3 and so on in its series, without a gap. */
  readonly sequence: number;
  /** As printed: ACME-2026-000017. */
  readonly number: string;
  /** Days in the time zone of the account, such as 2026-11-03. */
  readonly issueDate: string;
  readonly dueDate: string;
  readonly issuedAt: Instant;
  readonly currency: Currency;
  readonly net: Decimal;
  readonly tax: Decimal;
  /** What is to pay; of a credit note what is given back, positive too. */
  readonly gross: Decimal;
  /** Id of the invoice that it corrects, and its number. */
  readonly corrects: string | undefined;
  readonly correctsNumber: string | undefined;
  readonly reason: string | undefined;
  readonly parties: InvoiceParties;
}

/** An invoice as it is kept: what was issued, and what has become of it since. */
export interface KeptInvoice extends Invoice {
  /** What payments and credit notes have left to pay of it; zero of a credit note. */
  readonly open: Decimal;
}

/** An invoice with all that it says. */
export interface FullInvoice extends Invoice {
  readonly lines: readonly InvoiceLine[];
  readonly taxes: readonly TaxTotal[];
}

/** 1, or -1 of a credit note, whose amounts lower what is owed. */
export function signOf({ kind }: Pick<Invoice, 'kind'>): 1 | -1 {
  return kind === 'credit-note' ? -1 : 1;
}

const SERIES: Readonly<Record<InvoiceKind, string>> = {
  invoice: '',
  'credit-note': '-CN',
  'debit-note': '-DN',
};

/** The series to which a document belongs: one for each kind, issuer and year of its date. */
export function seriesOf(prefix: string, kind: InvoiceKind, issueDate: string): string {
  return `${prefix}${SERIES[kind]}-${issueDate.slice(0, 4)}`;
}

/** As printed. */
export function numberIn(series: string, sequence: number): string {
  return `${series}-${sequence.toString().padStart(6, '0')}`;
}
