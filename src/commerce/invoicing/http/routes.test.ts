import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hourAt } from '../../../../test/support/billing.ts';
import { readAccountTree } from '../../accounts/index.ts';
import { renderDocuments } from '../../documents/index.ts';
import { advanceBilling } from '../advance/advance.ts';
import { renderDueDocuments } from '../documents/render-due.ts';
import { grantOf, itemsOf, withTestRoom, type TestCustomer } from '../test-room.ts';

describe('the interface of invoices', () => {
  const own = withTestRoom();
  let one: TestCustomer;
  let other: TestCustomer;

  it('shows a draft, issues it and shows the invoice', async () => {
    const { pool } = own.test.database;
    const { root } = await readAccountTree(pool);
    await own.change(root.accountId, { registrationId: '303265045' });
    one = await own.customer({ name: 'Shop' });
    other = await own.customer({ name: 'Other' });
    await own.use('2026-10-02T00:00Z', [{ of: one }, { of: other }]);
    const draft = await own.ask('GET', `accounts/${one.accountId}/draft`);
    assert.deepEqual(
      [draft.status, draft.body['gross'], draft.body['state']],
      [200, '0.8', 'Open'],
    );
    const named = await own.ask('GET', `accounts/${one.accountId}/draft?period=202610-1`);
    assert.deepEqual(named.body, draft.body);
    const issued = await own.ask('POST', `accounts/${one.accountId}/periods/202610-1/issue`);
    assert.equal(issued.status, 200, issued.text);
    const again = await own.ask('POST', `accounts/${one.accountId}/periods/202610-1/issue`);
    assert.deepEqual([again.status, again.code], [409, 'PeriodNotDue']);
    const shown = await own.ask('GET', 'invoices/pro-2026-000001');
    assert.deepEqual([shown.body['gross'], shown.body['open']], ['0.8', '0.8']);
    assert.deepEqual(shown.body['taxes'], [
      { category: 'O', percent: '0', base: '0.8', amount: '0', reason: 'Not subject to VAT' },
    ]);
    const lines = itemsOf(await own.ask('GET', 'invoices/PRO-2026-000001/lines'));
    assert.deepEqual(
      lines.map((line) => [line['line'], line['quantity'], line['unitPrice'], line['amount']]),
      [[1, '100', '0.008', '0.8']],
    );
    const explained = await own.ask('GET', 'invoices/PRO-2026-000001/lines/1/explanation');
    assert.equal(explained.status, 200);
  });

  it('lists by account, kind, state, period and day, page by page', async () => {
    await own.issue(other);
    const numbers = async (query: string): Promise<unknown[]> =>
      itemsOf(await own.ask('GET', `invoices${query}`)).map(({ number }) => number);
    const [first, second] = ['PRO-2026-000001', 'PRO-2026-000002'];
    assert.deepEqual(new Set(await numbers('')), new Set([first, second]));
    assert.deepEqual(await numbers(`?account=${one.accountId}`), [first]);
    assert.deepEqual(await numbers('?kind=credit-note'), []);
    assert.equal((await numbers('?state=open&period=202610-1')).length, 2);
    assert.deepEqual(await numbers('?state=settled'), []);
    assert.deepEqual(await numbers('?from=2026-11-04'), []);
    assert.equal((await numbers('?from=2026-11-03&to=2026-11-04')).length, 2);
    const { root } = await readAccountTree(own.test.database.pool);
    assert.equal((await numbers(`?issuer=${root.accountId}`)).length, 2);
    assert.deepEqual(await numbers(`?issuer=${root.accountId}&account=${one.accountId}`), [first]);
    assert.deepEqual(await numbers(`?issuer=${one.accountId}`), []);
    for (const wrong of ['issuer=x', 'kind=x', 'state=x', 'from=x', '$skiptoken=x', 'account=x']) {
      assert.ok((await own.ask('GET', `invoices?${wrong}`)).status >= 400, wrong);
    }
  });

  it('gives documents once they have been made', async () => {
    const path = 'invoices/PRO-2026-000001/documents';
    const early = await own.ask('GET', `${path}/pdf`);
    assert.deepEqual([early.status, early.code], [409, 'InvoiceDocumentNotReady']);
    await renderDueDocuments(own.room, { render: renderDocuments });
    assert.match((await own.ask('GET', `${path}/pdf`)).text, /^%PDF-/);
    assert.match((await own.ask('GET', `${path}/ubl`)).text, /PRO-2026-000001/);
    assert.equal((await own.ask('GET', `${path}/csv`)).status, 200);
    assert.equal((await own.ask('GET', `${path}/doc`)).code, 'InvalidProperty');
  });

  it('holds and releases a period, and takes an invoice back', async () => {
    const takeBack = (number: string, body: object) =>
      own.ask('POST', `invoices/${number}/void`, { body });
    assert.equal((await takeBack('PRO-2026-000002', {})).code, 'InvalidProperty');
    const note = await takeBack('PRO-2026-000002', { reason: 'wrong address' });
    assert.deepEqual(
      [note.body['kind'], note.body['corrects'], note.body['reason'], note.body['open']],
      ['credit-note', 'PRO-2026-000002', 'wrong address', '0'],
    );
    assert.equal((await own.ask('GET', 'invoices/PRO-2026-000002')).body['open'], '0');
    assert.equal((await takeBack('PRO-2026-000002', { reason: 'x' })).code, 'InvoiceNotOpen');
    const period = `accounts/${other.accountId}/periods/202610-1`;
    const released = await own.ask('POST', `${period}/release`);
    assert.deepEqual([released.body['state'], released.body['held']], ['InReview', undefined]);
    const held = await own.ask('POST', `${period}/hold`, { body: { reason: 'not yet' } });
    assert.equal(held.body['held'], 'not yet');
    assert.equal((await own.ask('POST', `${period}x/hold`, { body: { reason: 'x' } })).status, 400);
  });

  it('books payments and shows the statement', async () => {
    const body = {
      accountId: one.accountId,
      amount: '0.5',
      receivedOn: '2026-11-03',
      reference: 'bank',
      allocations: [{ number: 'PRO-2026-000001', amount: '0.3' }],
    };
    const booked = await own.ask('POST', 'payments', { body });
    assert.equal(booked.status, 200, booked.text);
    // What is left of it pays for what is due first, which is the same invoice here.
    assert.deepEqual(booked.body['allocations'], [{ number: 'PRO-2026-000001', amount: '0.5' }]);
    const statement = await own.ask('GET', `accounts/${one.accountId}/statement`);
    assert.deepEqual(
      [statement.body['closing'], statement.body['openTotal'], statement.body['to']],
      ['0.3', '0.3', '2026-11-04'],
    );
    const [paid] = itemsOf(await own.ask('GET', `invoices?account=${one.accountId}&kind=invoice`));
    assert.deepEqual([paid?.['gross'], paid?.['open']], ['0.8', '0.3']);
    const paymentId = String(booked.body['paymentId']);
    const reversal = { reverses: paymentId, receivedOn: '2026-11-03' };
    const taken = await own.ask('POST', 'payments', { body: reversal });
    assert.equal(taken.body['amount'], '-0.5');
    const listed = itemsOf(await own.ask('GET', `payments?account=${one.accountId}`));
    assert.equal(listed.length, 2);
    const wrong = [
      { ...body, amount: 5 },
      { ...body, amount: '-5', reference: 'y' },
      { ...body, receivedOn: 'yesterday' },
      { ...body, currency: 'XXY' },
      { ...body, allocations: ['PRO-2026-000001'] },
      { ...body, accountId: undefined },
      { reverses: 'x', receivedOn: '2026-11-03' },
    ];
    for (const refused of wrong) {
      const { status } = await own.ask('POST', 'payments', { body: refused });
      assert.ok(status >= 400 && status < 500, JSON.stringify(refused));
    }
  });

  it('tells what cannot be invoiced', async () => {
    await own.use('2026-10-31T23:00Z', [{ of: one, usageHour: hourAt('2026-09-15T00:00Z') }]);
    await own.change(one.accountId, { waitHours: 0, reviewDays: 0 });
    await own.test.database.pool.query(
      'update billing_account set country = null where account_id = $1',
      [one.accountId],
    );
    await advanceBilling(own.room);
    const [problem] = itemsOf(await own.ask('GET', 'billing-problems'));
    assert.deepEqual(
      [problem?.['accountId'], problem?.['period'], problem?.['code']],
      [one.accountId, '202609-1', 'BillingAccountIncomplete'],
    );
    const draft = await own.ask('GET', `accounts/${one.accountId}/draft`);
    assert.equal(draft.code, 'BillingAccountIncomplete');
    await own.change(one.accountId, { country: 'FR' });
  });

  it('shows the books', async () => {
    const { root } = await readAccountTree(own.test.database.pool);
    const balances = itemsOf(await own.ask('GET', `ledger/balances?book=${root.accountId}`));
    assert.ok(balances.some(({ account }) => account === 'receivable'));
    const [entry] = itemsOf(await own.ask('GET', 'ledger/entries?reference=PRO-2026-000001'));
    assert.equal(entry?.['kind'], 'invoice');
    assert.equal((await own.ask('GET', 'ledger/balances?party=x')).code, 'InvalidProperty');
    assert.equal((await own.ask('GET', 'ledger/balances?book=x')).code, 'BillingAccountNotFound');
  });

  it('is for the buyer to read, and for nobody else', async () => {
    const mine = { grants: grantOf('Owner', one.subscription) };
    const others = { grants: grantOf('Owner', other.subscription) };
    const path = 'invoices/PRO-2026-000001';
    for (const what of ['', '/lines', '/documents/pdf', '/lines/1/explanation']) {
      assert.equal((await own.ask('GET', `${path}${what}`, mine)).status, 200, what);
      const refused = await own.ask('GET', `${path}${what}`, others);
      assert.deepEqual([refused.status, refused.code], [404, 'InvoiceNotFound'], what);
    }
    const listed = itemsOf(await own.ask('GET', 'invoices', mine));
    assert.deepEqual(
      listed.map(({ number }) => number),
      ['PRO-2026-000001'],
    );
    assert.equal(itemsOf(await own.ask('GET', 'payments', mine)).length, 2);
    assert.equal(itemsOf(await own.ask('GET', 'payments', others)).length, 0);
    const nobody = { grants: [] };
    assert.deepEqual(itemsOf(await own.ask('GET', 'invoices', nobody)), []);
    for (const where of ['draft', 'statement']) {
      const asked = `accounts/${one.accountId}/${where}`;
      assert.equal((await own.ask('GET', asked, mine)).status, 200, where);
      assert.equal((await own.ask('GET', asked, others)).code, 'BillingAccountNotFound', where);
    }
    const named = `?account=${one.accountId}`;
    assert.equal((await own.ask('GET', `invoices${named}`, others)).status, 404);
    assert.equal((await own.ask('GET', `billing-problems${named}`, others)).status, 404);
    assert.equal((await own.ask('GET', 'ledger/balances', mine)).status, 403);
  });

  it('is for the seller to change, and not for the buyer', async () => {
    const mine = grantOf('Owner', one.subscription);
    const period = `accounts/${one.accountId}/periods/202610-1`;
    const payment = {
      accountId: one.accountId,
      amount: '1',
      receivedOn: '2026-11-03',
      reference: 'mine',
    };
    const refused = [
      own.ask('POST', 'invoices/PRO-2026-000001/void', { grants: mine, body: { reason: 'x' } }),
      own.ask('POST', `${period}/issue`, { grants: mine }),
      own.ask('POST', `${period}/hold`, { grants: mine, body: { reason: 'x' } }),
      own.ask('POST', `${period}/release`, { grants: mine }),
      own.ask('POST', 'payments', { grants: mine, body: payment }),
    ];
    for (const answer of refused) assert.equal((await answer).code, 'AuthorizationFailed');
  });
});
