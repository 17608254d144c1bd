import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { listAudit } from '../../../audit/index.ts';
import { hourNumber } from '../../../kernel/index.ts';
import { addTerm, findPeriod } from '../../accounts/index.ts';
import { balancesOf, listEntries } from '../../ledger/index.ts';
import { parseTerm } from '../../pricing/index.ts';
import { verifyInvoices } from '../check/verify.ts';
import { findInvoice, fullInvoice } from '../store.ts';
import { decimal } from '../test-lines.ts';
import { METERS, withTestRoom, type TestCustomer } from '../test-room.ts';
import { setHold } from './hold.ts';
import { issueInvoice, previewInvoice } from './issue.ts';
import { voidInvoice } from './void.ts';

describe('issuing', () => {
  const own = withTestRoom();

  it('takes the charges, a number, and posts what is printed', async () => {
    const one = await own.customer();
    await own.use('2026-10-02T00:00Z', [
      { of: one, quantity: '100.0625' },
      { of: one, quantity: '10', meterId: METERS.windowsVm },
    ]);
    const draft = await previewInvoice(own.room, await own.period(one));
    const invoice = await own.issue(one);
    assert.equal(invoice.number, 'PRO-2026-000001');
    assert.deepEqual(draft.lines, invoice.lines);
    // 100.0625 x 0.008 = 0.8005 -> 0.80; 10 x 0.046 = 0.46
    assert.deepEqual(
      invoice.lines.map((line) => [
        line.quantity.toText(),
        line.unitPrice?.toText(),
        line.exactAmount.toText(),
        line.amount.toText(),
      ]),
      [
        ['100.0625', '0.008', '0.8005', '0.8'],
        ['10', '0.046', '0.46', '0.46'],
      ],
    );
    assert.deepEqual([invoice.issueDate, invoice.dueDate], ['2026-11-03', '2026-12-03']);
    const { pool } = own.test.database;
    const kept = await fullInvoice(pool, (await findInvoice(pool, 'pro-2026-000001'))!);
    const { parties, open, ...figures } = kept;
    assert.equal(open.toText(), invoice.gross.toText());
    assert.deepEqual({ ...figures, parties: invoice.parties }, invoice);
    assert.deepEqual(parties, JSON.parse(JSON.stringify(invoice.parties)));
    const [entry] = await listEntries(pool, { reference: invoice.number, limit: 2 });
    assert.deepEqual(
      entry?.postings.map(({ account, amount }) => [account, amount.toText()]),
      [
        ['receivable', '1.26'],
        ['unbilled', '-1.2605'],
        ['rounding', '0.0005'],
      ],
    );
    const balances = await balancesOf(pool, { party: one.accountId });
    assert.ok(balances.every(({ account }) => account !== 'unbilled'));
    assert.equal((await own.period(one)).state, 'Issued');
    const target = `/invoices/${invoice.number}`;
    const [event] = await listAudit(pool, { after: 0n, limit: 2, target });
    assert.equal(event?.action, 'Stackmeter.Billing/invoices/write');
  });

  it('is done once: a period that was invoiced is refused', async () => {
    const one = await own.customer();
    await own.use('2026-10-03T00:00Z', [{ of: one }]);
    await own.issue(one);
    await assert.rejects(own.issue(one), { code: 'PeriodNotDue' });
    const period = await own.period(one);
    await assert.rejects(previewInvoice(own.room, period), { code: 'PeriodNotDue' });
  });

  it('by two at the same time gives one invoice', async () => {
    const one = await own.customer();
    await own.use('2026-10-04T00:00Z', [{ of: one }]);
    const both = await Promise.allSettled([own.issue(one), own.issue(one), own.issue(one)]);
    assert.equal(both.filter(({ status }) => status === 'fulfilled').length, 1);
  });

  it('waits for the end of the period, and for review and release unless it is early', async () => {
    const one = await own.customer();
    await own.use('2026-11-03T05:00Z', [{ of: one }]);
    await assert.rejects(own.issue(one, '202611-1'), /has not ended/);
    await own.use('2026-10-05T00:00Z'.replace('10-05', '11-04'), [
      { of: one, usageHour: (await own.period(one, '202611-1')).fromHour - 1 },
    ]);
    const period = await own.period(one);
    const late = issueInvoice(own.room, period, own.changing);
    await assert.rejects(late, /may not be complete/);
    const held = await setHold(own.room, period, 'wrong address', own.changing);
    assert.equal(held.held, 'wrong address');
    await setHold(own.room, period, undefined, own.changing);
    assert.equal((await own.issue(one)).lines.length, 1);
    await assert.rejects(setHold(own.room, period, 'x', own.changing), { code: 'PeriodNotDue' });
  });

  it('of nothing takes no number, and what has a meter without a price is refused', async () => {
    const one = await own.customer();
    const two = await own.customer();
    const unpaid = { billable: false, meterId: METERS.baseVm };
    await own.use('2026-11-05T00:00Z', [
      { of: one, usageHour: hour('2026-10-06T00:00Z'), quantity: '0' },
      { of: two, usageHour: hour('2026-10-06T00:00Z'), ...unpaid },
    ]);
    const before = await own.test.database.pool.query('select next_number from invoice_series');
    const none = await issueInvoice(own.room, await own.period(one), own.changing, { early: true });
    assert.equal(none, undefined);
    const afterwards = await own.test.database.pool.query('select next_number from invoice_series');
    assert.deepEqual(afterwards.rows, before.rows);
    assert.equal((await own.period(one)).state, 'Issued');
    const free = await own.issue(two);
    assert.deepEqual(
      free.lines.map(({ unitPrice, amount }) => [unitPrice?.toText(), amount.toText()]),
      [['0', '0']],
    );
  });

  it('is refused while the account lacks a country, or the table of taxes an entry', async () => {
    const { pool } = own.test.database;
    const one = await own.customer({ country: undefined });
    await own.use('2026-11-06T00:00Z', [{ of: one, usageHour: hour('2026-10-07T00:00Z') }]);
    await assert.rejects(own.issue(one), /its country is missing/);
    await own.change(one.accountId, { country: 'FR' });
    await pool.query('alter table tax_rate rename to tax_rate_away');
    await pool.query('create table tax_rate (like tax_rate_away)');
    await assert.rejects(own.issue(one), { code: 'TaxUnknown' });
    await pool.query('drop table tax_rate');
    await pool.query('alter table tax_rate_away rename to tax_rate');
    await own.issue(one);
  });

  it('charges terms; once means once, and again after the invoice was taken back', async () => {
    const one = await own.customer();
    const add = (name: string, fields: Record<string, unknown>) =>
      own.test.database.transaction((tx) =>
        addTerm(
          tx,
          one.accountId,
          { name, definition: parseTerm(fields), effectiveFrom: hourNumber(0) },
          own.changing,
        ),
      );
    await add('Support', { kind: 'fee', amount: '10' });
    await add('Welcome', { kind: 'discount', amount: '0.5', recurrence: 'once' });
    await add('Prepaid', { kind: 'credit', amount: '12', recurrence: 'once' });
    const amounts = (invoice: Awaited<ReturnType<typeof own.issue>>) =>
      invoice.lines.map(({ description, amount }) => `${description} ${amount.toText()}`);
    await own.use('2026-11-07T00:00Z', [{ of: one, usageHour: hour('2026-10-08T00:00Z') }]);
    const october = await own.issue(one);
    // 0.80 - 0.50 + 10 = 10.30, all of it paid by the credit
    assert.deepEqual(amounts(october).slice(1), ['Welcome -0.5', 'Support 10', 'Prepaid -10.3']);
    assert.equal(october.gross.toText(), '0');
    await voidInvoice(own.room, october.number, 'test', own.changing);
    const again = await own.issue(one);
    assert.deepEqual(amounts(again), amounts(october));
    own.clock.set(Temporal.Instant.from('2026-12-03T00:00:00Z'));
    await own.use('2026-11-08T00:00Z', [{ of: one }]);
    const november = await own.issue(one, '202611-1');
    assert.deepEqual(amounts(november).slice(1), ['Support 10', 'Prepaid -1.7']);
    assert.equal(november.gross.toText(), '9.1');
    own.clock.set(Temporal.Instant.from('2026-11-10T00:00:00Z'));
  });

  it('invoices what changed in periods that were invoiced, terms included', async () => {
    const one = await own.customer();
    await own.test.database.transaction((tx) =>
      addTerm(
        tx,
        one.accountId,
        {
          name: 'Half off',
          definition: parseTerm({ kind: 'discount', percent: '50' }),
          effectiveFrom: hourNumber(0),
        },
        own.changing,
      ),
    );
    await own.use('2026-11-11T00:00Z', [{ of: one, usageHour: hour('2026-10-09T00:00Z') }]);
    const october = await own.issue(one);
    assert.equal(october.gross.toText(), '0.4');
    await own.use('2026-11-12T00:00Z', [
      { of: one, usageHour: hour('2026-10-09T01:00Z'), quantity: '50' },
      { of: one, quantity: '200' },
    ]);
    own.clock.set(Temporal.Instant.from('2026-12-03T00:00:00Z'));
    const november = await own.issue(one, '202611-1');
    assert.deepEqual(
      november.lines.map((line) => [line.kind, line.correctsPeriod, line.amount.toText()]),
      [
        ['usage', undefined, '1.6'],
        ['correction', '202610-1', '0.4'],
        ['discount', '202610-1', '-0.2'],
        ['discount', undefined, '-0.8'],
      ],
    );
    own.clock.set(Temporal.Instant.from('2026-11-13T00:00:00Z'));
  });

  it('numbers a seller by itself, and makes a credit note of what is less than nothing', async () => {
    const one = await own.customer();
    await own.use('2026-11-14T00:00Z', [{ of: one, usageHour: hour('2026-10-10T00:00Z') }]);
    await own.issue(one);
    await own.use('2026-11-15T00:00Z', [
      { of: one, usageHour: hour('2026-10-10T01:00Z'), quantity: '-60' },
      { of: one, quantity: '10' },
    ]);
    own.clock.set(Temporal.Instant.from('2026-12-03T00:00:00Z'));
    const note = await own.issue(one, '202611-1');
    assert.equal(note.number, 'PRO-CN-2026-000002');
    // 10 x 0.008 - 60 x 0.008 = -0.40: given back
    assert.deepEqual([note.kind, note.gross.toText()], ['credit-note', '0.4']);
    assert.deepEqual(
      note.lines.map(({ quantity, amount }) => [quantity.toText(), amount.toText()]),
      [
        ['-10', '-0.08'],
        ['60', '0.48'],
      ],
    );
    own.clock.set(Temporal.Instant.from('2026-11-16T00:00:00Z'));
  });

  it('is taken back by a credit note, once; its period waits until it is released', async () => {
    const one = await own.customer();
    await own.use('2026-11-17T00:00Z', [{ of: one, usageHour: hour('2026-10-11T00:00Z') }]);
    const invoice = await own.issue(one);
    const note = await voidInvoice(own.room, invoice.number, 'wrong price', own.changing);
    assert.deepEqual(
      [note.kind, note.correctsNumber, note.gross.toText(), note.reason],
      ['credit-note', invoice.number, invoice.gross.toText(), 'wrong price'],
    );
    assert.deepEqual(
      note.lines.map(({ kind, cancels }) => [kind, cancels]),
      [['cancellation', 1]],
    );
    const period = await own.period(one);
    assert.equal(period.state, 'InReview');
    assert.match(period.held ?? '', /was taken back: wrong price/);
    await assert.rejects(voidInvoice(own.room, invoice.number, 'again', own.changing), {
      code: 'InvoiceNotOpen',
    });
    await assert.rejects(voidInvoice(own.room, 'PRO-1', 'x', own.changing), {
      code: 'InvoiceNotFound',
    });
    await assert.rejects(issueInvoice(own.room, period, own.changing), /is held/);
    const next = await own.issue(one);
    assert.ok(next.gross.equals(invoice.gross) && next.sequence > invoice.sequence);
    const owed = await balancesOf(own.test.database.pool, { party: one.accountId });
    const receivable = owed.find(({ account }) => account === 'receivable');
    assert.ok(receivable?.balance.equals(decimal('0.8')));
  });

  it('leaves nothing behind when it fails at the end: the number goes to the next', async () => {
    const { pool } = own.test.database;
    const [one, two] = [await own.customer(), await own.customer()];
    await own.use('2026-11-18T00:00Z', [
      { of: one, usageHour: hour('2026-10-12T00:00Z') },
      { of: two, usageHour: hour('2026-10-12T00:00Z') },
    ]);
    await pool.query('alter table invoice_document_due rename to away');
    await assert.rejects(own.issue(one), /invoice_document_due/);
    await pool.query('alter table away rename to invoice_document_due');
    const [first, second] = [await own.issue(two), await own.issue(one)];
    assert.equal(second.sequence, first.sequence + 1);
  });

  it('of a customer below an enterprise is the enterprise’s, with the customer named', async () => {
    const group: TestCustomer = await own.customer({ kind: 'enterprise', name: 'Group' });
    const site = await own.customer({ name: 'Site' });
    await own.change(site.accountId, { parentId: group.accountId });
    await own.use('2026-11-19T00:00Z', [{ of: site, usageHour: hour('2026-10-13T00:00Z') }]);
    assert.equal(await findPeriod(own.test.database.pool, site.accountId, '202610-1'), undefined);
    const invoice = await own.issue(group);
    assert.deepEqual(
      [invoice.parties.buyer.name, invoice.parties.customers[site.subscription]],
      ['Group', 'Site'],
    );
    assert.equal(invoice.lines[0]?.customerSubscriptionId, site.subscription);
  });

  it('leaves books in which everything adds up', async () => {
    const { invoices, differences } = await verifyInvoices(own.test.database.pool);
    assert.deepEqual(differences, []);
    assert.ok(invoices > 15n);
  });
});

function hour(text: string): number {
  return Temporal.Instant.from(text).epochMilliseconds / 3_600_000;
}
