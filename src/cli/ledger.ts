import {
  balancesOf,
  listEntries,
  toWireBalance,
  toWireEntry,
  verifyLedger,
} from '../commerce/ledger/index.ts';
import type { AccountId, AccountTree } from '../commerce/accounts/index.ts';
import { readAccounts, requireAccount } from './account.ts';
import { parseArgument, type Arguments } from './arguments.ts';
import { withStamp, type Context } from './context.ts';
import { exitCodes, type ExitCode } from './exit-codes.ts';
import { toJson, toTable, write } from './output.ts';

const LISTED = '50';

/** `ledger list` */
export async function list(context: Context, values: Arguments): Promise<void> {
  const limit = parseArgument(
    '--limit',
    values.optional('limit') ?? LISTED,
    (text) => (/^[1-9]\d{0,3}$/.test(text) ? Number.parseInt(text, 10) : undefined),
    'it is a number from 1 to 9999',
  );
  const { entries, accounts } = await withStamp(context, async (open) => {
    const tree = await readAccounts(open);
    const filter = { ...sides(tree, values), reference: values.optional('reference'), limit };
    return { entries: await listEntries(open.database.pool, filter), accounts: tree };
  });
  const text = context.json
    ? toJson(entries.map(toWireEntry))
    : toTable(
        ['ENTRY', 'TIME', 'BOOK', 'KIND', 'REFERENCE', 'ACCOUNT', 'PARTY', 'CURRENCY', 'AMOUNT'],
        entries.flatMap((entry) =>
          entry.postings.map((posting, at) => [
            at === 0 ? entry.entry.toString() : '',
            at === 0 ? entry.occurredAt.toString() : '',
            at === 0 ? nameOf(accounts, entry.book) : '',
            at === 0 ? entry.kind : '',
            at === 0 ? entry.reference : '',
            posting.account,
            nameOf(accounts, posting.party),
            posting.currency,
            posting.amount.toText(),
          ]),
        ),
      );
  await write(context.output.out, text);
}

/** `ledger balances` */
export async function balances(context: Context, values: Arguments): Promise<void> {
  const { found, accounts } = await withStamp(context, async (open) => {
    const tree = await readAccounts(open);
    return { found: await balancesOf(open.database.pool, sides(tree, values)), accounts: tree };
  });
  const text = context.json
    ? toJson(found.map(toWireBalance))
    : toTable(
        ['BOOK', 'PARTY', 'ACCOUNT', 'CURRENCY', 'BALANCE'],
        found.map((one) => [
          nameOf(accounts, one.book),
          nameOf(accounts, one.party),
          one.account,
          one.currency,
          one.balance.toText(),
        ]),
      );
  await write(context.output.out, text);
}

/** `ledger verify`: ends with 3 when an entry is out of balance. */
export async function verify(context: Context): Promise<ExitCode> {
  const { entries, balanced, differences } = await withStamp(context, ({ database }) =>
    database.transaction((tx) => verifyLedger(tx), {
      readOnly: true,
      isolation: 'repeatable read',
    }),
  );
  const rows = differences.map(({ entry, currency, difference }) => ({
    entry: entry.toString(),
    currency: currency ?? '',
    difference: difference.toText(),
  }));
  const text = context.json
    ? toJson({ entries, balanced, differences: rows })
    : balanced
      ? `${entries} entries are in balance.\n`
      : toTable(
          ['ENTRY', 'CURRENCY', 'DIFFERENCE'],
          rows.map((one) => [one.entry, one.currency, one.difference]),
        );
  await write(context.output.out, text);
  return balanced ? exitCodes.ok : exitCodes.differs;
}

function sides(
  accounts: AccountTree,
  values: Arguments,
): { readonly book: AccountId | undefined; readonly party: AccountId | undefined } {
  const read = (name: string): AccountId | undefined => {
    const text = values.optional(name);
    return text === undefined ? undefined : requireAccount(accounts, text).accountId;
  };
  return { book: read('book'), party: read('party') };
}

function nameOf(accounts: AccountTree, id: AccountId): string {
  return accounts.get(id)?.name ?? id;
}
