import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { addCustomer } from '../../../../test/support/billing.ts';
import { SYSTEM } from '../../../audit/index.ts';
import { hourNumber, isJsonObject, sumOf } from '../../../kernel/index.ts';
import {
  ensureBillingAccounts,
  findAccountBySubscription,
  putAccount,
  readAccountTree,
  setPricing,
} from '../../accounts/index.ts';
import { readMargins } from '../margin.ts';
import { summarizeCosts } from '../summaries/summarize.ts';
import { FIRST, METERS, withCostRoom } from '../test-costs.ts';
import { viewpointOf } from '../viewpoint.ts';
import { decimal, groupsOf, RANGE, textsOf, withInterface, type Body } from './test-interface.ts';

describe('margins, forecasts and the overview', () => {
  const room = withCostRoom();
  const { ask, nameAs } = withInterface(room);

  it('compares what a partner buys and sells', async () => {
    const { body, status } = await ask(`cost-analysis/margin?${RANGE}&account=${room.partner}`);
    assert.equal(status, 200);
    const buyers = body['buyers'] as Body[];
    assert.deepEqual(
      textsOf(buyers.map(({ key }) => key)),
      textsOf(room.customers.slice(0, 2).map(({ accountId }) => accountId)),
    );
    const total = body['total'] as Body;
    for (const [view, name] of [
      ['buying', 'bought'],
      ['selling', 'sold'],
    ] as const) {
      const costs = await ask(`cost-analysis?${RANGE}&account=${room.partner}&view=${view}`);
      assert.equal(total[name], (costs.body['total'] as Body)['amount']);
      assert.ok(sumOf(buyers.map((one) => decimal(one[name]))).equals(decimal(total[name])));
    }
    assert.ok(
      decimal(total['sold']).subtract(decimal(total['bought'])).equals(decimal(total['margin'])),
    );
    const provider = await ask(`cost-analysis/margin?${RANGE}`);
    assert.equal('bought' in (provider.body['total'] as Body), false);
  });

  it('leaves what a seller uses itself out of its margins, and reads both sides at one moment', async () => {
    const subscription = await addCustomer(room.test.database, { name: 'using partner' });
    const { database } = room.test;
    const changing = { clock: room.clock, actor: SYSTEM };
    await database.transaction((tx) => ensureBillingAccounts(tx, room.clock));
    const { accountId } = (await findAccountBySubscription(database.pool, subscription))!;
    const fields = { accountId, kind: 'partner', name: 'Using', seriesPrefix: 'USE' } as const;
    await database.transaction(async (tx) => {
      await putAccount(tx, fields, changing);
      const basis = { priceListId: 'prices' };
      const options = { correctPast: true, ratedUpTo: undefined };
      await setPricing(tx, accountId, basis, hourNumber(0), options, changing);
    });
    const own = { meterId: METERS.windowsVm, usageHour: FIRST, quantity: '100' };
    await room.use([own], { accountId, subscription });
    await summarizeCosts(room.test);
    const { body, status } = await ask(`cost-analysis/margin?${RANGE}&account=${accountId}`);
    assert.equal(status, 200);
    assert.deepEqual(body['buyers'], []);
    assert.equal(body['ownUse'], '4.6');
    assert.deepEqual(body['total'], { bought: '0', sold: '0', margin: '0' });

    const tree = await readAccountTree(database.pool);
    const viewpoint = viewpointOf(tree, tree.get(room.partner)!, { view: 'selling' });
    let transactions = 0;
    const counting: typeof database = {
      ...database,
      transaction: (work, settings) => {
        transactions += 1;
        return database.transaction(work, settings);
      },
    };
    const range = { from: FIRST, to: FIRST + 1000 };
    const margins = await readMargins(counting, tree, viewpoint, range);
    assert.ok(margins.buyers.length === 2 && margins.ownUse === undefined);
    assert.equal(transactions, 1);
  });

  it('forecasts the present period and shows it at a glance', async () => {
    const { body, status } = await ask(
      `cost-analysis/forecast?account=${room.partner}&view=selling`,
    );
    assert.equal(status, 200);
    assert.equal(body['period'], '202611-1');
    assert.ok(decimal(body['forecast']).compare(decimal(body['amount'])) >= 0);
    const overview = await ask(`overview?account=${room.partner}&view=selling`);
    assert.equal(overview.status, 200);
    const current = overview.body['current'] as Body;
    assert.equal(current['amount'], body['amount']);
    assert.ok(
      sumOf((current['daily'] as unknown[]).map(decimal)).equals(decimal(current['amount'])),
    );
    const top = overview.body['top'] as Record<string, Body[]>;
    assert.ok(
      top['meters']!.length > 0 &&
        top['resources']!.length === 5 &&
        top['subscriptions']!.length === 2,
    );
    const shown = overview.body['forecast'] as Body;
    assert.equal(shown['amount'], body['forecast']);
  });

  it('names subscriptions as the stamp does, in groups, parents, values and at a glance', async () => {
    const [one] = room.customers;
    const name = 'Shop of \u03A3';
    nameAs(new Map([[one!.subscription, name]]));
    const account = `account=${one!.accountId}`;
    const groups = await ask(`cost-analysis?${RANGE}&${account}&groupBy=subscription&search=shop`);
    assert.deepEqual(
      groupsOf(groups.body).map((group) => group['name']),
      [name],
    );
    const resources = await ask(`cost-analysis?${RANGE}&${account}&groupBy=resource`);
    assert.equal((groupsOf(resources.body)[0]!['parent'] as Body)['subscriptionName'], name);
    const values = await ask(`cost-analysis/values?dimension=subscription&search=SHOP&${account}`);
    assert.deepEqual(values.body['value'], [{ key: one!.subscription, name }]);
    const { body } = await ask(`overview?${account}`);
    const top = body['top'] as Record<string, Body[]>;
    assert.equal(top['subscriptions']![0]!['name'], name);
    assert.equal((top['resources']![0]!['parent'] as Body)['subscriptionName'], name);
    nameAs(new Map());
  });

  it('says how good the forecast at a glance was, as the forecast itself does', async () => {
    const { body } = await ask(`cost-analysis/forecast?account=${room.partner}&view=selling`);
    const overview = await ask(`overview?account=${room.partner}&view=selling`);
    const shown = overview.body['forecast'] as Body;
    assert.ok(isJsonObject(body['error']));
    assert.deepEqual(shown['error'], body['error']);
  });

  it('compares days that are complete where periods begin within a UTC day', async () => {
    const { pool } = room.test.database;
    const [, paris] = room.customers;
    const { rows } = await pool.query<{ to: number }>(
      'select summarized_to as to from cost_progress',
    );
    try {
      // The period began on November 14 at 23:00; four days later the UTC day has an hour to go.
      for (const [known, days] of [
        ['2026-11-18T23:00Z', 3],
        ['2026-11-19T00:00Z', 4],
      ] as const) {
        await pool.query('update cost_progress set summarized_to = $1', [
          Temporal.Instant.from(known).epochMilliseconds / 3_600_000,
        ]);
        const { body } = await ask(`overview?account=${paris!.accountId}`);
        const compared = body['compared'] as Body;
        assert.equal(compared['days'], days);
        const until = `2026-11-${String(15 + days)}`;
        const costs = await ask(
          `cost-analysis?from=2026-11-14T23:00Z&to=${until}&account=${paris!.accountId}`,
        );
        assert.equal(compared['current'], (costs.body['total'] as Body)['amount']);
      }
    } finally {
      await pool.query('update cost_progress set summarized_to = $1', [rows[0]!.to]);
    }
  });
});
