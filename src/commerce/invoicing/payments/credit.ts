import { Decimal, type Currency } from '../../../kernel/index.ts';
import type { OpenItem } from './open-items.ts';

/** What an account has to its good: what is left of a payment or of a credit note. */
export interface Credit {
  readonly kind: 'payment' | 'note';
  /** Of the payment or the credit note. */
  readonly id: string;
  readonly currency: Currency;
  /** Above zero. */
  readonly free: Decimal;
  /** Of a credit note, the id of the invoice that it is about. */
  readonly about: string | undefined;
}

/** How much of a credit is for one invoice. */
export interface CreditShare {
  readonly credit: Pick<Credit, 'kind' | 'id'>;
  readonly invoiceId: string;
  /** Above zero. */
  readonly amount: Decimal;
}

/**
 * Pays what is open with what there is: credit notes pay for the invoice that they are about, then all pays
 * for what is due first, each in its own currency. Afterwards either nothing is open or nothing is free.
 *
 * @param items the earliest due first
 * @param credits the oldest first
 */
export function shareCredits(
  items: readonly Pick<OpenItem, 'invoiceId' | 'currency' | 'open'>[],
  credits: readonly Credit[],
): CreditShare[] {
  const open = new Map(items.map((item) => [item.invoiceId, item.open]));
  const free = new Map(credits.map((credit) => [credit.id, credit.free]));
  const shares = new Map<string, CreditShare>();
  const pay = (credit: Credit, invoiceId: string): void => {
    const left = free.get(credit.id) ?? Decimal.zero;
    const wanted = open.get(invoiceId) ?? Decimal.zero;
    const amount = left.compare(wanted) < 0 ? left : wanted;
    if (amount.compare(Decimal.zero) <= 0) return;
    free.set(credit.id, left.subtract(amount));
    open.set(invoiceId, wanted.subtract(amount));
    const key = `${credit.id} ${invoiceId}`;
    const before = shares.get(key)?.amount ?? Decimal.zero;
    shares.set(key, { credit, invoiceId, amount: before.add(amount) });
  };
  for (const credit of credits) {
    const about = items.find(({ invoiceId }) => invoiceId === credit.about);
    if (about?.currency === credit.currency) pay(credit, about.invoiceId);
  }
  for (const credit of credits) {
    for (const { invoiceId, currency } of items) {
      if (currency === credit.currency) pay(credit, invoiceId);
    }
  }
  return [...shares.values()];
}
