import type { LedgerEntry } from './entry.ts';
import type { LedgerBalance } from './store.ts';

/** An entry as answers and commands have it. */
export function toWireEntry(entry: LedgerEntry): Readonly<Record<string, unknown>> {
  return {
    entry: entry.entry.toString(),
    book: entry.book,
    kind: entry.kind,
    reference: entry.reference,
    occurredAt: entry.occurredAt.toString(),
    postings: entry.postings.map(({ account, party, currency, amount }) => ({
      account,
      party,
      currency,
      amount: amount.toText(),
    })),
  };
}

/** A balance as answers and commands have it. */
export function toWireBalance(one: LedgerBalance): Readonly<Record<string, string>> {
  const { book, party, account, currency, balance } = one;
  return { book, party, account, currency, balance: balance.toText() };
}
