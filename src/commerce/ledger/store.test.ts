import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { withTestDatabase } from '../../../test/support/database.ts';
import { Decimal, parseCurrency } from '../../kernel/index.ts';
import type { AccountId } from '../accounts/index.ts';
import type { LedgerAccount, NewEntry, Posting } from './entry.ts';
import { balancesOf, listEntries, postEntries, postEntry, verifyLedger } from './store.ts';
import { insertTestAccounts } from './test-accounts.ts';

const EUR = parseCurrency('EUR')!;
const AT = Temporal.Instant.from('2026-11-01T00:00:00Z');

describe('the ledger', () => {
  const test = withTestDatabase();
  let book: AccountId;
  let one: AccountId;
  let other: AccountId;

  before(async () => {
    const made = await insertTestAccounts(test.database.pool, 2);
    book = made.provider;
    one = made.partners[0]!;
    other = made.partners[1]!;
  });

  const part = (account: LedgerAccount, amount: string, party = one): Posting => ({
    account,
    party,
    currency: EUR,
    amount: Decimal.parse(amount)!,
  });
  const entry = (reference: string, ...postings: Posting[]): NewEntry => ({
    book,
    kind: 'usage',
    reference,
    occurredAt: AT,
    postings,
  });
  const post = (...entries: NewEntry[]) =>
    test.database.transaction((tx) => postEntries(tx, entries));

  it('keeps entries exactly, and leaves out what is zero', async () => {
    const [first, none, second] = await post(
      entry(
        '1',
        part('unbilled', '1.000000000000000000001'),
        part('revenue', '-1.000000000000000000001'),
      ),
      entry('2', part('unbilled', '5'), part('unbilled', '-5'), part('revenue', '0')),
      entry('3', part('unbilled', '2', other), part('revenue', '-2', other)),
    );
    assert.equal(none, undefined);
    assert.ok(first !== undefined && second !== undefined && second > first);
    const [newest, oldest] = await listEntries(test.database.pool, { book, limit: 10 });
    assert.equal(newest?.reference, '3');
    assert.equal(oldest?.entry, first);
    assert.deepEqual(
      oldest?.postings.map(({ account, amount }) => [account, amount.toText()]),
      [
        ['unbilled', '1.000000000000000000001'],
        ['revenue', '-1.000000000000000000001'],
      ],
    );
    assert.equal(oldest?.occurredAt.toString(), AT.toString());
  });

  it('lists the entries of one party, of one reference, and page by page', async () => {
    const { pool } = test.database;
    const ofOther = await listEntries(pool, { party: other, limit: 10 });
    assert.deepEqual(
      ofOther.map(({ reference }) => reference),
      ['3'],
    );
    const first = await listEntries(pool, { reference: '1', limit: 10 });
    assert.equal(first.length, 1);
    const page = await listEntries(pool, { limit: 1 });
    const next = await listEntries(pool, { before: page[0]!.entry, limit: 1 });
    assert.deepEqual(
      [...page, ...next].map(({ reference }) => reference),
      ['3', '1'],
    );
  });

  it('gives the balances that are not zero', async () => {
    await post(entry('4', part('receivable', '2', other), part('unbilled', '-2', other)));
    const balances = await balancesOf(test.database.pool, { book, party: other });
    assert.deepEqual(
      balances.map(({ account, balance }) => [account, balance.toText()]),
      [
        ['receivable', '2'],
        ['revenue', '-2'],
      ],
    );
    assert.deepEqual(await balancesOf(test.database.pool, { book: other }), []);
  });

  it('holds over all entries', async () => {
    const verdict = await verifyLedger(test.database.pool);
    assert.deepEqual(verdict, { entries: 3n, balanced: true, differences: [] });
  });

  it('refuses what is out of balance before and at the end of the transaction', async () => {
    const wrong = entry('5', part('cash', '1'), part('receivable', '-2'));
    await assert.rejects(post(wrong), RangeError);
    const { database } = test;
    const behind = database.transaction(async (tx) => {
      const posted = await postEntry(tx, entry('6', part('cash', '1'), part('receivable', '-1')));
      await tx.query(`insert into ledger_posting values ($1, 9, 'cash', $2, 'EUR', 1)`, [
        posted,
        one,
      ]);
    });
    await assert.rejects(behind, /out of balance by 1/);
  });

  it('finds an entry that somebody has put out of balance behind its back', async () => {
    const { database } = test;
    const posted = await database.transaction((tx) =>
      postEntry(tx, entry('7', part('cash', '1'), part('receivable', '-1'))),
    );
    await database.transaction(async (tx) => {
      await tx.query('alter table ledger_posting disable trigger user');
      await tx.query(`update ledger_posting set amount = 3 where entry = $1 and account = 'cash'`, [
        posted,
      ]);
      await tx.query('alter table ledger_posting enable trigger user');
    });
    const { balanced, differences } = await verifyLedger(database.pool);
    assert.equal(balanced, false);
    assert.deepEqual(
      differences.map(({ entry: at, difference }) => [at, difference.toText()]),
      [[posted, '2']],
    );
  });

  it('is append-only', async () => {
    const { pool } = test.database;
    await assert.rejects(
      pool.query('update ledger_entry set reference = $1', ['x']),
      /append-only/,
    );
    await assert.rejects(pool.query('delete from ledger_posting'), /append-only/);
  });
});
