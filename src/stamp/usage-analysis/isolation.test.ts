import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { withTestDatabase } from '../../../test/support/database.ts';
import { systemClock, type Tx } from '../../platform/index.ts';
import { groupKey } from '../../identity/index.ts';
import { EVERYWHERE, withUsageReach, type UsageReach } from './reach.ts';
import { summarizeUsage } from './summarize.ts';
import { FIRST, setUpUsage, subscriptionOf, uriOf, writeClosedHours } from './test-usage.ts';

const NOTHING: UsageReach = { everywhere: false, subscriptions: [], providers: [], groups: [] };
const ALL = [0, 1, 2, 3, 4];

const WITH_SUBSCRIPTION = [
  'usage_place',
  'usage_days_by_subscription',
  'usage_hours_by_subscription',
  'usage_days_by_place',
  'usage_hours_by_place',
];
const OF_THE_STAMP = ['usage_days_by_meter', 'usage_hours_by_meter'];

describe('invariant isolated, in the sums of usage', () => {
  const test = withTestDatabase();

  before(async () => {
    const { database } = test;
    await setUpUsage(database);
    const rows = ALL.flatMap((subscription) =>
      ['g', 'ΗΣ'].map((group) => ({
        reportedHour: FIRST,
        usageHour: FIRST,
        subscription,
        resourceUri: uriOf(subscription, group, 'a'),
        location: 'local',
        tags: '',
        meter: 0,
        quantity: '1',
      })),
    );
    await writeClosedHours(database, FIRST, FIRST, rows);
    await summarizeUsage({ database, clock: systemClock });
  });

  async function seenIn(tx: Tx, table: string): Promise<string[]> {
    const { rows } = await tx.query<{ id: string }>(
      `select distinct subscription_id as id from ${table} order by 1`,
    );
    return rows.map(({ id }) => id);
  }

  const readers: [string, UsageReach, readonly number[], readonly number[]][] = [
    ['an operator', EVERYWHERE, ALL, ALL],
    ['whoever has nothing', NOTHING, [], []],
    ['a tenant', { ...NOTHING, subscriptions: [subscriptionOf(2)] }, [2], [2]],
    [
      'a tenant of two subscriptions',
      { ...NOTHING, subscriptions: [2, 4].map(subscriptionOf) },
      [2, 4],
      [2, 4],
    ],
    ['a provider', { ...NOTHING, providers: [subscriptionOf(3)] }, [4], [4]],
    [
      'a provider of all others',
      { ...NOTHING, providers: [subscriptionOf(0)] },
      [1, 2, 3, 4],
      [1, 2, 3, 4],
    ],
    [
      'whoever has a resource group and a subscription',
      {
        ...NOTHING,
        subscriptions: [subscriptionOf(1)],
        groups: [[subscriptionOf(2), groupKey('ΗΣ')]],
      },
      [1, 2],
      [1],
    ],
  ];
  for (const [name, reach, places, whole] of readers) {
    it(`shows ${name} its own rows only, whatever the statement asks for`, async () => {
      await withUsageReach(test.database, reach, async (tx) => {
        for (const table of WITH_SUBSCRIPTION) {
          const own = table.endsWith('_subscription') ? whole : places;
          assert.deepEqual(await seenIn(tx, table), own.map(subscriptionOf), table);
        }
        assert.deepEqual(await seenIn(tx, 'analysis_names()'), places.map(subscriptionOf), 'names');
        for (const table of OF_THE_STAMP) {
          const { rowCount } = await tx.query(`select from ${table}`);
          assert.equal(rowCount, reach.everywhere ? 1 : 0, table);
        }
      });
    });
  }

  it('shows whoever has a resource group nothing else of the subscription', async () => {
    const reach = { ...NOTHING, groups: [[subscriptionOf(1), 'g']] as const };
    await withUsageReach(test.database, reach, async (tx) => {
      const { rows } = await tx.query('select resource_group from usage_place');
      assert.deepEqual(rows, [{ resource_group: 'g' }]);
      for (const table of ['usage_days_by_place', 'usage_hours_by_place']) {
        const found = await tx.query(
          `select from ${table} s join usage_place p on p.place = s.place`,
        );
        assert.equal(found.rowCount, 1);
        assert.equal((await tx.query(`select from ${table}`)).rowCount, 1);
      }
    });
  });

  /** Runs a statement under the role with nothing said about what it sees. */
  const under = <T>(work: (tx: Tx) => Promise<T>): Promise<T> =>
    test.database.transaction(async (tx) => {
      await tx.query('set local role stackmeter_analysis_reader');
      return work(tx);
    });
  const refused = (statement: string): Promise<void> =>
    assert.rejects(
      under((tx) => tx.query(statement)),
      { code: '42501' },
      statement,
    );

  it('shows nothing when nothing is said', async () => {
    await under(async (tx) => {
      for (const table of [...WITH_SUBSCRIPTION, ...OF_THE_STAMP, 'analysis_names()']) {
        assert.equal((await tx.query(`select from ${table}`)).rowCount, 0, table);
      }
    });
  });

  it('lets its readers see neither the directory nor secrets, and write nothing', async () => {
    for (const table of [
      'subscription',
      'principal',
      'signing_key',
      'role_assignment',
      'usage_record',
    ]) {
      await refused(`select * from ${table}`);
    }
    for (const table of [...WITH_SUBSCRIPTION, ...OF_THE_STAMP, 'usage_summarized']) {
      await refused(`delete from ${table}`);
      await refused(`truncate ${table}`);
      await refused(`insert into ${table} overriding system value select * from ${table}`);
    }
    await refused('create table mine (x int)');
  });

  it('does not let the readers of facts look at the tree through the functions of sums', async () => {
    for (const role of [
      'stackmeter_tenant_reader',
      'stackmeter_provider_reader',
      'stackmeter_group_reader',
    ]) {
      for (const called of ['analysis_subscriptions()', 'analysis_places()', 'analysis_names()']) {
        await assert.rejects(
          test.database.transaction(async (tx) => {
            await tx.query(`set local role ${role}`);
            return tx.query(`select * from ${called}`);
          }),
          { code: '42501' },
        );
      }
    }
  });

  it('takes any text for the name of a resource group, and carries nothing over', async () => {
    const hostile = `g"]]}'; reset role; select 1 --`;
    const reach = { ...NOTHING, groups: [[subscriptionOf(1), hostile]] as const };
    await withUsageReach(test.database, reach, async (tx) => {
      assert.equal((await tx.query('select from usage_place')).rowCount, 0);
    });
    for (let at = 0; at < 12; at++) {
      const { rows } = await test.database.pool.query(
        `select current_user = session_user as own, coalesce(current_setting('stackmeter.analysis_reach', true), '') as reach,
                current_setting('enable_nestloop') as loops`,
      );
      assert.deepEqual(rows, [{ own: true, reach: '', loops: 'on' }]);
    }
  });
});
