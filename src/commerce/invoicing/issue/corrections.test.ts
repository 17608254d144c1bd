import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readAccountTree } from '../../accounts/index.ts';
import { balancesOf } from '../../ledger/index.ts';
import { verifyInvoices } from '../check/verify.ts';
import { listProblems } from '../problems.ts';
import { correctionsOf, linesTold } from '../test-corrections.ts';
import { METERS, withTestRoom } from '../test-room.ts';
import { issueInvoice, issueNote, previewInvoice } from './issue.ts';
import { voidInvoice } from './void.ts';

const BASE = { meterId: METERS.baseVm, price: { kind: 'flat', unitPrice: '0.008' } };
const ONCE = { recurrence: 'once', per: 'account' };

// A unit is 0.008: 12,500 are 100.00.
describe('terms of periods that are corrected', () => {
  const own = withTestRoom();
  const { used, term, setDay } = correctionsOf(own, '2027-03-01T00:00Z');

  it('give a discount once, also over two periods on one invoice', async () => {
    setDay('2026-11-05');
    const one = await own.customer();
    await term(one, 'once', { kind: 'discount', amount: '100', ...ONCE });
    await used('2026-10-02', one, '3750');
    assert.deepEqual(linesTold(await own.issue(one)), ['usage 3750 = 30 O', 'discount -1 = -30 O']);
    await used('2026-10-05', one, '6250');
    await used('2026-11-02', one, '12500');
    setDay('2026-12-05');
    // 100 in all: 30 before, 50 of the correction, and 20 are left.
    assert.deepEqual(linesTold(await own.issue(one, '202611-1')), [
      'usage 12500 = 100 O',
      'correction 6250 = 50 O of 202610-1',
      'discount -1 = -50 O of 202610-1',
      'discount -1 = -20 O',
    ]);
  });

  it('give a percentage in one period only', async () => {
    setDay('2026-12-05');
    const one = await own.customer();
    await term(one, 'once', { kind: 'discount', percent: '50', recurrence: 'once' });
    await used('2026-10-02', one, '0.1');
    await own.issue(one);
    await used('2026-11-02', one, '0.1');
    await own.issue(one, '202611-1');
    await used('2026-11-02', one, '12500');
    await used('2026-10-05', one, '12500');
    await used('2026-12-02', one, '12500');
    setDay('2027-01-05');
    const discounts = linesTold(await own.issue(one, '202612-1')).filter((line) =>
      line.startsWith('discount'),
    );
    assert.deepEqual(discounts, ['discount -1 = -50 O of 202610-1']);
  });

  it('count free quantities that were used in a correction', async () => {
    setDay('2026-11-05');
    const one = await own.customer();
    const free = { kind: 'discount', quantity: '1000', meterId: METERS.baseVm, ...ONCE };
    await term(one, 'free', free);
    await used('2026-10-02', one, '400');
    await own.issue(one);
    await used('2026-10-05', one, '500');
    // Worth less than a cent, and used up all the same.
    await used('2026-11-02', one, '0.0000001');
    setDay('2026-12-05');
    assert.deepEqual(linesTold(await own.issue(one, '202611-1')), [
      'usage 0.0000001 = 0 O',
      'correction 500 = 4 O of 202610-1',
      'discount -500 = -4 O of 202610-1',
    ]);
    await used('2026-10-06', one, '0.0001');
    await used('2026-12-02', one, '10000');
    setDay('2027-01-05');
    assert.deepEqual(linesTold(await own.issue(one, '202612-1')), [
      'usage 10000 = 80 O',
      'correction 0.0001 = 0 O of 202610-1',
      'discount -0.0001 = 0 O of 202610-1',
      'discount -99.9999 = -0.8 O',
    ]);
  });

  it('are those that had been agreed when it was invoiced', async () => {
    setDay('2026-11-05');
    const one = await own.customer();
    await used('2026-10-02', one, '12500');
    await own.issue(one);
    setDay('2026-11-06');
    await term(one, 'Fee', { kind: 'fee', amount: '10', per: 'account', prorated: false });
    await used('2026-10-05', one, '125');
    await used('2026-11-02', one, '125');
    setDay('2026-12-05');
    assert.deepEqual(linesTold(await own.issue(one, '202611-1')), [
      'usage 125 = 1 O',
      'correction 125 = 1 O of 202610-1',
      'fee 1 = 10 O',
    ]);
  });

  it('leave books in which everything adds up', async () => {
    assert.deepEqual((await verifyInvoices(own.test.database.pool)).differences, []);
  });
});

describe('a corrected period', () => {
  const own = withTestRoom();
  const { used, taxed, setDay } = correctionsOf(own, '2027-03-01T00:00Z');

  it('without a price is left out and parked by itself, and told when it goes on', async () => {
    const { pool } = own.test.database;
    setDay('2026-11-05');
    const one = await own.customer();
    await used('2026-10-02', one, '125');
    await own.issue(one);
    await own.prices([BASE]);
    await used('2026-10-03', one, '10', { meterId: METERS.windowsVm });
    await used('2026-11-02', one, '125');
    setDay('2026-12-05');
    const november = await own.issue(one, '202611-1');
    assert.deepEqual(linesTold(november), ['usage 125 = 1 O']);
    const problems = await listProblems(pool, [one.accountId]);
    assert.deepEqual(
      problems.map(({ periodName, code, attempts }) => [periodName, code, attempts]),
      [['202610-1', 'MeterWithoutPrice', 1]],
    );
    // Not told again before it would be tried again.
    assert.equal(await issueNote(own.room, one.accountId, own.changing), undefined);
    assert.equal((await listProblems(pool, [one.accountId]))[0]?.attempts, 1);
    await own.prices([
      BASE,
      { meterId: METERS.windowsVm, price: { kind: 'flat', unitPrice: '0.5' } },
    ]);
    await own.rate();
    const note = await issueNote(own.room, one.accountId, own.changing);
    assert.equal(note?.gross.toText(), '5');
    assert.deepEqual(await listProblems(pool, [one.accountId]), []);
  });

  it('without a price keeps no other on a note back, and nothing used needs none', async () => {
    const { pool } = own.test.database;
    setDay('2026-11-05');
    const one = await own.customer();
    await used('2026-10-02', one, '125');
    await own.issue(one);
    await pool.query(
      `insert into charge (account_id, period, plan, customer_subscription_id, subscription_id, meter, billable, quantity)
       select account_id, period, plan, customer_subscription_id, gen_random_uuid(), meter, billable, 0
       from charge where account_id = $1`,
      [one.accountId],
    );
    assert.equal(await issueNote(own.room, one.accountId, own.changing), undefined);
    assert.deepEqual(await own.advance('2027-02-05T00:00Z'), {
      inReview: 0,
      issued: 0,
      notes: 0,
      parked: 0,
    });
    assert.deepEqual(await listProblems(pool, [one.accountId]), []);
  });

  it('is not on the invoice where late usage goes on notes', async () => {
    setDay('2026-11-05');
    const one = await own.customer({ lateUsage: 'Note' });
    await used('2026-10-02', one, '125');
    await own.issue(one);
    await used('2026-10-03', one, '125');
    await used('2026-11-03', one, '250');
    setDay('2026-12-05');
    assert.deepEqual(linesTold(await own.issue(one, '202611-1')), ['usage 250 = 2 O']);
    const note = await issueNote(own.room, one.accountId, own.changing);
    assert.deepEqual(linesTold(note!), ['correction 125 = 1 O of 202610-1']);
  });

  it('is taxed as it was, and never beside what is outside the scope of the tax', async () => {
    const { pool } = own.test.database;
    setDay('2026-11-05');
    const one = await own.customer();
    await used('2026-10-02', one, '12500');
    await own.issue(one);
    const { root } = await readAccountTree(pool);
    await own.change(root.accountId, { taxId: 'FR40303265045' });
    await taxed('2026-11-01', '20');
    await used('2026-10-03', one, '125');
    await used('2026-11-03', one, '12500');
    setDay('2026-12-05');
    const november = await own.issue(one, '202611-1');
    assert.deepEqual(linesTold(november), ['usage 12500 = 100 S']);
    assert.equal(november.gross.toText(), '120');
    // Exempt by now; November was taxed, and what was wrong in it is given back with the tax.
    await own.change(one.accountId, { taxExemption: 'exempt since December' });
    await used('2026-11-04', one, '-12500');
    await used('2026-12-04', one, '125');
    setDay('2027-01-05');
    const december = await own.issue(one, '202612-1');
    assert.deepEqual(linesTold(december), [
      'usage -125 = -1 E',
      'correction 12500 = 100 S of 202611-1',
    ]);
    assert.deepEqual([december.kind, december.gross.toText()], ['credit-note', '119']);
    const apart = await issueNote(own.room, one.accountId, own.changing, { apart: true });
    assert.deepEqual(linesTold(apart!), ['correction 125 = 1 O of 202610-1']);
    assert.equal(
      await issueNote(own.room, one.accountId, own.changing, { apart: true }),
      undefined,
    );
  });

  it('leaves books in which everything adds up', async () => {
    assert.deepEqual((await verifyInvoices(own.test.database.pool)).differences, []);
  });
});

describe('an invoice of which no documents could be made', () => {
  const own = withTestRoom();
  const { used, taxed, setDay } = correctionsOf(own, '2027-03-01T00:00Z');

  it('is refused before it has a number', async () => {
    const { pool } = own.test.database;
    await taxed('2026-10-01', '20');
    setDay('2026-11-05');
    const one = await own.customer();
    await used('2026-10-02', one, '125');
    // The standard rate, and a seller without a number for the tax.
    await assert.rejects(own.issue(one), (error: Error) => {
      assert.match(error.message, /CHECK-000000 breaks rules .*BR-S-02/);
      return 'code' in error && error.code === 'DocumentInvalid';
    });
    const { rows } = await pool.query('select from invoice_series');
    assert.deepEqual([rows.length, (await own.period(one)).state], [0, 'Open']);
    assert.equal((await previewInvoice(own.room, await own.period(one))).gross.toText(), '1.2');
    const { root } = await readAccountTree(pool);
    await own.change(root.accountId, { taxId: 'FR40303265045' });
    assert.equal((await own.issue(one)).sequence, 1);
  });
});

describe('a period that came to a credit note', () => {
  const own = withTestRoom();
  const { used, setDay } = correctionsOf(own, '2027-03-01T00:00Z');

  it('is taken back by a debit note, and invoiced anew', async () => {
    const { pool } = own.test.database;
    setDay('2026-11-05');
    const one = await own.customer();
    await used('2026-10-02', one, '12500');
    await own.issue(one);
    await used('2026-10-03', one, '-6250');
    await used('2026-11-03', one, '125');
    setDay('2026-12-05');
    const november = await own.issue(one, '202611-1');
    assert.deepEqual([november.kind, november.gross.toText()], ['credit-note', '49']);
    const debit = await voidInvoice(own.room, november.number, 'wrong', own.changing);
    assert.deepEqual(
      [debit.kind, debit.number, debit.gross.toText(), debit.correctsNumber],
      ['debit-note', 'PRO-DN-2026-000001', '49', november.number],
    );
    assert.deepEqual(debit.dueDate, '2027-01-04');
    assert.deepEqual((await verifyInvoices(pool)).differences, []);
    const period = await own.period(one, '202611-1');
    assert.equal(period.state, 'InReview');
    assert.match(period.held ?? '', /was taken back: wrong/);
    for (const { number } of [november, debit]) {
      await assert.rejects(voidInvoice(own.room, number, 'again', own.changing), {
        code: 'InvoiceNotOpen',
      });
    }
    const anew = await issueInvoice(own.room, period, own.changing, { early: true });
    assert.deepEqual([anew?.kind, anew?.gross.toText()], ['credit-note', '49']);
    const [receivable] = (await balancesOf(pool, { party: one.accountId })).filter(
      ({ account }) => account === 'receivable',
    );
    assert.equal(receivable?.balance.toText(), '51');
    assert.deepEqual((await verifyInvoices(pool)).differences, []);
  });

  it('unlike a credit note about changes, which is not taken back', async () => {
    setDay('2026-11-05');
    const one = await own.customer();
    await used('2026-10-02', one, '12500');
    await own.issue(one);
    await used('2026-10-03', one, '-6250');
    const note = await issueNote(own.room, one.accountId, own.changing);
    assert.equal(note?.kind, 'credit-note');
    await assert.rejects(voidInvoice(own.room, note.number, 'x', own.changing), {
      code: 'InvoiceNotOpen',
    });
  });
});
