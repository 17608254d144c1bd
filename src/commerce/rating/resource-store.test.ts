import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { addStamp, hourAt, METERS, reportUsage } from '../../../test/support/billing.ts';
import { chargesOfPeriod } from './charge-store.ts';
import { explainCharge } from './explain.ts';
import { rateAcceptedUsage } from './rate.ts';
import { withTestRoom } from './test-room.ts';

const OCTOBER = hourAt('2026-10-01T00:00Z');

describe('the resources of a charge', () => {
  const commerce = withTestRoom();
  const { test } = commerce;
  let charge: bigint;

  before(async () => {
    const buyer = await commerce.addBuyer();
    const stamp = await addStamp(test.database, buyer.customer, { from: OCTOBER });
    await reportUsage(test.database, stamp, OCTOBER + 1, [
      {
        customer: buyer.customer,
        meterId: METERS.baseVm,
        usageHour: OCTOBER,
        quantity: '1',
      },
    ]);
    await rateAcceptedUsage(commerce.room);
    const { rows } = await test.database.pool.query<{ period: number }>(
      'select period from billing_period',
    );
    const [only] = await chargesOfPeriod(test.database.pool, rows[0]!.period);
    ({ charge } = only!);
    // Further resources, 1,000 on each of 30 days.
    await test.database.pool.query(
      `insert into rated_line (account_id, charge, usage_day, resource_key, quantity, rows, first_reported, last_reported)
       select account_id, charge, $2 + day, md5(one::text)::uuid, 0.5, 2, 0, 0
       from charge, generate_series(0, 29) day, generate_series(1, 1000) one where charge = $1`,
      [charge.toString(), OCTOBER / 24],
    );
    await test.database.pool.query('analyze rated_line');
  });

  it('take steps for a page alone, however many lines there are', async () => {
    const [page, read] = await test.database.transaction(async (tx) => {
      const explained = await explainCharge(tx, charge, { limit: 10 });
      const { rows } = await tx.query<{ read: bigint }>(
        `select seq_tup_read + idx_tup_fetch as read from pg_stat_xact_user_tables where relname = 'rated_line'`,
      );
      return [explained!, rows[0]!.read] as const;
    });
    assert.equal(page.resources.length, 10);
    assert.ok(page.next !== undefined);
    assert.ok(read > 0n && read < 1000n, `${read} lines were read`);
    assert.ok(page.resources.some(({ rows, days }) => rows === 60 && days.length === 30));
  });

  it('come each once, page by page', async () => {
    const seen: string[] = [];
    for (let after: string | undefined; ;) {
      const { pool } = test.database;
      const page = await explainCharge(pool, charge, { resourcesAfter: after, limit: 300 });
      seen.push(...page!.resources.map(({ resourceKey }) => resourceKey));
      if (page?.next === undefined) break;
      after = page.next;
    }
    assert.equal(seen.length, 1001);
    assert.deepEqual(seen, [...new Set(seen)].toSorted());
  });

  it('have their parts of amounts that fill a number, and of what corrections left below zero', async () => {
    const { pool } = test.database;
    const key = 'ffffffff-ffff-4fff-8fff-ffffffffffff';
    await pool.query(
      `insert into rated_line (account_id, charge, usage_day, resource_key, quantity, rows, first_reported, last_reported)
       select account_id, charge, $2, $3, -0.000000000001, 1, 0, 0 from charge where charge = $1`,
      [charge.toString(), OCTOBER / 24, key],
    );
    await pool.query('update charge set amount = $2::numeric, quantity = 100 where charge = $1', [
      charge.toString(),
      `0.${'3'.repeat(59)}`,
    ]);
    const resourcesAfter = 'ffffffff-ffff-4000-8000-000000000000';
    const [last] = (await explainCharge(pool, charge, { resourcesAfter }))!.resources;
    assert.deepEqual(
      [last?.quantity.toText(), last?.amount?.toText()],
      ['-0.000000000001', '-0.00000000000000333333'],
    );
  });
});
