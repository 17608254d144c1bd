import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { withCostRoom, type CostRoom } from '../test-costs.ts';
import { summarizeCosts } from './summarize.ts';
import { verifyCostSummaries } from './verify.ts';

async function seen(room: CostRoom): Promise<void> {
  const { differences, checked } = await verifyCostSummaries(room.test);
  assert.deepEqual(differences, []);
  assert.ok(checked > 0);
}

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
    await pool.query('insert into rated_change (charge) select min(charge) from rated_line');
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

  it('tell what is not right', async () => {
    const { pool } = room.test.database;
    for (const [table, what] of [
      ['cost_day', 'day'],
      ['cost_place_day', 'place'],
      ['cost_resource_total', 'resource'],
      ['cost_charge', 'charge'],
    ] as const) {
      await pool.query(
        `update ${table} set quantity = quantity + 1 where charge = (select min(charge) from rated_line)`,
      );
      const { differences } = await verifyCostSummaries(room.test);
      assert.deepEqual(
        differences.map((one) => one.what),
        [what],
      );
      await pool.query('insert into rated_change (charge) select min(charge) from rated_line');
      await summarizeCosts(room.test);
    }
    await pool.query(`delete from cost_day where charge = (select min(charge) from rated_line)`);
    const { differences } = await verifyCostSummaries(room.test);
    assert.ok(differences.every(({ what }) => what === 'day') && differences.length === 1);
  });
});
