import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { balancesOf } from '../../ledger/index.ts';
import { verifyInvoices } from '../check/verify.ts';
import { voidInvoice } from '../issue/void.ts';
import { decimal, EUR } from '../test-lines.ts';
import { withTestRoom, type TestCustomer } from '../test-room.ts';
import { heardOf, hearOf } from '../test-webhooks.ts';
import { openItems } from './open-items.ts';
import { listPayments } from './payment-store.ts';
import { recordPayment, reversePayment } from './record.ts';
import { remindOverdue } from './reminders.ts';
import { statementOf } from './statement.ts';

describe('payments', () => {
  const own = withTestRoom();
  let one: TestCustomer;
  const pay = (amount: string, reference: string, numbers?: readonly string[]) =>
    recordPayment(
      own.room,
      {
        accountId: one.accountId,
        amount: decimal(amount),
        receivedOn: '2026-11-20',
        reference,
        allocations: numbers?.map((number) => ({ number })),
      },
      own.changing,
    );
  const open = async (): Promise<string[]> => {
    const items = await openItems(own.test.database.pool, one);
    return items.map((item) => `${item.number} ${item.open.toText()}`);
  };

  it('pay what is due first, in part and more than is owed', async () => {
    one = await own.customer({ paymentDays: 10 });
    await hearOf(own.test.database.pool, one.accountId);
    await own.use('2026-10-02T00:00Z', [{ of: one, quantity: '1000' }]);
    await own.issue(one);
    own.clock.set(Temporal.Instant.from('2026-12-02T00:00Z'));
    await own.use('2026-11-02T00:00Z', [{ of: one, quantity: '2500' }]);
    await own.issue(one, '202611-1');
    assert.deepEqual(await open(), ['PRO-2026-000001 8', 'PRO-2026-000002 20']);
    const part = await pay('3', 'bank 1');
    assert.deepEqual(
      part.allocations.map(({ number, amount }) => [number, amount.toText()]),
      [['PRO-2026-000001', '3']],
    );
    assert.deepEqual(await open(), ['PRO-2026-000001 5', 'PRO-2026-000002 20']);
    const named = await pay('20', 'bank 2', ['PRO-2026-000002']);
    assert.equal(named.allocations.length, 1);
    const more = await pay('7.5', 'bank 3');
    assert.equal(more.allocations[0]?.amount.toText(), '5');
    assert.deepEqual(await open(), []);
    const [receivable] = await balancesOf(own.test.database.pool, { party: one.accountId }).then(
      (all) => all.filter(({ account }) => account === 'receivable'),
    );
    assert.equal(receivable?.balance.toText(), '-2.5');
  });

  it('are booked once, and refused where they cannot be', async () => {
    const { pool } = own.test.database;
    const before = await listPayments(pool, { accountId: one.accountId, limit: 10 });
    const again = await pay('3', 'bank 1');
    assert.equal(
      again.paymentId,
      before.find(({ reference }) => reference === 'bank 1')?.paymentId,
    );
    assert.equal((await listPayments(pool, { limit: 10 })).length, before.length);
    const refused = [
      () => pay('4', 'bank 1'),
      () => pay('0', 'x'),
      () => pay('-3', 'x'),
      () => pay('1.005', 'x'),
      () => pay('1', ' '),
      () => pay('1', 'Reversal of x'),
      () => pay('1', 'x', ['PRO-2026-000001']),
      () => recordPayment(own.room, { ...wanted(one), currency: EUR }, own.changing),
      () => recordPayment(own.room, { ...wanted(one), receivedOn: '2026-02-30' }, own.changing),
    ];
    for (const attempt of refused) await assert.rejects(attempt(), { code: 'PaymentInvalid' });
  });

  it('that are taken back leave open what they paid', async () => {
    const { pool } = own.test.database;
    const [payment] = (await listPayments(pool, { limit: 10 })).filter(
      ({ reference }) => reference === 'bank 2',
    );
    const { paymentId } = payment!;
    const taken = { paymentId, receivedOn: '2026-11-25' };
    const reversal = await reversePayment(own.room, taken, own.changing);
    assert.equal(reversal.amount.toText(), '-20');
    // The 2.5 that were paid too much pay for a part of it.
    assert.deepEqual(await open(), ['PRO-2026-000002 17.5']);
    const again = await reversePayment(own.room, taken, own.changing);
    assert.equal(again.paymentId, reversal.paymentId);
    const nonsense = { ...taken, paymentId: reversal.paymentId };
    await assert.rejects(reversePayment(own.room, nonsense, own.changing), {
      code: 'PaymentInvalid',
    });
    await assert.rejects(reversePayment(own.room, { ...taken, paymentId: 'x' }, own.changing), {
      code: 'PaymentInvalid',
    });
  });

  it('and invoices are on the statement, which comes to what the ledger says', async () => {
    const { pool } = own.test.database;
    const all = await statementOf(pool, one.accountId, '2026-11-10', '2027-01-01');
    assert.equal(all.opening.toText(), '8');
    assert.deepEqual(
      all.items.map(({ day, kind, amount, balance }) => [
        day,
        kind,
        amount.toText(),
        balance.toText(),
      ]),
      [
        ['2026-11-20', 'payment', '-3', '5'],
        ['2026-11-20', 'payment', '-20', '-15'],
        ['2026-11-20', 'payment', '-7.5', '-22.5'],
        ['2026-11-25', 'payment', '20', '-2.5'],
        ['2026-12-02', 'invoice', '20', '17.5'],
      ],
    );
    assert.equal(all.closing.toText(), '17.5');
    const balances = await balancesOf(pool, { party: one.accountId });
    const receivable = balances.find(({ account }) => account === 'receivable');
    assert.ok(receivable?.balance.equals(all.closing));
    // What was paid too much pays for what is open.
    assert.deepEqual(
      all.open.map(({ number, open: left }) => [number, left.toText()]),
      [['PRO-2026-000002', '17.5']],
    );
    const none = await statementOf(pool, one.accountId, '2026-01-01', '2026-02-01');
    assert.deepEqual([none.opening.toText(), none.items, none.closing.toText()], ['0', [], '0']);
  });

  it('that do not come are reminded of at 7, 14 and 30 days, each once', async () => {
    const at = async (time: string): Promise<number> => {
      own.clock.set(Temporal.Instant.from(time));
      return remindOverdue(own.room);
    };
    // Due on 12 December.
    assert.equal(await at('2026-12-18T23:59Z'), 0);
    assert.equal(await at('2026-12-19T00:00Z'), 1);
    assert.equal(await at('2026-12-20T00:00Z'), 0);
    assert.equal(await at('2026-12-26T00:00Z'), 1);
    assert.equal(await at('2027-03-01T00:00Z'), 1);
    assert.equal(await at('2027-04-01T00:00Z'), 0);
    const told = await heardOf(own.test.database.pool, one.accountId);
    assert.deepEqual(
      told
        .filter(({ type }) => type === 'invoice.overdue')
        .map(({ data }) => [data['level'], data['open']]),
      [
        [1, '17.5'],
        [2, '17.5'],
        [3, '17.5'],
      ],
    );
  });

  it('are not asked for of an invoice that was taken back', async () => {
    await voidInvoice(own.room, 'PRO-2026-000002', 'wrong', own.changing);
    assert.deepEqual(await open(), []);
    assert.deepEqual((await verifyInvoices(own.test.database.pool)).differences, []);
  });
});

function wanted({ accountId }: TestCustomer) {
  return { accountId, amount: decimal('1'), receivedOn: '2026-11-20', reference: 'x' };
}
