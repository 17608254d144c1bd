import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { hourAt } from '../../../../test/support/billing.ts';
import { Decimal, sumOf } from '../../../kernel/index.ts';
import { createMetrics } from '../../../platform/index.ts';
import { parseAccountId } from '../../accounts/index.ts';
import { verifyInvoices } from '../check/verify.ts';
import { voidInvoice } from '../issue/void.ts';
import { registerInvoicingMetrics } from '../metrics.ts';
import { findInvoice, listInvoices } from '../store.ts';
import { decimal } from '../test-lines.ts';
import { withTestRoom, type TestCustomer } from '../test-room.ts';
import { findPayment } from './payment-store.ts';
import { recordPayment, reversePayment } from './record.ts';
import { remindOverdue } from './reminders.ts';
import { statementOf } from './statement.ts';

describe('what is on an account', () => {
  const own = withTestRoom();
  const setTime = (time: string): void => own.clock.set(Temporal.Instant.from(time));
  const pay = ({ accountId }: TestCustomer, amount: string, reference: string) =>
    recordPayment(
      own.room,
      { accountId, amount: decimal(amount), receivedOn: '2026-11-20', reference },
      own.changing,
    );
  // Windows go on by the hour, whatever hours they tell of.
  let window = Temporal.Instant.from('2027-06-01T00:00Z');
  const use = async (of: TestCustomer, hour: string, quantity: string): Promise<void> => {
    window = window.add({ hours: 1 });
    await own.use(window.toString(), [{ of, quantity, usageHour: hourAt(hour) }]);
  };
  const takeBack = (number: string) => voidInvoice(own.room, number, 'wrong', own.changing);
  const overdue = async (): Promise<string | undefined> => {
    const metrics = createMetrics();
    registerInvoicingMetrics(metrics, { database: own.test.database, clock: own.clock });
    const { body } = await metrics.text();
    return /^stackmeter_invoicing_invoices_overdue (\d+)$/m.exec(body)?.[1];
  };
  /** What is open by the statement, which the list of invoices has to agree with. */
  const open = async ({ accountId }: TestCustomer): Promise<string[]> => {
    const { pool } = own.test.database;
    const statement = await statementOf(pool, accountId, '2026-01-01', '2028-01-01');
    const listed = await listInvoices(pool, { accountId, isOpen: true, limit: 10 });
    const numbers = statement.open.map(({ number }) => number);
    assert.deepEqual(listed.map(({ number }) => number).toSorted(), numbers.toSorted());
    const total = sumOf(statement.open.map((item) => item.open));
    const { closing } = statement;
    assert.ok(total.equals(closing.isNegative() ? Decimal.zero : closing), closing.toText());
    assert.deepEqual((await verifyInvoices(pool)).differences, []);
    return statement.open.map((item) => `${item.number} ${item.open.toText()}`);
  };

  it('pays for the next invoice when the one that it paid is taken back', async () => {
    setTime('2026-11-05T00:00:00Z');
    const one = await own.customer();
    await use(one, '2026-10-02T00:00Z', '12500');
    const first = await own.issue(one);
    const { paymentId } = await pay(one, '130', 'bank 1');
    await takeBack(first.number);
    assert.deepEqual(await open(one), []);
    const again = await own.issue(one);
    assert.deepEqual(await open(one), []);
    const payment = await findPayment(own.test.database.pool, paymentId);
    assert.deepEqual(
      payment?.allocations.map(({ number, amount }) => [number, amount.toText()]),
      [[again.number, '100']],
    );
    setTime('2027-02-01T00:00:00Z');
    assert.equal(await overdue(), '0');
    assert.equal(await remindOverdue(own.room), 0);
    // The 30 that are left are for what comes.
    await use(one, '2026-11-02T00:00Z', '5000');
    const next = await own.issue(one, '202611-1');
    assert.deepEqual(await open(one), [`${next.number} 10`]);
    setTime('2027-04-01T00:00:00Z');
    assert.equal(await overdue(), '1');
    assert.equal(await remindOverdue(own.room), 1);
    await pay(one, '10', 'bank 2');
    assert.equal(await overdue(), '0');
  });

  it('is open again when a payment is taken back, wherever the payment went', async () => {
    setTime('2026-11-05T00:00:00Z');
    const one = await own.customer();
    await use(one, '2026-10-03T00:00Z', '1000');
    const first = await own.issue(one);
    const { paymentId } = await pay(one, '8', 'bank 1');
    await takeBack(first.number);
    const again = await own.issue(one);
    assert.deepEqual(await open(one), []);
    const reversal = { paymentId, receivedOn: '2026-11-25' };
    const taken = await reversePayment(own.room, reversal, own.changing);
    assert.deepEqual(
      taken.allocations.map(({ number, amount }) => [number, amount.toText()]),
      [[again.number, '-8']],
    );
    assert.deepEqual(await open(one), [`${again.number} 8`]);
    // Nobody could tell whether it is the same one or another.
    await assert.rejects(pay(one, '8', 'bank 1'), {
      code: 'PaymentInvalid',
      message: /'bank 1' was taken back; book it again with another reference/,
    });
    await pay(one, '8', 'bank 1 again');
    assert.deepEqual(await open(one), []);
    // A payment that was taken back pays for nothing more.
    await takeBack(again.number);
    const last = await own.issue(one);
    assert.deepEqual(await open(one), []);
    await use(one, '2026-10-04T00:00Z', '1000');
    await takeBack(last.number);
    assert.deepEqual(await open(one), []);
    assert.equal((await own.issue(one)).gross.toText(), '16');
    assert.equal((await open(one)).length, 1);
  });

  it('agrees when payments, invoices and credit notes meet', async () => {
    setTime('2026-11-05T00:00:00Z');
    const one = await own.customer();
    await use(one, '2026-10-05T00:00Z', '1000');
    const first = await own.issue(one);
    await Promise.all([
      takeBack(first.number),
      ...['3', '4', '5', '6'].map((amount) => pay(one, amount, `bank ${amount}`)),
    ]);
    assert.deepEqual(await open(one), []);
    const [again] = await Promise.all([own.issue(one), pay(one, '1', 'bank 1')]);
    assert.deepEqual(await open(one), []);
    assert.equal(again.gross.toText(), '8');
  });

  it('is between the buyer and the one who issued, in whose series a note is numbered', async () => {
    setTime('2026-11-05T00:00:00Z');
    const { pool } = own.test.database;
    const partner = parseAccountId(randomUUID())!;
    await own.change(partner, {
      kind: 'partner',
      name: 'Partner',
      country: 'FR',
      seriesPrefix: 'QQ',
    });
    const one = await own.customer();
    await use(one, '2026-10-06T00:00Z', '1000');
    const first = await own.issue(one);
    await assert.rejects(own.change(one.accountId, { parentId: partner }), {
      code: 'BillingAccountInUse',
    });
    // As by a release that let accounts move.
    await pool.query('update billing_account set parent_id = $2 where account_id = $1', [
      one.accountId,
      partner,
    ]);
    await pay(one, '5', 'bank for the partner');
    const statement = await statementOf(pool, one.accountId, '2026-01-01', '2028-01-01');
    assert.deepEqual([statement.closing.toText(), statement.open], ['-5', []]);
    assert.equal(statement.issuerId, partner);
    const listed = await listInvoices(pool, { accountId: one.accountId, isOpen: true, limit: 10 });
    assert.deepEqual(
      listed.map(({ number }) => number),
      [first.number],
    );
    const note = await takeBack(first.number);
    assert.match(note.number, /^PRO-CN-2026-/);
    assert.equal((await findInvoice(pool, note.number))?.issuerId, first.issuerId);
  });
});
