import type { Decimal, DayNumber, SubscriptionId } from '../../kernel/index.ts';
import type { TaxCategory } from '../pricing/index.ts';

export type LineKind =
  'usage' | 'correction' | 'fee' | 'discount' | 'credit' | 'commitment' | 'cancellation';

/** How a line is taxed. */
export interface LineTax {
  readonly category: TaxCategory;
  readonly percent: Decimal;
  /** Why nothing is charged; there unless the category is S or Z. */
  readonly reason: string | undefined;
}

/** A line of an invoice or of a draft. In a credit note it is positive where something is given back. */
export interface InvoiceLine {
  /** From 1. */
  readonly line: number;
  readonly kind: LineKind;
  readonly charge: bigint | undefined;
  readonly termId: string | undefined;
  /** The line of the corrected invoice that this one takes back. */
  readonly cancels: number | undefined;
  readonly customerSubscriptionId: SubscriptionId | undefined;
  /** Of the stamp. */
  readonly subscriptionId: SubscriptionId | undefined;
  /** Of commerce. */
  readonly meterId: string | undefined;
  readonly description: string;
  /** Group in the summary. */
  readonly service: string;
  /** In words; may be empty. */
  readonly unit: string;
  readonly quantity: Decimal;
  /** Exact; undefined where there is no single one. */
  readonly unitPrice: Decimal | undefined;
  /** Before it was rounded. */
  readonly exactAmount: Decimal;
  /** In whole minor units. */
  readonly amount: Decimal;
  readonly tax: LineTax;
  /** Name of the period that a correction is about. */
  readonly correctsPeriod: string | undefined;
}

/** A period whose usage an invoice has: its own, and those that it corrects. */
export interface PeriodOfUse {
  readonly period: number;
  readonly name: string;
  /** By what its usage is taxed: that of its last day, when all of it had been supplied. */
  readonly lastDay: DayNumber;
  readonly tax: LineTax;
  /** Whether it has been invoiced before. */
  readonly isCorrection: boolean;
}

/** What people call a meter of commerce, and whether it is ever paid. */
export interface MeterWords {
  readonly meterId: string;
  readonly name: string;
  readonly category: string;
  readonly subCategory: string;
  readonly unit: string;
  readonly paid: boolean;
}

/** What no invoice has yet of a charge. */
export interface ChargePart {
  readonly charge: bigint;
  readonly period: PeriodOfUse;
  readonly customerSubscriptionId: SubscriptionId;
  readonly subscriptionId: SubscriptionId;
  readonly meter: MeterWords;
  readonly quantity: Decimal;
  /** Exact. */
  readonly amount: Decimal;
  readonly unitPrice: Decimal | undefined;
}

/** What a fee, discount, credit or commitment comes to, beyond what invoices have of it. */
export interface TermPart {
  readonly termId: string;
  readonly kind: 'fee' | 'discount' | 'credit' | 'commitment';
  readonly period: PeriodOfUse;
  readonly description: string;
  readonly subscriptionId: SubscriptionId | undefined;
  readonly meterId: string | undefined;
  /** Negative of discounts and credits; of a discount by quantity, what was free. */
  readonly quantity: Decimal;
  /** In whole minor units; negative of discounts and credits. */
  readonly amount: Decimal;
}
