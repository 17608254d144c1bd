import { Decimal, type Currency, type Instant } from '../../kernel/index.ts';
import { decimalOf, type Queryable } from '../../platform/index.ts';
import { readAccountTree } from '../../commerce/accounts/index.ts';
import type { LedgerAccount, LedgerKind } from '../../commerce/ledger/index.ts';
import type { TableColumn, TableRow } from '../formats/index.ts';
import type { ExportSource } from './source.ts';

const COLUMNS: readonly TableColumn[] = [
  { name: 'EntryId', type: 'String' },
  { name: 'Posting', type: 'Decimal' },
  { name: 'Date', type: 'DateTime' },
  { name: 'AccountCode', type: 'String' },
  { name: 'Debit', type: 'Decimal', scale: 24 },
  { name: 'Credit', type: 'Decimal', scale: 24 },
  { name: 'Currency', type: 'String' },
  { name: 'DocumentType', type: 'String' },
  { name: 'DocumentNumber', type: 'String', isTyped: true },
  { name: 'CustomerId', type: 'String' },
  { name: 'CustomerName', type: 'String', isTyped: true },
  { name: 'Text', type: 'String', isTyped: true },
];

/** What entries are about, as books say it. */
const TEXTS: Readonly<Record<LedgerKind, string>> = {
  usage: 'Usage rated',
  rerating: 'Usage rated anew',
  invoice: 'Invoice',
  'credit-note': 'Credit note',
  'debit-note': 'Debit note',
  payment: 'Payment',
  'write-off': 'Written off',
};

/** A month is closed so long after its end: what was under way then has been posted. */
const GRACE_HOURS = 1;

/** The book of an issuer, by month of posting in UTC. */
export const journalSource: ExportSource = {
  partitions: async (db, { accountId }, now) => {
    const { rows } = await db.query<{ month: string; entries: bigint; is_over: boolean }>(
      `select to_char(occurred_at at time zone 'UTC', 'YYYYMM') as month, count(*) as entries,
              date_trunc('month', max(occurred_at) at time zone 'UTC') + interval '1 month' + $2::interval
                <= $3::timestamptz at time zone 'UTC' as is_over
       from ledger_entry where book = $1 group by 1 order by 1`,
      [accountId, `${GRACE_HOURS} hours`, now.toString()],
    );
    return rows.map(({ month, entries, is_over: isClosed }) => ({
      name: month,
      isClosed,
      mark: `${isClosed ? 'closed' : 'open'} ${entries}`,
    }));
  },
  open: async (tx, { accountId }, { name: month }) => {
    const books = new Books();
    return {
      focusVersion: undefined,
      generator: (await readAccountTree(tx)).root.name,
      tables: [{ name: 'Journal', columns: COLUMNS, rows: () => books.read(tx, accountId, month) }],
      summary: () => Promise.resolve({ totals: books.totals() }),
    };
  },
};

interface PostingRow {
  readonly entry: bigint;
  readonly posting: number;
  readonly kind: LedgerKind;
  readonly reference: string;
  readonly occurred_at: Instant;
  readonly account: LedgerAccount;
  readonly party: string;
  readonly party_name: string;
  readonly currency: Currency;
  readonly amount: string;
}

interface Sums {
  readonly debit: Decimal;
  readonly credit: Decimal;
}

const PAGE = 2000;
const NOTHING: Sums = { debit: Decimal.zero, credit: Decimal.zero };

/** Reads postings and adds both sides up: each entry has to be balanced, and so all of them together. */
class Books {
  #totals = new Map<string, Sums>();

  async *read(tx: Queryable, book: string, month: string): AsyncGenerator<TableRow> {
    this.#totals = new Map();
    let after: PostingRow | undefined;
    let open = Decimal.zero;
    for (;;) {
      const page = await readPage(tx, book, month, after);
      for (const row of page) {
        const isNext = after !== undefined && after.entry !== row.entry;
        if (isNext) requireBalance(after, open);
        if (isNext) open = Decimal.zero;
        const amount = decimalOf(row.amount);
        open = open.add(amount);
        this.#add(row.currency, amount);
        yield toRow(row, amount);
        after = row;
      }
      if (page.length < PAGE) break;
    }
    requireBalance(after, open);
  }

  #add(currency: string, amount: Decimal): void {
    const { debit, credit } = this.#totals.get(currency) ?? NOTHING;
    this.#totals.set(
      currency,
      amount.isNegative()
        ? { debit, credit: credit.subtract(amount) }
        : { debit: debit.add(amount), credit },
    );
  }

  /** @throws Error when debits and credits differ */
  totals(): readonly Readonly<Record<string, string>>[] {
    return [...this.#totals].map(([currency, { debit, credit }]) => {
      if (debit.equals(credit)) {
        return { currency, debit: debit.toText(), credit: credit.toText() };
      }
      throw new Error(`the journal is out of balance in ${currency}`);
    });
  }
}

function requireBalance(last: PostingRow | undefined, open: Decimal): void {
  if (last !== undefined && !open.isZero()) {
    throw new Error(`the entry ${last.entry} is out of balance by ${open.toText()}`);
  }
}

async function readPage(
  tx: Queryable,
  book: string,
  month: string,
  after: PostingRow | undefined,
): Promise<PostingRow[]> {
  const from = `${month.slice(0, 4)}-${month.slice(4, 6)}-01T00:00:00Z`;
  const { rows } = await tx.query<PostingRow>({
    name: 'journal-page',
    text: `select e.entry, p.posting, e.kind, e.reference, e.occurred_at, p.account, p.party, a.name as party_name,
                  p.currency, p.amount
           from ledger_entry e join ledger_posting p using (entry) join billing_account a on a.account_id = p.party
           where e.book = $1 and e.occurred_at >= $2::timestamptz and e.occurred_at < $2::timestamptz + interval '1 month'
             and ($3::bigint is null or (e.entry, p.posting) > ($3, $4::int))
           order by e.entry, p.posting limit ${PAGE}`,
    values: [book, from, after?.entry.toString() ?? null, after?.posting ?? null],
  });
  return rows;
}

function toRow(row: PostingRow, amount: Decimal): TableRow {
  const { kind, reference } = row;
  const isCredit = amount.isNegative();
  return [
    row.entry.toString(),
    row.posting.toString(),
    row.occurred_at.round({ smallestUnit: 'second', roundingMode: 'floor' }).toString(),
    row.account,
    isCredit ? null : amount.toText(),
    isCredit ? amount.negate().toText() : null,
    row.currency,
    kind,
    reference,
    `/billingAccounts/${row.party}`,
    row.party_name,
    `${TEXTS[kind]} ${reference}`,
  ];
}
