import type { Currency, Decimal, SubscriptionId } from '../../kernel/index.ts';

/**
 * All that the documents of an invoice say, as it was when the invoice was issued. Amounts are as they
 * are printed: in whole minor units of the currency, unless said otherwise. Nothing here is computed
 * again by a document: sums are given, and checked before a document is made.
 */
export interface InvoiceDocument {
  readonly kind: 'invoice' | 'credit-note' | 'debit-note';
  /** As printed: `ACME-2026-000017`. */
  readonly number: string;
  /** A day such as `2026-11-03`, in the time zone of the account; so are all days here. */
  readonly issueDate: string;
  readonly dueDate: string;
  /** Both inclusive. */
  readonly period: { readonly start: string; readonly end: string };
  readonly currency: Currency;
  readonly language: 'en' | 'fr';
  readonly seller: InvoiceParty;
  readonly buyer: InvoiceParty;
  /** What the buyer wants to find again: the number of its order. */
  readonly buyerReference: string | undefined;
  /** The invoice that this one corrects. */
  readonly corrects: { readonly number: string; readonly issueDate: string } | undefined;
  readonly lines: readonly InvoiceDocumentLine[];
  readonly taxes: readonly InvoiceTax[];
  /** Sum of the lines. */
  readonly net: Decimal;
  /** Sum of the taxes. */
  readonly tax: Decimal;
  /** What is to pay: net and tax. Of a credit note, what is given back; positive there too. */
  readonly gross: Decimal;
  readonly payment: {
    readonly terms: string;
    readonly iban: string | undefined;
    readonly bic: string | undefined;
  };
}

/** One side of an invoice. */
export interface InvoiceParty {
  /** By which the other side knows it: told where a seller has no number for the tax and none of a register. */
  readonly id: string | undefined;
  readonly name: string;
  readonly street: string | undefined;
  readonly street2: string | undefined;
  readonly city: string | undefined;
  readonly postalCode: string | undefined;
  readonly region: string | undefined;
  /** Two letters of ISO 3166-1. */
  readonly country: string;
  /** Its number for value added tax, with the prefix of its country. */
  readonly taxId: string | undefined;
  /** Its number in the register of companies. */
  readonly registrationId: string | undefined;
  readonly email: string | undefined;
  readonly phone: string | undefined;
  /** PNG or JPEG; of the seller alone. */
  readonly logo: Uint8Array | undefined;
}

/** A line of an invoice, numbered from 1. */
export interface InvoiceDocumentLine {
  readonly line: number;
  readonly kind:
    'usage' | 'correction' | 'fee' | 'discount' | 'credit' | 'commitment' | 'cancellation';
  /** Such as `Windows VM vCPU hour`. */
  readonly description: string;
  /** The group under which the summary puts it, such as `Azure Stack Hub - Windows VM`. */
  readonly service: string;
  /** In words, such as `1 vCPU Hour`; empty where there is none. */
  readonly unit: string;
  readonly quantity: Decimal;
  /** Exact; undefined where a price has tiers or steps and there is no single one. */
  readonly unitPrice: Decimal | undefined;
  readonly amount: Decimal;
  readonly taxCategory: TaxCategory;
  /** In percent. */
  readonly taxRate: Decimal;
  /** The period of usage that a correction is about. */
  readonly correctsPeriod: CorrectedPeriod | undefined;
  /** Whose usage it is, where the invoice has that of several. */
  readonly customer: { readonly id: SubscriptionId; readonly name: string } | undefined;
  /** The subscription on the stamp. */
  readonly subscriptionId: SubscriptionId | undefined;
  readonly meterId: string | undefined;
  /** Shares of the line's amount by resource, which sum to it; the largest first, the rest as one. */
  readonly resources: readonly InvoiceResource[];
}

/** A period that was invoiced before. */
export interface CorrectedPeriod {
  /** Such as `202609-1`. */
  readonly name: string;
  /** Days, both inclusive. */
  readonly start: string;
  readonly end: string;
}

export interface InvoiceResource {
  /** Name of the resource; `N others` where several are put together. */
  readonly name: string;
  readonly resourceGroup: string;
  readonly location: string;
  readonly quantity: Decimal;
  readonly amount: Decimal;
}

/**
 * Categories of value added tax (UNTDID 5305): standard rate, zero rated, exempt, reverse charge,
 * export, outside the scope of the tax.
 */
export type TaxCategory = 'S' | 'Z' | 'E' | 'AE' | 'G' | 'O';

export interface InvoiceTax {
  readonly category: TaxCategory;
  /** In percent. */
  readonly rate: Decimal;
  /** Sum of the lines of this category and rate. */
  readonly base: Decimal;
  readonly amount: Decimal;
  /** Why nothing is taxed; there unless the category is S or Z. */
  readonly reason: string | undefined;
}
