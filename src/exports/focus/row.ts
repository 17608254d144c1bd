import { hourNumber, hourStart, type Decimal, type Instant } from '../../kernel/index.ts';
import type { Hours } from './facts.ts';

/** A row by the names of its columns; one that is not there is null. */
export type FocusRow = Readonly<Record<string, string | null>>;

/** Whole seconds, in UTC. */
export function timeText(instant: Instant): string {
  return instant.round({ smallestUnit: 'second', roundingMode: 'floor' }).toString();
}

/** The start of an hour since 1970. */
export function hourText(hour: number): string {
  return hourStart(hourNumber(hour)).toString();
}

/** A day of an invoice, as a time. */
export function dayText(day: string): string {
  return `${day}T00:00:00Z`;
}

export function billingPeriodOf({ fromHour, toHour }: Hours): FocusRow {
  return { BillingPeriodStart: hourText(fromHour), BillingPeriodEnd: hourText(toHour) };
}

export function chargePeriodOf({ fromHour, toHour }: Hours): FocusRow {
  return { ChargePeriodStart: hourText(fromHour), ChargePeriodEnd: hourText(toHour) };
}

/** An amount without a price: all four costs are the same. */
export function costs(amount: Decimal): FocusRow {
  const text = amount.toText();
  return { BilledCost: text, ContractedCost: text, EffectiveCost: text, ListCost: text };
}

/** A quantity at a price: all four costs are their product, to the last digit. */
export function priced(quantity: Decimal, unitPrice: Decimal): FocusRow {
  const price = unitPrice.toText();
  return {
    ...costs(unitPrice.multiply(quantity)),
    ContractedUnitPrice: price,
    ListUnitPrice: price,
    PricingQuantity: quantity.toText(),
  };
}
