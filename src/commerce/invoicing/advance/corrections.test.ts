import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readAccountTree } from '../../accounts/index.ts';
import { verifyInvoices } from '../check/verify.ts';
import { fullInvoice, listInvoices } from '../store.ts';
import { listProblems } from '../problems.ts';
import { correctionsOf, linesTold } from '../test-corrections.ts';
import { withTestRoom, type TestCustomer } from '../test-room.ts';

const NONE = { inReview: 0, issued: 0, notes: 0, parked: 0 };
const AT_ONCE = { waitHours: 0, reviewDays: 0 };

describe('late usage after the last period of an account', () => {
  const own = withTestRoom();
  const { used, setDay } = correctionsOf(own, '2027-03-01T00:00Z');

  it('is on the invoice of the present month', async () => {
    setDay('2026-11-05');
    const one = await own.customer(AT_ONCE);
    await used('2026-10-02', one, '125');
    await own.issue(one);
    assert.deepEqual(await own.advance('2026-12-05T00:00Z'), NONE);
    await used('2026-10-05', one, '12500');
    // November was over when it came: its invoice is the next.
    assert.deepEqual(await own.advance('2026-12-05T00:01Z'), { ...NONE, issued: 1 });
    assert.equal((await own.period(one, '202612-1')).state, 'Open');
    const [invoice] = await listInvoices(own.test.database.pool, {
      accountId: one.accountId,
      limit: 1,
    });
    assert.deepEqual([invoice?.parties.period.name, invoice?.gross.toText()], ['202611-1', '100']);
    await used('2026-10-06', one, '125');
    assert.deepEqual(await own.advance('2026-12-31T23:59Z'), NONE);
    assert.deepEqual(await own.advance('2027-01-01T00:00Z'), { ...NONE, issued: 1 });
    assert.deepEqual(await own.advance('2027-06-01T00:00Z'), NONE);
  });
});

describe('late usage of months that were taxed otherwise', () => {
  const own = withTestRoom();
  const { used, taxed, setDay } = correctionsOf(own, '2026-11-20T00:00Z');
  const all = async ({ accountId }: TestCustomer): Promise<string[][]> => {
    const { pool } = own.test.database;
    const found = await listInvoices(pool, { accountId, limit: 10 });
    const full = await Promise.all(found.map((one) => fullInvoice(pool, one)));
    return full
      .toSorted((one, other) => (one.number < other.number ? -1 : 1))
      .map((one) => [one.number, ...linesTold(one)]);
  };

  it('goes on a note in the same run, one each where all goes on notes', async () => {
    setDay('2026-11-05');
    const [one, two] = [
      await own.customer(AT_ONCE),
      await own.customer({ ...AT_ONCE, lateUsage: 'Note' }),
    ];
    await used('2026-10-02', one, '125');
    await used('2026-10-02', two, '125');
    await own.issue(one);
    await own.issue(two);
    const { root } = await readAccountTree(own.test.database.pool);
    await own.change(root.accountId, { taxId: 'FR40303265045' });
    await taxed('2026-11-01', '20');
    await used('2026-10-03', one, '125');
    await used('2026-11-03', one, '250');
    await used('2026-11-03', two, '250');
    setDay('2026-12-05');
    await own.issue(two, '202611-1');
    await used('2026-11-04', two, '375');
    await used('2026-10-04', two, '125');
    assert.deepEqual(await own.advance('2026-12-05T00:00Z'), { ...NONE, issued: 1, notes: 3 });
    assert.deepEqual(await all(one), [
      ['PRO-2026-000001', 'usage 125 = 1 O'],
      ['PRO-2026-000004', 'usage 250 = 2 S'],
      ['PRO-DN-2026-000001', 'correction 125 = 1 O of 202610-1'],
    ]);
    assert.deepEqual((await all(two)).slice(2), [
      ['PRO-DN-2026-000002', 'correction 125 = 1 O of 202610-1'],
      ['PRO-DN-2026-000003', 'correction 375 = 3 S of 202611-1'],
    ]);
    assert.deepEqual((await verifyInvoices(own.test.database.pool)).differences, []);
  });

  it('is tried again where the note failed, and keeps the invoice from nothing', async () => {
    const { pool } = own.test.database;
    setDay('2026-12-05');
    const one = await own.customer(AT_ONCE);
    await used('2026-10-02', one, '125');
    await own.issue(one);
    await used('2026-10-03', one, '125');
    await used('2026-11-03', one, '250');
    await pool.query(`
      create function stand_in_the_way() returns trigger language plpgsql as $$
      begin raise exception 'in the way'; end $$;
      create trigger in_the_way before insert on invoice for each row
        when (new.kind = 'debit-note') execute function stand_in_the_way()`);
    assert.deepEqual(await own.advance('2026-12-06T00:00Z'), { ...NONE, issued: 1, parked: 1 });
    assert.deepEqual(
      (await listProblems(pool)).map(({ periodName, code }) => [periodName, code]),
      [['202610-1', 'InternalServerError']],
    );
    await pool.query('drop trigger in_the_way on invoice');
    assert.deepEqual(await own.advance('2026-12-06T00:00:30Z'), NONE);
    assert.deepEqual(await own.advance('2026-12-06T00:01Z'), { ...NONE, notes: 1 });
    assert.deepEqual(await listProblems(pool), []);
  });
});
