import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hourAt } from '../../../../test/support/billing.ts';
import { listProblems, NOTE_PROBLEM } from '../problems.ts';
import { withTestRoom, type TestCustomer } from '../test-room.ts';
import { heardOf, hearOf } from '../test-webhooks.ts';

describe('a note that cannot be issued', () => {
  const own = withTestRoom();
  let one: TestCustomer;
  const problems = async (): Promise<(readonly [number, string, number])[]> => {
    const found = await listProblems(own.test.database.pool, [one.accountId]);
    return found.map(({ period, code, attempts }) => [period, code, attempts] as const);
  };
  const setCountry = (country: string | null) =>
    own.test.database.pool.query('update billing_account set country = $2 where account_id = $1', [
      one.accountId,
      country,
    ]);
  const late = (window: string, usage: string, quantity: string) =>
    own.use(window, [{ of: one, usageHour: hourAt(usage), quantity }]);

  it('is parked once for the account, whichever of its periods change', async () => {
    one = await own.customer({ lateUsage: 'Note', waitHours: 0, reviewDays: 0 });
    await hearOf(own.test.database.pool, one.accountId);
    await own.use('2026-10-31T23:00Z', [
      { of: one, usageHour: hourAt('2026-09-20T00:00Z') },
      { of: one },
    ]);
    assert.equal((await own.advance('2026-11-01T02:00Z')).issued, 2);
    await late('2026-11-02T00:00Z', '2026-09-20T00:00Z', '50');
    await setCountry(null);
    assert.equal((await own.advance('2026-11-03T00:00Z')).parked, 1);
    assert.deepEqual(await problems(), [[NOTE_PROBLEM, 'BillingAccountIncomplete', 1]]);
    // The change of another period is rated, and does not make another attempt before its time.
    await late('2026-11-02T01:00Z', '2026-10-20T00:00Z', '50');
    assert.equal((await own.advance('2026-11-03T00:00:30Z')).parked, 0);
    assert.equal((await own.advance('2026-11-03T00:01Z')).parked, 1);
    assert.deepEqual(await problems(), [[NOTE_PROBLEM, 'BillingAccountIncomplete', 2]]);
  });

  it('is no problem any more when nothing is due', async () => {
    await late('2026-11-02T02:00Z', '2026-09-20T00:00Z', '-50');
    await late('2026-11-02T03:00Z', '2026-10-20T00:00Z', '-50');
    await own.advance('2026-11-03T00:01:10Z');
    assert.deepEqual(await problems(), []);
    const told = await heardOf(own.test.database.pool, one.accountId);
    const parked = told.filter(({ type }) => type.startsWith('account.'));
    assert.deepEqual(
      parked.map(({ type }) => type),
      ['account.parked', 'account.resumed'],
    );
  });

  it('leaves nothing behind of invoiced periods, and what is due stays', async () => {
    const { pool } = own.test.database;
    const [september, october] = [await own.period(one, '202609-1'), await own.period(one)];
    await late('2026-11-02T04:00Z', '2026-10-20T00:00Z', '10');
    for (const { period } of [september, october]) {
      await pool.query(
        `insert into billing_problem values ($1, $2, 'TaxUnknown', '', 1, 'epoch', 'epoch', '2027-01-01')`,
        [one.accountId, period],
      );
    }
    await own.advance('2026-11-02T04:30Z');
    assert.deepEqual(await problems(), [[october.period, 'TaxUnknown', 1]]);
    await setCountry('FR');
    assert.equal((await own.advance('2026-11-03T08:00Z')).notes, 1);
    await own.advance('2026-11-03T08:01Z');
    assert.deepEqual(await problems(), []);
  });
});
