import type { Currency, Decimal, Instant, SubscriptionId } from '../../kernel/index.ts';
import type { AccountId, AccountKind } from '../../commerce/accounts/index.ts';
import type { InvoiceKind } from '../../commerce/invoicing/index.ts';
import type { MeterTexts } from './services.ts';

/** Hours since 1970, half open. */
export interface Hours {
  readonly fromHour: number;
  readonly toHour: number;
}

/** An issued invoice or note, as rows of FOCUS need it. */
export interface FocusInvoice {
  readonly invoiceId: string;
  readonly number: string;
  readonly kind: InvoiceKind;
  readonly issuerName: string;
  readonly accountId: AccountId;
  readonly accountName: string;
  readonly accountKind: AccountKind;
  /** In which it was issued. */
  readonly period: Hours;
  readonly currency: Currency;
  readonly gross: Decimal;
  /** Days such as 2026-11-03. */
  readonly issueDate: string;
  readonly dueDate: string;
  readonly issuedAt: Instant;
  readonly correctsId: string | undefined;
  readonly correctsNumber: string | undefined;
  readonly paymentDays: number;
  readonly buyerReference: string | undefined;
  /** When it was taken back as a whole. */
  readonly voidedAt: Instant | undefined;
}

/** A charge with all that its rows say besides what was used. */
export interface ChargeFacts {
  readonly charge: bigint;
  readonly plan: number;
  readonly accountId: AccountId;
  readonly period: Hours & { readonly name: string };
  readonly customerSubscriptionId: SubscriptionId;
  readonly customerName: string;
  /** Of the stamp. */
  readonly subscriptionId: SubscriptionId;
  readonly subscriptionName: string;
  readonly meter: MeterTexts & { readonly id: string; readonly name: string };
  readonly billable: boolean;
  readonly quantity: Decimal;
  readonly amount: Decimal | undefined;
  /** What invoices have of it so far. */
  readonly invoicedQuantity: Decimal;
  readonly invoicedAmount: Decimal;
  /** Lines by resource and day that the charge has now, and what they add up to. */
  readonly parts: number;
  readonly partsQuantity: Decimal;
}

/** What a resource used on a day. */
export interface UsagePart {
  /** Days since 1970; undefined where it is not known any more which resources used it. */
  readonly day: number | undefined;
  readonly resourceKey: string;
  readonly quantity: Decimal;
  /** Last reported hour that has some of it. */
  readonly lastReported: number | undefined;
  readonly resource: UsedResource | undefined;
}

export interface UsedResource {
  readonly uri: string;
  readonly location: string;
  readonly tags: string;
  readonly additionalInfo: string;
}

/** 1, or -1 of a credit note, whose lines are positive where something is given back. */
export function signOfKind(kind: InvoiceKind): 1 | -1 {
  return kind === 'credit-note' ? -1 : 1;
}

/** The number itself, or its opposite. */
export function signed(number: Decimal, sign: 1 | -1): Decimal {
  return sign === 1 ? number : number.negate();
}
