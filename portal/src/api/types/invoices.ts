/** What the pages of invoices read. Decimals are texts. */

export const invoiceKinds = ['invoice', 'credit-note', 'debit-note'] as const;
export type InvoiceKind = (typeof invoiceKinds)[number];

export interface Party {
  readonly accountId: string;
  readonly name: string;
  readonly street?: string;
  readonly street2?: string;
  readonly city?: string;
  readonly postalCode?: string;
  readonly region?: string;
  readonly country: string;
  readonly taxId?: string;
}

export interface TaxLine {
  readonly category: string;
  readonly percent: string;
  readonly base: string;
  readonly amount: string;
  readonly reason?: string;
}

export interface Invoice {
  readonly number: string;
  readonly kind: InvoiceKind;
  readonly accountId: string;
  readonly issuerId: string;
  readonly period: { readonly name: string; readonly start: string; readonly end: string };
  readonly issueDate: string;
  readonly dueDate: string;
  readonly issuedAt: string;
  readonly currency: string;
  readonly net: string;
  readonly tax: string;
  readonly gross: string;
  /** Still to be paid of it; nothing of a credit note. */
  readonly open: string;
  readonly corrects?: string;
  readonly reason?: string;
  readonly seller: Party;
  readonly buyer: Party;
  readonly buyerReference?: string;
  /** Of a single invoice alone. */
  readonly taxes?: readonly TaxLine[];
}

export interface InvoiceLine {
  readonly line: number;
  readonly kind: string;
  readonly subscriptionId?: string;
  readonly description: string;
  readonly service?: string;
  readonly unit?: string;
  readonly quantity: string;
  readonly unitPrice?: string;
  readonly exactAmount: string;
  readonly amount: string;
  readonly taxPercent?: string;
  readonly correctsPeriod?: string;
}

export interface Draft {
  readonly kind: InvoiceKind;
  readonly period: string;
  readonly state: string;
  readonly held?: string;
  readonly currency: string;
  readonly net: string;
  readonly tax: string;
  readonly gross: string;
  readonly taxes: readonly TaxLine[];
  readonly seller: Party;
  readonly buyer: Party;
  readonly lines: readonly InvoiceLine[];
}

export interface BillingPeriod {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly state: 'Open' | 'InReview' | 'Issued';
  readonly reviewStartedAt?: string;
  readonly held?: string;
}

export interface BillingProblem {
  readonly accountId: string;
  readonly period?: string;
  readonly code: string;
  readonly message: string;
  readonly attempts: number;
  readonly since: string;
  readonly nextAttemptAt: string;
}

export interface Payment {
  readonly paymentId: string;
  readonly accountId: string;
  readonly currency: string;
  readonly amount: string;
  readonly receivedOn: string;
  readonly reference: string;
  readonly allocations: readonly { readonly number: string; readonly amount: string }[];
}

export interface Statement {
  readonly accountId: string;
  readonly currency: string;
  readonly from: string;
  readonly to: string;
  readonly opening: string;
  readonly items: readonly {
    readonly day: string;
    readonly kind: InvoiceKind | 'payment';
    readonly reference: string;
    readonly amount: string;
    readonly balance: string;
  }[];
  readonly closing: string;
  readonly open: readonly {
    readonly number: string;
    readonly dueDate: string;
    readonly gross: string;
    readonly open: string;
  }[];
  readonly openTotal: string;
}
