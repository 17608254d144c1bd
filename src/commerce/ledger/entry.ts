import { Decimal, type Currency, type Instant } from '../../kernel/index.ts';
import type { AccountId } from '../accounts/index.ts';

/** Where an amount stands in the books of a seller. */
export const ledgerAccounts = [
  'unbilled',
  'receivable',
  'revenue',
  'fees',
  'commitments',
  'discounts',
  'credits',
  'tax',
  'rounding',
  'cash',
] as const;
/**
 * - unbilled: rated and not invoiced yet, exact;
 * - receivable: invoiced and not paid yet, in minor units;
 * - revenue: what usage costs, exact;
 * - fees, commitments, discounts, credits: the terms of an account, as invoiced;
 * - tax: owed to the state;
 * - rounding: what lines lost or gained when they were rounded;
 * - cash: what was paid.
 */
export type LedgerAccount = (typeof ledgerAccounts)[number];

export type LedgerKind =
  'usage' | 'rerating' | 'invoice' | 'credit-note' | 'debit-note' | 'payment' | 'write-off';

/** A part of an entry. */
export interface Posting {
  readonly account: LedgerAccount;
  /** The other side: who is charged, invoiced, paying. */
  readonly party: AccountId;
  readonly currency: Currency;
  /** Debits are positive, credits negative. */
  readonly amount: Decimal;
}

/** What is to be posted. */
export interface NewEntry {
  /** Whose books: the seller. */
  readonly book: AccountId;
  readonly kind: LedgerKind;
  /** What it is about: a rating run, the number of an invoice, a payment. */
  readonly reference: string;
  readonly occurredAt: Instant;
  readonly postings: readonly Posting[];
}

/** An entry as it was posted. */
export interface LedgerEntry extends NewEntry {
  readonly entry: bigint;
}

/**
 * The postings of an entry with one for each account, party and currency, none of them zero; in the
 * order in which they first come.
 *
 * @throws RangeError when debits and credits are not equal in some currency: a mistake of the caller,
 *   which the database would refuse at the end of the transaction
 */
export function mergePostings(postings: readonly Posting[]): Posting[] {
  const merged = new Map<string, Posting>();
  const sums = new Map<Currency, Decimal>();
  for (const posting of postings) {
    const { account, party, currency, amount } = posting;
    const key = `${account} ${party} ${currency}`;
    const known = merged.get(key);
    merged.set(key, known ? { ...known, amount: known.amount.add(amount) } : posting);
    sums.set(currency, (sums.get(currency) ?? Decimal.zero).add(amount));
  }
  for (const [currency, sum] of sums) {
    if (!sum.isZero()) {
      throw new RangeError(`The postings are out of balance by ${sum.toText()} ${currency}.`);
    }
  }
  return [...merged.values()].filter(({ amount }) => !amount.isZero());
}
