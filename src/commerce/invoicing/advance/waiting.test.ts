import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hourAt } from '../../../../test/support/billing.ts';
import { listProblems } from '../problems.ts';
import { withTestRoom, type TestCustomer, type TestRoom } from '../test-room.ts';

const NONE = { inReview: 0, issued: 0, notes: 0, parked: 0 };

/** Says when the last window of a stamp was accepted. */
async function acceptedAt({ test }: TestRoom, time: string): Promise<void> {
  const { pool } = test.database;
  await pool.query('alter table received_window disable trigger received_window_append_only');
  await pool.query('update received_window set accepted_at = $1', [time]);
  await pool.query('alter table received_window enable trigger received_window_append_only');
}

describe('a period whose stamp is behind', () => {
  const own = withTestRoom();
  const usedOn = (day: string, of: TestCustomer) => own.use(`${day}T00:00Z`, [{ of }]);

  it('waits on while the stamp is catching up, and no longer than 72 hours for one that is silent', async () => {
    const one = await own.customer({ waitHours: 24, reviewDays: 60 });
    await usedOn('2026-10-05', one);
    // 72 hours after it was to be complete, but the stamp was heard of since.
    await acceptedAt(own, '2026-11-04T23:30Z');
    assert.deepEqual(await own.advance('2026-11-05T00:00Z'), NONE);
    await usedOn('2026-10-15', one);
    await acceptedAt(own, '2026-11-10T08:00Z');
    assert.deepEqual(await own.advance('2026-11-13T07:59Z'), NONE);
    assert.deepEqual(await own.advance('2026-11-13T08:00Z'), { ...NONE, inReview: 1 });
  });

  it('waits for a stamp that goes on being behind for 31 days', async () => {
    const other = await own.customer({ waitHours: 24, reviewDays: 60 });
    await usedOn('2026-10-16', other);
    const last = '2026-12-02T23:59Z';
    await acceptedAt(own, last);
    assert.deepEqual(await own.advance(last), NONE);
    assert.deepEqual(await own.advance('2026-12-03T00:00Z'), { ...NONE, inReview: 1 });
    assert.equal((await own.period(other)).state, 'InReview');
  });

  it('is left alone by an error that passes by itself, and others go on', async () => {
    const { pool } = own.test.database;
    const accounts = [
      await own.customer({ waitHours: 0, reviewDays: 60 }),
      await own.customer({ waitHours: 0, reviewDays: 60 }),
    ].toSorted((a, b) => (a.accountId < b.accountId ? -1 : 1));
    const [first, second] = [accounts[0]!, accounts[1]!];
    await own.use(
      '2026-12-31T23:00Z',
      accounts.map((of) => ({ of, usageHour: hourAt('2026-12-15T00:00Z') })),
    );
    await pool.query(`
      create function stand_in_the_way() returns trigger language plpgsql as $$
      begin raise exception 'in the way' using errcode = '40001'; end $$;
      create trigger in_the_way before update on billing_period for each row
        when (old.account_id = '${first.accountId}') execute function stand_in_the_way()`);
    assert.deepEqual(await own.advance('2027-01-01T00:00Z'), { ...NONE, inReview: 1 });
    assert.equal((await own.period(second, '202612-1')).state, 'InReview');
    assert.deepEqual(await listProblems(pool), []);
    await pool.query('drop trigger in_the_way on billing_period');
    assert.deepEqual(await own.advance('2027-01-01T00:01Z'), { ...NONE, inReview: 1 });
  });

  it('does not begin review while what was rated does not follow a change of prices', async () => {
    const one = await own.customer({ waitHours: 0, reviewDays: 0 });
    const other = await own.customer({ waitHours: 0, reviewDays: 0 });
    await own.use('2027-01-31T23:00Z', [{ of: one }, { of: other }]);
    const { pool } = own.test.database;
    await pool.query(
      `insert into price_change (account_id, alone, from_hour, reason, created_at)
       values ($1, true, 0, 'test', now())`,
      [one.accountId],
    );
    await own.advance('2027-02-01T00:00Z');
    assert.equal((await own.period(one, '202701-1')).state, 'Open');
    assert.equal((await own.period(other, '202701-1')).state, 'Issued');
    await own.rate();
    await own.advance('2027-02-01T00:01Z');
    assert.equal((await own.period(one, '202701-1')).state, 'Issued');
  });
});
