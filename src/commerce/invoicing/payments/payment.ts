import { Decimal, type Currency, type Instant } from '../../../kernel/index.ts';
import type { AccountId } from '../../accounts/index.ts';
import type { OpenItem } from './open-items.ts';

/** A part of a payment that is for one invoice; negative where it was taken back. */
export interface Allocation {
  readonly invoiceId: string;
  readonly number: string;
  readonly amount: Decimal;
}

/** What somebody has paid. Negative: a payment that was taken back. */
export interface Payment {
  readonly paymentId: string;
  /** Who was paid. */
  readonly issuerId: AccountId;
  readonly accountId: AccountId;
  readonly currency: Currency;
  readonly amount: Decimal;
  /** A day such as 2026-11-03. */
  readonly receivedOn: string;
  /** Of the bank; only once for each payer. */
  readonly reference: string;
  readonly createdAt: Instant;
  readonly allocations: readonly Allocation[];
}

/** For which invoice how much of a payment is; all that is open unless an amount is given. */
export interface WantedAllocation {
  readonly number: string;
  readonly amount?: Decimal | undefined;
}

/** Why a payment cannot be split so, in words that go on from "cannot be booked:". */
export class NotAllocable extends Error {}

/**
 * Splits a payment over what is open: over the invoices that are named, or else over all, the earliest due
 * first. What is left stays to the good of the account.
 *
 * @param items what is open, the earliest due first
 * @throws NotAllocable for an invoice that is not open, or more than is open or paid
 */
export function allocatePayment(
  amount: Decimal,
  items: readonly OpenItem[],
  wanted: readonly WantedAllocation[] | undefined,
): Allocation[] {
  let left = amount;
  const parts: Allocation[] = [];
  const take = ({ invoiceId, number }: OpenItem, part: Decimal): void => {
    left = left.subtract(part);
    parts.push({ invoiceId, number, amount: part });
  };
  if (wanted === undefined) {
    for (const item of items) {
      const part = smaller(left, item.open);
      if (part.compare(Decimal.zero) > 0) take(item, part);
    }
    return parts;
  }
  for (const { number, amount: named } of wanted) {
    const item = items.find((one) => one.number === number.toUpperCase());
    if (item === undefined) throw new NotAllocable(`nothing is open of the invoice ${number}`);
    if (parts.some((part) => part.number === item.number)) {
      throw new NotAllocable(`it names the invoice ${number} twice`);
    }
    const part = named ?? smaller(left, item.open);
    if (part.compare(Decimal.zero) <= 0 || part.compare(item.open) > 0) {
      const open = item.open.toText();
      throw new NotAllocable(`of the invoice ${number} ${open} is open, and not ${part.toText()}`);
    }
    if (part.compare(left) > 0) throw new NotAllocable('the invoices come to more than it');
    take(item, part);
  }
  return parts;
}

function smaller(one: Decimal, other: Decimal): Decimal {
  return one.compare(other) < 0 ? one : other;
}
