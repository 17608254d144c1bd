import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { voidInvoice } from '../issue/void.ts';
import { decimal } from '../test-lines.ts';
import { recordPayment } from '../payments/record.ts';
import { withTestRoom } from '../test-room.ts';
import { verifyInvoices } from './verify.ts';

describe('verifying invoices', () => {
  const own = withTestRoom();
  /** What is found while something is wrong; put right afterwards, since nothing is committed. */
  const foundAfter = async (statement: string): Promise<string[]> => {
    let found: string[] = [];
    const undone = new Error('undone');
    const work = own.test.database.transaction(async (tx) => {
      // As the owner of the tables could, with their guards off.
      const guarded = ['invoice', 'invoice_line', 'invoice_tax', 'ledger_entry', 'ledger_posting'];
      for (const table of guarded) await tx.query(`alter table ${table} disable trigger user`);
      await tx.query(statement);
      const { differences, holds } = await verifyInvoices(tx);
      assert.equal(holds, false, statement);
      found = differences.map(({ subject, problem }) => `${subject}: ${problem}`);
      throw undone;
    });
    await assert.rejects(work, undone);
    return found;
  };

  it('finds nothing in what was issued, taken back and paid', async () => {
    const one = await own.customer();
    await own.use('2026-10-02T00:00Z', [{ of: one, quantity: '1000.3' }]);
    await own.issue(one);
    await voidInvoice(own.room, 'PRO-2026-000001', 'test', own.changing);
    await own.issue(one);
    const payment = { accountId: one.accountId, amount: decimal('5'), receivedOn: '2026-11-04' };
    await recordPayment(own.room, { ...payment, reference: 'bank' }, own.changing);
    const verdict = await verifyInvoices(own.test.database.pool);
    assert.deepEqual(verdict, { invoices: 3n, holds: true, differences: [] });
  });

  it('finds each thing that does not hold', async () => {
    const last = `(select invoice_id from invoice where number = 'PRO-2026-000002')`;
    const faults: readonly (readonly [string, RegExp])[] = [
      [
        `update invoice_line set amount = amount + 1 where invoice_id = ${last}`,
        /PRO-2026-000002: its lines sum to 9(\.0+)?, its net amount is 8/,
      ],
      [
        `insert into invoice_tax values (${last}, 'S', 20, 8, 1.6)`,
        /PRO-2026-000002: its taxes sum to/,
      ],
      [`update invoice_tax set base = 7 where invoice_id = ${last}`, /do not sum to the base/],
      [
        `delete from ledger_posting where account = 'receivable' and entry =
           (select entry from ledger_entry where reference = 'PRO-2026-000002')`,
        /PRO-2026-000002: the ledger has 0 of it to receive/,
      ],
      [
        `update invoice set sequence = 7 where number = 'PRO-2026-000001'`,
        /PRO-2026: it has 2 numbers up to 7/,
      ],
      [`update invoice_series set next_number = 9`, /the next is 9/],
      [`update charge set invoiced_quantity = 0`, /charge \d+: invoices have 1000\.3 of it/],
      [`update charge set amount = amount + 0.00001`, /of it unbilled, its charges/],
      [`update payment set amount = 1`, /to receive of it, its invoices and payments/],
      [`update payment_allocation set amount = 100`, /payments for it come to 100/],
      [`update invoice_balance set open_amount = 7`, /kept as open by 7, and is by/],
      [`update invoice_balance set open_amount = 7`, /open by \d+ in all, and it owes/],
    ];
    for (const [statement, expected] of faults) {
      assert.match((await foundAfter(statement)).join('\n'), expected, statement);
    }
  });
});
