import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { addCustomer, addStamp, hourAt, METERS, reportUsage } from '../../test/support/billing.ts';
import { withTestDatabase } from '../../test/support/database.ts';
import { SYSTEM } from '../audit/index.ts';
import { ensureBillingAccounts, putAccount, readAccountTree } from '../commerce/accounts/index.ts';
import { renderDocuments } from '../commerce/documents/index.ts';
import { renderDueDocuments } from '../commerce/invoicing/index.ts';
import { ensureTaxTable } from '../commerce/pricing/index.ts';
import { rateAcceptedUsage } from '../commerce/rating/index.ts';
import type { SubscriptionId } from '../kernel/index.ts';
import { fixedClock, silentLog } from '../platform/index.ts';
import { exitCodes } from './exit-codes.ts';
import { runForTest, type Ran } from './test-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'stackmeter-invoice-'));
after(() => rmSync(folder, { recursive: true }));

describe('invoice, payment and ledger', () => {
  const db = withTestDatabase();
  const clock = fixedClock(Temporal.Instant.from('2026-11-03T10:30:00Z'));
  let shop: SubscriptionId;
  let number = '';
  const run = (...argv: string[]): Promise<Ran> =>
    runForTest([...argv, '--data', folder, '--database-url', db.url]);
  const runJson = async (...argv: string[]) => {
    const { exitCode, out, err } = await run(...argv, '--json');
    assert.deepEqual([exitCode, err], [0, ''], argv.join(' '));
    return JSON.parse(out);
  };
  const says = async (expected: RegExp, ...argv: string[]) => {
    const { exitCode, out, err } = await run(...argv);
    assert.deepEqual([exitCode, err], [0, ''], argv.join(' '));
    assert.match(out, expected);
  };
  const refused = async (expected: RegExp, ...argv: string[]) => {
    const { exitCode, err } = await run(...argv);
    assert.equal(exitCode, exitCodes.failure, argv.join(' '));
    assert.match(err, expected);
  };

  before(async () => {
    const { database } = db;
    const changing = { clock, actor: SYSTEM };
    shop = await addCustomer(database, { name: 'Shop' });
    await database.transaction(async (tx) => {
      await ensureBillingAccounts(tx, clock);
      await ensureTaxTable(tx, clock);
      const tree = await readAccountTree(tx);
      const provider = { name: 'Provider', country: 'FR', registrationId: '303265045' };
      await putAccount(tx, { accountId: tree.root.accountId, ...provider }, changing);
      const { accountId } = tree.ofSubscription(shop)!;
      await putAccount(tx, { accountId, country: 'FR' }, changing);
    });
    // Long ago, since commands go by the clock of the machine.
    const from = hourAt('2025-09-01T00:00Z');
    const stamp = await addStamp(database, shop, { from });
    const row = { customer: shop, meterId: METERS.baseVm, quantity: '1000' };
    await reportUsage(database, stamp, from + 1, [
      { ...row, usageHour: from },
      { ...row, usageHour: hourAt('2025-08-10T00:00Z') },
    ]);
    await rateAcceptedUsage({ database, clock });
  });

  it('drafts, holds, releases and issues', async () => {
    await says(
      /Draft: +invoice of Provider to Shop\nPeriod: +202508-1 \(Open\)/,
      'invoice',
      'draft',
      shop,
    );
    await says(
      /1000 +0\.008 +8\.00\n\nNet: +8\.00/,
      'invoice',
      'draft',
      shop,
      '--period',
      '202509-1',
    );
    const why = ['--reason', 'to be checked'];
    await says(/not invoiced until it is released/, 'invoice', 'hold', shop, ...why);
    assert.equal((await runJson('invoice', 'draft', shop)).held, 'to be checked');
    await says(/by itself again/, 'invoice', 'release', shop);
    const { invoice } = await runJson('invoice', 'issue', shop);
    number = invoice.number;
    assert.equal(invoice.gross, '8');
    await says(/over 8\.00 USD is issued/, 'invoice', 'issue', shop);
    await refused(/no period that is not invoiced/, 'invoice', 'issue', shop);
    await refused(/no period of this name/, 'invoice', 'draft', shop, '--period', '209901-1');
    await refused(/has been invoiced/, 'invoice', 'draft', shop, '--period', '202508-1');
  });

  it('lists and shows what was issued', async () => {
    await says(/^NUMBER .*\nINV-\d{4}-000002 +invoice +Shop +202509-1/, 'invoice', 'list');
    assert.equal((await runJson('invoice', 'list', '--account', shop, '--open')).length, 2);
    assert.deepEqual(await runJson('invoice', 'list', '--kind', 'debit-note'), []);
    assert.equal((await runJson('invoice', 'list', '--period', '202508-1')).length, 1);
    await refused(/such as 2026-11-03/, 'invoice', 'list', '--from', 'monday');
    await says(/Seller: +Provider\nBuyer: +Shop[^]*Gross: +8\.00 USD/, 'invoice', 'show', number);
    assert.equal((await runJson('invoice', 'show', number)).lines[0].amount, '8');
    assert.equal((await runJson('invoice', 'lines', number)).length, 1);
    await says(/Shop +Base VM/, 'invoice', 'lines', number);
    await refused(/no invoice 'INV-1'/, 'invoice', 'show', 'INV-1');
    await says(/Base VM/, 'invoice', 'explain', number, '--line', '1');
  });

  it('writes documents once they have been made', async () => {
    const file = join(folder, 'invoice.pdf');
    const write = ['invoice', 'document', number, '--output', file] as const;
    await refused(/has not been made yet/, ...write);
    const room = { database: db.database, clock, log: silentLog };
    // What was issued by the clock of the machine is due by that clock.
    clock.set(Temporal.Instant.from('2100-01-01T00:00Z'));
    await renderDueDocuments(room, { render: renderDocuments });
    await says(/The pdf of INV-\d{4}-000001 is in/, ...write);
    assert.equal(readFileSync(file).subarray(0, 5).toString(), '%PDF-');
    await says(
      /The csv/,
      'invoice',
      'document',
      number,
      '--kind',
      'csv',
      '--output',
      `${file}.csv`,
    );
    await refused(/cannot be written/, 'invoice', 'document', number, '--output', '/no/such/x');
  });

  it('books payments, takes them back and shows the statement', async () => {
    const pay = ['payment', 'add', shop, '--amount', '10', '--reference', 'bank 1'] as const;
    const paid = await runJson(...pay, '--received', '2026-01-05');
    assert.equal(paid.allocations.length, 2);
    await refused(/another payment/, ...pay, '--received', '2026-01-06');
    const euros = ['--amount', '1', '--reference', 'x', '--currency', 'EUR'];
    await refused(/pays in USD/, 'payment', 'add', shop, ...euros);
    const named = ['--amount', '7', '--reference', 'bank 2', '--received', '2026-01-07'];
    await says(
      /6\.00 for INV-\d{4}-000002, 1\.00 to the good/,
      'payment',
      'add',
      shop,
      ...named,
      '--invoice',
      number.replace(/1$/, '2=6'),
    );
    await says(/-8\.00 for/, 'payment', 'reverse', paid.paymentId, '--received', '2026-01-08');
    await says(/bank 2 +INV/, 'payment', 'list', '--account', shop);
    assert.equal((await runJson('payment', 'list')).length, 3);
    const statement = await runJson('payment', 'statement', shop, '--from', '2026-01-01');
    assert.deepEqual([statement.closing, statement.openTotal], ['9', '9']);
    await says(/Closing: +9\.00 USD\nTo pay: +7\.00 of INV-/, 'payment', 'statement', shop);
  });

  it('takes an invoice back', async () => {
    await says(/-CN-\d{4}-000001 over 8\.00 USD takes/, 'invoice', 'void', number, '--reason', 'x');
    await refused(/cannot be taken back/, 'invoice', 'void', number, '--reason', 'x');
  });

  it('shows the books', async () => {
    await says(/Provider +Shop +receivable +USD/, 'ledger', 'balances');
    assert.ok((await runJson('ledger', 'balances', '--book', 'provider')).length > 0);
    await says(/credit-note/, 'ledger', 'list', '--party', shop, '--limit', '1');
    assert.equal((await runJson('ledger', 'list', '--reference', number))[0].kind, 'invoice');
    await refused(/1 to 9999/, 'ledger', 'list', '--limit', '0');
  });

  it('checks what there is, and ends with 3 when something is wrong', async () => {
    await says(/^3 invoices hold/, 'invoice', 'verify');
    await says(/entries are in balance/, 'ledger', 'verify');
    // The credit note was made by the clock of the machine and has no documents yet; that is no problem.
    await says(/^There are no problems/, 'invoice', 'problems');
    const { pool } = db.database;
    await pool.query('update invoice_series set next_number = next_number + 1');
    await pool.query(`update invoice_document_due set problem = 'BR-08', attempts = 1`);
    const verified = await run('invoice', 'verify');
    assert.equal(verified.exitCode, exitCodes.differs);
    assert.match(verified.out, /the next is/);
    const problems = await run('invoice', 'problems');
    assert.equal(problems.exitCode, exitCodes.differs);
    assert.match(problems.out, /BR-08/);
    const json = await run('invoice', 'problems', '--json');
    assert.equal(JSON.parse(json.out).documents.length, 1);
  });
});
