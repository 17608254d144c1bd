import type { Decimal, Currency, Instant } from '../../kernel/index.ts';
import { decimalOf, type Queryable } from '../../platform/index.ts';
import type { AccountId } from '../accounts/index.ts';
import {
  mergePostings,
  type LedgerAccount,
  type LedgerEntry,
  type LedgerKind,
  type NewEntry,
} from './entry.ts';

/**
 * Posts an entry in the caller's transaction; parts of zero are left out.
 *
 * @returns its number; undefined when nothing is left to post
 * @throws RangeError when it is out of balance
 */
export async function postEntry(tx: Queryable, entry: NewEntry): Promise<bigint | undefined> {
  const [posted] = await postEntries(tx, [entry]);
  return posted;
}

/**
 * Posts several entries at once, as {@link postEntry} does each.
 *
 * @returns for each its number, or undefined when nothing of it was left to post
 * @throws RangeError when one is out of balance; then none is posted
 */
export async function postEntries(
  tx: Queryable,
  entries: readonly NewEntry[],
): Promise<(bigint | undefined)[]> {
  const merged = entries.map((entry) => ({ ...entry, postings: mergePostings(entry.postings) }));
  const posted = merged.flatMap((entry, at) => (entry.postings.length > 0 ? [{ entry, at }] : []));
  const numbers: (bigint | undefined)[] = entries.map(() => undefined);
  if (posted.length === 0) return numbers;
  const parts = posted.flatMap(({ entry }, at) =>
    entry.postings.map((part, index) => ({ ...part, at: at + 1, posting: index + 1 })),
  );
  // Each entry takes its number before it is written, so that its parts know it.
  const { rows } = await tx.query<{ entry: bigint; at: bigint }>({
    name: 'ledger-post',
    text: `with posted as materialized (
             select nextval(pg_get_serial_sequence('ledger_entry', 'entry')) as entry, given.*
             from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[])
                  with ordinality as given (book, kind, reference, occurred_at, at)
           ), entries as (
             insert into ledger_entry (entry, book, kind, reference, occurred_at) overriding system value
             select entry, book, kind, reference, occurred_at from posted
           ), parts as (
             insert into ledger_posting (entry, posting, account, party, currency, amount)
             select posted.entry, part.posting, part.account, part.party, part.currency, part.amount
             from unnest($5::int[], $6::int[], $7::text[], $8::uuid[], $9::text[], $10::numeric[])
                  as part (at, posting, account, party, currency, amount)
             join posted using (at)
           )
           select entry, at from posted`,
    values: [
      posted.map(({ entry }) => entry.book),
      posted.map(({ entry }) => entry.kind),
      posted.map(({ entry }) => entry.reference),
      posted.map(({ entry }) => entry.occurredAt.toString()),
      parts.map(({ at }) => at),
      parts.map(({ posting }) => posting),
      parts.map(({ account }) => account),
      parts.map(({ party }) => party),
      parts.map(({ currency }) => currency),
      parts.map(({ amount }) => amount.toText()),
    ],
  });
  const numberAt = new Map(rows.map(({ entry, at }) => [at, entry]));
  for (const [index, { at }] of posted.entries()) numbers[at] = numberAt.get(BigInt(index + 1));
  return numbers;
}

/** Whose books, and with whom; what is left out holds nothing back. */
export interface LedgerFilter {
  /** The seller. */
  readonly book?: AccountId | undefined;
  /** The buyer. */
  readonly party?: AccountId | undefined;
}

/** What an account of the ledger comes to. */
export interface LedgerBalance {
  readonly book: AccountId;
  readonly account: LedgerAccount;
  readonly party: AccountId;
  readonly currency: Currency;
  /** Debits less credits; never zero. */
  readonly balance: Decimal;
}

interface BalanceRow extends Omit<LedgerBalance, 'balance'> {
  readonly balance: string;
}

/** The balances that are not zero, by book, party, currency and account. */
export async function balancesOf(
  db: Queryable,
  { book, party }: LedgerFilter = {},
): Promise<LedgerBalance[]> {
  const { rows } = await db.query<BalanceRow>({
    name: 'ledger-balances',
    text: `select e.book, p.account, p.party, p.currency, sum(p.amount) as balance
           from ledger_posting p join ledger_entry e using (entry)
           where ($1::uuid is null or e.book = $1) and ($2::uuid is null or p.party = $2)
           group by e.book, p.party, p.currency, p.account having sum(p.amount) <> 0
           order by e.book, p.party, p.currency, p.account`,
    values: [book ?? null, party ?? null],
  });
  return rows.map((row) => ({ ...row, balance: decimalOf(row.balance) }));
}

/** Which entries are listed. */
export interface EntryFilter extends LedgerFilter {
  /** Of this run, invoice or payment. */
  readonly reference?: string | undefined;
  /** Only those posted before this one. */
  readonly before?: bigint | undefined;
  readonly limit: number;
}

interface EntryRow {
  readonly entry: bigint;
  readonly book: AccountId;
  readonly kind: LedgerKind;
  readonly reference: string;
  readonly occurred_at: Instant;
  readonly accounts: LedgerAccount[];
  readonly parties: AccountId[];
  readonly currencies: Currency[];
  readonly amounts: string[];
}

/** Entries with all of their parts, the newest first. */
export async function listEntries(db: Queryable, filter: EntryFilter): Promise<LedgerEntry[]> {
  const { rows } = await db.query<EntryRow>({
    name: 'ledger-entries',
    text: `select e.*, p.accounts, p.parties, p.currencies, p.amounts
           from ledger_entry e
           cross join lateral (
             select array_agg(account order by posting) as accounts, array_agg(party order by posting) as parties,
                    array_agg(currency order by posting) as currencies, array_agg(amount order by posting) as amounts
             from ledger_posting where entry = e.entry
           ) p
           where ($1::uuid is null or e.book = $1)
             and ($2::uuid is null or exists (
               select from ledger_posting own where own.entry = e.entry and own.party = $2))
             and ($3::text is null or e.reference = $3)
             and ($4::bigint is null or e.entry < $4)
           order by e.entry desc limit $5`,
    values: [
      filter.book ?? null,
      filter.party ?? null,
      filter.reference ?? null,
      filter.before?.toString() ?? null,
      filter.limit,
    ],
  });
  return rows.map((row) => ({
    entry: row.entry,
    book: row.book,
    kind: row.kind,
    reference: row.reference,
    occurredAt: row.occurred_at,
    postings: row.amounts.flatMap((amount, at) => {
      const account = row.accounts[at];
      const party = row.parties[at];
      const currency = row.currencies[at];
      if (account === undefined || party === undefined || currency === undefined) return [];
      return [{ account, party, currency, amount: decimalOf(amount) }];
    }),
  }));
}

/** Where the ledger does not hold. */
export interface LedgerDifference {
  readonly entry: bigint;
  /** Undefined: the entry has no parts. */
  readonly currency: Currency | undefined;
  readonly difference: Decimal;
}

export interface LedgerVerdict {
  readonly entries: bigint;
  readonly balanced: boolean;
  readonly differences: readonly LedgerDifference[];
}

/** Adds all entries up again: each has parts, and they sum to zero in each currency. */
export async function verifyLedger(db: Queryable): Promise<LedgerVerdict> {
  const { rows: counted } = await db.query<{ entries: bigint }>(
    'select count(*) as entries from ledger_entry',
  );
  const { rows } = await db.query<{ entry: bigint; currency: Currency | null; difference: string }>(
    `select e.entry, p.currency, coalesce(sum(p.amount), 0) as difference
     from ledger_entry e left join ledger_posting p using (entry)
     group by e.entry, p.currency having p.currency is null or sum(p.amount) <> 0
     order by e.entry, p.currency`,
  );
  const differences = rows.map(({ entry, currency, difference }) => ({
    entry,
    currency: currency ?? undefined,
    difference: decimalOf(difference),
  }));
  return { entries: counted[0]?.entries ?? 0n, balanced: differences.length === 0, differences };
}
