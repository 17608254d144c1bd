import { sumOf, type Currency, type Decimal } from '../../kernel/index.ts';
import type { AccountId } from '../accounts/index.ts';
import type { LedgerAccount, Posting } from '../ledger/index.ts';
import type { InvoiceLine, LineKind } from './line.ts';

/** Where lines of a kind come from in the ledger. */
const SOURCES: Readonly<Record<Exclude<LineKind, 'cancellation'>, LedgerAccount>> = {
  usage: 'unbilled',
  correction: 'unbilled',
  fee: 'fees',
  commitment: 'commitments',
  discount: 'discounts',
  credit: 'credits',
};

/** What is posted of a line: its exact amount, from where its kind says. */
export interface PostedLine extends Pick<InvoiceLine, 'exactAmount'> {
  /** Of a cancellation, the kind of the line that it takes back. */
  readonly kind: Exclude<LineKind, 'cancellation'>;
}

/**
 * What an invoice posts: receivable for its gross amount, against tax, what was unbilled (exact), and the
 * terms; what rounding made of it goes to rounding. A credit note posts the opposite.
 *
 * @param sign -1 for a credit note, whose own amounts are positive
 */
export function postingsOf(
  lines: readonly PostedLine[],
  { tax, gross }: { readonly tax: Decimal; readonly gross: Decimal },
  sign: 1 | -1,
  { party, currency }: { readonly party: AccountId; readonly currency: Currency },
): Posting[] {
  const bySource = Map.groupBy(lines, ({ kind }) => SOURCES[kind]);
  const parts: { account: LedgerAccount; amount: Decimal }[] = [
    { account: 'receivable', amount: gross },
    { account: 'tax', amount: tax.negate() },
    ...[...bySource].map(([account, group]) => ({
      account,
      amount: sumOf(group.map(({ exactAmount }) => exactAmount)).negate(),
    })),
  ];
  const rest = sumOf(parts.map(({ amount }) => amount)).negate();
  return [...parts, { account: 'rounding' as const, amount: rest }].map(({ account, amount }) => ({
    account,
    party,
    currency,
    amount: sign === 1 ? amount : amount.negate(),
  }));
}
