import type { Decimal, SubscriptionId } from '../../kernel/index.ts';
import type { AccountId } from '../accounts/index.ts';

/**
 * What was used of a meter by a subscription of a stamp in a period under a plan, and what it costs. Each sale of a
 * chain of resellers has charges of its own.
 */
export interface Charge {
  readonly charge: bigint;
  /** The buyer. */
  readonly accountId: AccountId;
  /** In which it was used, which may have been invoiced already. */
  readonly period: number;
  readonly plan: number;
  /** The subscription of commerce on which it is booked. */
  readonly customerSubscriptionId: SubscriptionId;
  /** Of the stamp. */
  readonly subscriptionId: SubscriptionId;
  /** Number of the version of the meter in commerce. */
  readonly meter: number;
  /** Id of the meter in commerce, as it is spelled there. */
  readonly meterId: string;
  readonly meterName: string;
  readonly category: string;
  readonly subCategory: string;
  readonly unit: string;
  /** Whether the meter costs anything where usage is paid by what was used. */
  readonly paid: boolean;
  /** Usage that is not billable costs 0. */
  readonly billable: boolean;
  readonly quantity: Decimal;
  /** Exact, in the currency of the account; undefined: there is no price. */
  readonly amount: Decimal | undefined;
  /** What invoices have of it so far, before rounding. */
  readonly invoicedQuantity: Decimal;
  readonly invoicedAmount: Decimal;
  /** Undefined: the plan has no prices, for the reason given in {@link problem}. */
  readonly priceListId: string | undefined;
  readonly priceListVersion: number | undefined;
  /** Why there is no amount; undefined: there is one, or the price list has no price for the meter. */
  readonly problem: string | undefined;
}

/** A part of a charge that an invoice has taken; negative where it gave something back. */
export interface InvoicedPart {
  readonly charge: bigint;
  readonly quantity: Decimal;
  readonly amount: Decimal;
}
