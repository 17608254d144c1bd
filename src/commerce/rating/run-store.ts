import type { Clock, Tx } from '../../platform/index.ts';
import { postEntries, type LedgerKind, type NewEntry } from '../ledger/index.ts';
import { sellerOf, type AccountTree } from '../accounts/index.ts';
import type { PeriodDifference } from './pricing-pass.ts';

export type RunKind = 'incremental' | 'rerating';

/** Enters a run of rating. @returns its number */
export async function startRun(
  tx: Tx,
  kind: RunKind,
  reason: string,
  clock: Clock,
): Promise<bigint> {
  const { rows } = await tx.query<{ run: bigint }>(
    'insert into rating_run (kind, reason, started_at) values ($1, $2, $3) returning run',
    [kind, reason, clock.now().toString()],
  );
  return rows[0]!.run;
}

/** Holds periods until the end of the transaction, in an order that everybody keeps: issuing waits, and is waited for. */
export async function holdPeriods(tx: Tx, periods: readonly number[]): Promise<void> {
  await tx.query({
    name: 'rating-hold-periods',
    text: 'select from billing_period where period = any($1::int[]) order by period for no key update',
    values: [periods],
  });
}

/**
 * Posts by how much charges changed: an entry for each buyer and period in the books of its seller, what is not billed yet
 * against revenue.
 */
export async function postDifferences(
  tx: Tx,
  tree: AccountTree,
  { kind, run, clock }: { readonly kind: LedgerKind; readonly run: bigint; readonly clock: Clock },
  differences: readonly PeriodDifference[],
): Promise<void> {
  const occurredAt = clock.now();
  const entries = differences.flatMap(({ accountId, difference }): NewEntry[] => {
    const buyer = tree.get(accountId);
    const seller = sellerOf(tree, accountId);
    if (buyer === undefined || seller === undefined) {
      throw new Error(`the account ${accountId} has charges and buys from nobody`);
    }
    const common = { party: accountId, currency: buyer.currency };
    return [
      {
        book: seller.accountId,
        kind,
        reference: run.toString(),
        occurredAt,
        postings: [
          { ...common, account: 'unbilled', amount: difference },
          { ...common, account: 'revenue', amount: difference.negate() },
        ],
      },
    ];
  });
  await postEntries(tx, entries);
}
