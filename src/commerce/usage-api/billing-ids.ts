import type { SubscriptionId } from '../../kernel/index.ts';

/** Path of a billing period as Microsoft.Billing names it. */
export function periodIdOf(subscriptionId: SubscriptionId, name: string): string {
  return `/subscriptions/${subscriptionId}/providers/Microsoft.Billing/billingPeriods/${name}`;
}

/** Path of an invoice as Microsoft.Billing names it, by its number as printed. */
export function invoiceIdOf(subscriptionId: SubscriptionId, number: string): string {
  return `/subscriptions/${subscriptionId}/providers/Microsoft.Billing/invoices/${number}`;
}
