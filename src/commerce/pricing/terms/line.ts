import { sumOf, type Decimal, type SubscriptionId } from '../../../kernel/index.ts';
import type { AccountTerm, Term, TermUse } from './term.ts';

/** What usage of a period costs, by meter and subscription of the stamp. */
export interface TermCharge {
  readonly subscriptionId: SubscriptionId;
  /** Id of the meter of commerce. */
  readonly meterId: string;
  readonly quantity: Decimal;
  /** As it stands on the invoice. */
  readonly amount: Decimal;
}

/** A line that follows from a term. */
export interface TermLine {
  readonly termId: string;
  readonly name: string;
  readonly kind: Term['kind'];
  /** Of a term for each subscription, for which. */
  readonly subscriptionId: SubscriptionId | undefined;
  /** Of a discount by quantity, how much is free; 1 of all others. */
  readonly quantity: Decimal;
  /** Below zero for discounts and credits. */
  readonly amount: Decimal;
  /**
   * What it was computed from: of a discount what usage cost before it, of a fee its full amount, of a commitment what
   * usage cost after discounts, of a credit what there was to pay.
   */
  readonly base: Decimal;
}

/** A charge and what is left of it after the discounts so far. */
export interface OpenCharge extends TermCharge {
  readonly left: Decimal;
}

/** A term of one kind, with what else the rules need. */
export interface TermOf<T extends Term> extends AccountTerm {
  readonly definition: T;
}

/** What earlier invoices have of a term; for one subscription of it where one is named. */
export function usedOf(
  used: readonly TermUse[],
  termId: string,
  subscriptionId?: SubscriptionId,
): { readonly times: number; readonly amount: Decimal; readonly quantity: Decimal } {
  const uses = used.filter((use) => use.termId === termId && use.subscriptionId === subscriptionId);
  return {
    times: uses.length,
    amount: sumOf(uses.map(({ amount }) => amount)),
    quantity: sumOf(uses.map(({ quantity }) => quantity)),
  };
}
