import { shareOf, sumOf, type Decimal } from '../../kernel/index.ts';

/** Digits after the point of a cost that does not end. */
const DIGITS = 20;

/** What tells rows of usage details apart, but for the registration: rating does not know it. */
export interface CostPlace {
  /** Number of the billing period. */
  readonly period: number;
  readonly usageDay: number;
  readonly resourceKey: string;
  /** Number of the version of the meter in commerce. */
  readonly meter: number;
  /** Of the stamp. */
  readonly subscriptionId: string;
}

/** A part of a charge as rating keeps it: by resource and day. */
export interface RatedPart extends CostPlace {
  readonly charge: bigint;
  readonly quantity: Decimal;
  readonly billable: boolean;
  readonly chargeQuantity: Decimal;
  /** Exact; undefined: there is no price. */
  readonly chargeAmount: Decimal | undefined;
}

/** What usage costs. */
export interface Cost {
  /** Undefined: it has no price. */
  readonly amount: Decimal | undefined;
  /** Whether all of it has been rated, and has a price. */
  readonly isWhole: boolean;
  /** Number of the invoice that has it; undefined: none has. */
  readonly invoice: string | undefined;
}

/** The costs of what a page of usage details has. */
export interface Costs {
  /**
   * @param row the quantities that one row has of the place: two registrations may have rows of one, which then share
   *   what it costs by quantity
   * @returns undefined while nothing of it is rated
   */
  costOf(
    place: CostPlace,
    row: { readonly quantity: Decimal; readonly billableQuantity: Decimal },
  ): Cost | undefined;
}

/** @param invoiceOf number of the invoice that has a charge */
export function costsOf(
  parts: readonly RatedPart[],
  invoiceOf: (charge: bigint) => string | undefined,
): Costs {
  const byPlace = Map.groupBy(parts, keyOf);
  return {
    costOf: (place, row) => {
      const rated = byPlace.get(keyOf(place));
      if (rated === undefined) return undefined;
      const paid = rated.filter(({ billable }) => billable);
      const quantity = sumOf(rated.map((part) => part.quantity));
      const billableQuantity = sumOf(paid.map((part) => part.quantity));
      const amount = amountOf(paid);
      const has = row.billableQuantity.compare(billableQuantity) < 0;
      return {
        amount:
          amount &&
          (has ? shareOf(amount, row.billableQuantity, billableQuantity, DIGITS) : amount),
        isWhole: amount !== undefined && row.quantity.compare(quantity) <= 0,
        invoice: rated.flatMap(({ charge }) => invoiceOf(charge) ?? []).at(0),
      };
    },
  };
}

/** Undefined as soon as one part has no price: the rest alone would look like all. */
function amountOf(parts: readonly RatedPart[]): Decimal | undefined {
  const amounts: Decimal[] = [];
  for (const { chargeAmount, quantity, chargeQuantity } of parts) {
    if (chargeAmount === undefined) return undefined;
    amounts.push(shareOf(chargeAmount, quantity, chargeQuantity, DIGITS));
  }
  return sumOf(amounts);
}

function keyOf({ period, usageDay, resourceKey, meter, subscriptionId }: CostPlace): string {
  return `${period}|${usageDay}|${resourceKey}|${meter}|${subscriptionId}`;
}
