import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { addCustomer, addStamp } from '../../../../test/support/billing.ts';
import { completelyRatedUpTo } from '../../rating/index.ts';
import { FIRST, withCostRoom, type CostRoom } from '../test-costs.ts';
import { LEVELS } from './levels.ts';
import { summarizeCosts } from './summarize.ts';
import { verifyCostSummaries } from './verify.ts';

async function seen(room: CostRoom): Promise<void> {
  const { differences, checked } = await verifyCostSummaries(room.test);
  assert.deepEqual(differences, []);
  assert.ok(checked > 0);
}

const NOTE_FIRST = `insert into rated_change (charge, usage_day)
  select distinct charge, usage_day from rated_line where charge = (select min(charge) from rated_line)`;

describe('sums of costs', () => {
  const room = withCostRoom();

  before(async () => {
    await room.report(40, 1);
  });

  it('are the lines, whatever comes later and however little is done at once', async () => {
    await summarizeCosts(room.test, { chargesAtOnce: 3 });
    await seen(room);
    await room.report(60, 2);
    await summarizeCosts(room.test);
    await seen(room);
    assert.deepEqual(await summarizeCosts(room.test), { charges: 0 });
  });

  it('follow prices that are corrected', async () => {
    await room.reprice();
    const { charges } = await summarizeCosts(room.test);
    assert.ok(charges > 0);
    await seen(room);
  });

  it('follow lines that are repaired', async () => {
    const { pool } = room.test.database;
    await pool.query(
      'update rated_line set quantity = quantity + 1 where charge = (select min(charge) from rated_line)',
    );
    await pool.query(NOTE_FIRST);
    await summarizeCosts(room.test);
    await seen(room);
    await room.rerate();
    await summarizeCosts(room.test);
    await seen(room);
  });

  it('come out the same when several summarize while it is rated', async () => {
    await Promise.all([
      room.report(60, 3),
      summarizeCosts(room.test, { chargesAtOnce: 2 }),
      summarizeCosts(room.test, { chargesAtOnce: 5 }),
    ]);
    await Promise.all([summarizeCosts(room.test, { chargesAtOnce: 2 }), summarizeCosts(room.test)]);
    await seen(room);
    const { rows } = await room.test.database.pool.query<{ left: number }>(
      'select count(*)::int as left from rated_change',
    );
    assert.equal(rows[0]?.left, 0);
  });

  it('forget lines that are gone, and days and resources with them', async () => {
    const { pool } = room.test.database;
    await pool.query(
      `with gone as (delete from rated_line where charge = (select min(charge) from rated_line) returning charge, usage_day)
       insert into rated_change (charge, usage_day) select * from gone`,
    );
    await summarizeCosts(room.test);
    await seen(room);
    await room.rerate();
    await summarizeCosts(room.test);
    await seen(room);
  });

  it('put an amount without any quantity to go by with one line', async () => {
    const { pool } = room.test.database;
    const amountOf = async (): Promise<string> => {
      const { rows } = await pool.query<{ amount: string }>(
        `select (select sum(total) from cost_by_charge where charge = c.charge)::text as amount
         from cost_charge c where charge = (select min(charge) from rated_line)`,
      );
      return rows[0]!.amount;
    };
    await pool.query(
      'update rated_line set quantity = 0 where charge = (select min(charge) from rated_line)',
    );
    await pool.query(
      `update charge set quantity = 0, amount = 7.25 where charge = (select min(charge) from rated_line)`,
    );
    await pool.query(NOTE_FIRST);
    await summarizeCosts(room.test);
    await seen(room);
    assert.equal(await amountOf(), '7.25');
    await room.rerate();
    await summarizeCosts(room.test);
    await seen(room);
    assert.notEqual(await amountOf(), '7.25');
  });

  it('are known as far as the stamp that is furthest behind, of those that report', async () => {
    const { pool } = room.test.database;
    const told = async (): Promise<number> => {
      await summarizeCosts(room.test);
      const { rows } = await pool.query<{ to: number }>(
        'select summarized_to as to from cost_progress',
      );
      return rows[0]!.to;
    };
    const alone = await told();
    const behind = FIRST + 10 * 24;
    const base = await addCustomer(room.test.database, { name: 'other base' });
    const { registration } = await addStamp(room.test.database, base, { from: behind });
    assert.equal(await told(), behind);
    assert.equal(await completelyRatedUpTo(pool), behind);
    await pool.query(
      'insert into rating_progress (registration_number, last_window) values ($1, $2)',
      [registration, behind + 5],
    );
    assert.equal(await told(), behind + 6);
    await pool.query(
      `update reporting_period set ended_at = now(), end_reason = 'ReportingOff' where registration_number = $1`,
      [registration],
    );
    assert.equal(await told(), alone);
  });

  it('tell what is not right', async () => {
    const { pool } = room.test.database;
    for (const [what, { table }] of Object.entries(LEVELS)) {
      await pool.query(
        `update ${table} set d20 = coalesce(d20, 0) + 1
         where ctid = (select min(ctid) from ${table} t where scope = (select scope from cost_charge order by charge limit 1))`,
      );
      const { differences } = await verifyCostSummaries(room.test);
      assert.ok(
        differences.some((one) => one.what === what),
        what,
      );
      await pool.query(
        `insert into rated_change (charge, usage_day) select distinct charge, usage_day from rated_line`,
      );
      await pool.query(`delete from ${table}`);
      await summarizeCosts(room.test);
      await seen(room);
    }
    await pool.query('update cost_charge set rate = rate + 1 where charge = 1');
    const { differences } = await verifyCostSummaries(room.test);
    assert.ok(differences.some(({ what }) => what === 'charges'));
  });
});
