import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { withTestDatabase } from '../../../test/support/database.ts';
import { groupKey, type Grant } from '../../identity/index.ts';
import {
  parseDirectoryTenantId,
  parsePrincipalId,
  parseSubscriptionId,
  type SubscriptionId,
} from '../../kernel/index.ts';
import { buildApp, silentLog, systemClock } from '../../platform/index.ts';
import { insertSubscription, upsertDirectoryTenant } from '../../stamp/directory/index.ts';
import { insertMeters, referenceMeters } from '../../stamp/meters/index.ts';
import { withUsageReach } from '../../stamp/usage-analysis/index.ts';
import { odataRoutes } from './index.ts';

const TENANT = parseDirectoryTenantId('11111111-0000-4000-8000-000000000001')!;
const [ONE, OTHER] = [1, 2].map((number) =>
  parseSubscriptionId(`22222222-0000-4000-8000-00000000000${number}`)!,
) as [SubscriptionId, SubscriptionId];
const DAY = 20_500;

const uri = (subscription: string, rest: string): string =>
  `/subscriptions/${subscription}/${rest}`;
const inGroup = (group: string, name: string): string =>
  `resourceGroups/${group}/providers/Microsoft.Compute/virtualMachines/${name}`;

/** Each with two days of usage. */
const RESOURCES: readonly (readonly [SubscriptionId, string])[] = [
  [ONE, inGroup('Web', 'web1')],
  [ONE, inGroup('WEB', 'web2')],
  [ONE, inGroup('web2', 'near')],
  [ONE, inGroup('ΗΣ', 'greek')],
  [ONE, 'providers/Microsoft.Compute/virtualMachines/web'],
  [ONE, 'providers/Microsoft.Compute/resourceGroups/web'],
  [OTHER, inGroup('web', 'foreign')],
];

describe('the feed for whoever has a resource group', () => {
  const test = withTestDatabase();
  let app: FastifyInstance;
  let grants: Grant[] = [];

  before(async () => {
    const { pool } = test.database;
    await upsertDirectoryTenant(pool, { tenantId: TENANT, name: 'tenant.example' });
    await insertMeters(pool, referenceMeters.slice(0, 1));
    await pool.query(
      `insert into meter_spelling (spelling, meter, spelled) overriding system value select meter, meter, meter_id from meter`,
    );
    for (const subscriptionId of [ONE, OTHER]) {
      await insertSubscription(pool, {
        subscriptionId,
        displayName: 'Subscription',
        owner: 'owner@tenant.example',
        tenantId: TENANT,
        delegatedProviderSubscriptionId: subscriptionId === ONE ? undefined : ONE,
        offerId: undefined,
        routingResourceManagerType: 'Default',
        state: 'Enabled',
        origin: 'created',
        createdAt: Temporal.Instant.from('2026-01-01T00:00:00Z'),
      });
    }
    await pool.query('select ensure_usage_partitions($1::int * 24)', [DAY]);
    await pool.query('select ensure_usage_partitions($1::int * 24)', [DAY + 1]);
    // The sums of usage know none of it yet.
    for (const [subscription, rest] of RESOURCES) {
      const { rows } = await pool.query<{ key: string }>(
        `insert into resource (subscription_id, resource_key, resource_uri, location, tags, additional_info)
         values ($1, gen_random_uuid(), $2, 'local', '', '') returning resource_key as key`,
        [subscription, uri(subscription, rest)],
      );
      for (const day of [DAY, DAY + 1]) {
        const values = [day, subscription, rows[0]!.key];
        await pool.query(
          `insert into usage_daily (reported_day, subscription_id, usage_day, resource_key, meter, spelling, records, quantity)
           select $1, $2, $1, $3, meter, spelling, 1, 1 from meter_spelling`,
          values,
        );
        await pool.query(
          `insert into usage_hourly (reported_hour, subscription_id, usage_hour, resource_key, meter, spelling, records, quantity)
           select $1::int * 24, $2, $1::int * 24, $3, meter, spelling, 1, 1 from meter_spelling`,
          values,
        );
      }
    }
    app = buildApp({ log: silentLog, clock: systemClock });
    odataRoutes(app, {
      database: test.database,
      wings: ['stamp'],
      region: 'local',
      authenticate: async () => ({
        kind: 'client',
        principalId: parsePrincipalId('33333333-0000-4000-8000-000000000000')!,
        tenantId: TENANT,
        name: 'test',
        grants,
      }),
    });
    await app.ready();
  });
  after(() => app.close());

  const reader = (subscriptionId: SubscriptionId, group?: string): Grant => ({
    role: 'Reader',
    subscriptionId,
    resourceGroup: group === undefined ? undefined : groupKey(group),
    providers: undefined,
  });

  const seen = async (set: string, property: string, query = ''): Promise<string[]> => {
    const answer = await app.inject({
      url: `/odata/v1/${set}?$select=${property}${query}`,
      headers: { host: 'localhost' },
    });
    assert.equal(answer.statusCode, 200, answer.body);
    const { value } = answer.json<{ value: Readonly<Record<string, string>>[] }>();
    return value.map((row) => String(row[property])).toSorted();
  };
  const twice = (...names: string[]): string[] => [...names, ...names].toSorted();

  const readers: readonly (readonly [who: string, grants: Grant[], sees: string[]])[] = [
    ['a group, in any case', [reader(ONE, 'wEb')], ['web1', 'web2']],
    ['a group in Greek', [reader(ONE, 'ης')], ['greek']],
    ['a group that nothing is in', [reader(ONE, 'none')], []],
    ['two groups', [reader(ONE, 'web'), reader(ONE, 'web2')], ['near', 'web1', 'web2']],
    ['a group and another subscription', [reader(ONE, 'ΗΣ'), reader(OTHER)], ['foreign', 'greek']],
    ['a subscription', [reader(OTHER)], ['foreign']],
  ];
  it('names no subscription of which nothing is seen, and says nothing else of it', async () => {
    const read = (columns: string) =>
      withUsageReach(
        test.database,
        { everywhere: false, subscriptions: [], providers: [], groups: [[ONE, 'web']] },
        (tx) => tx.query(`select ${columns} from subscription`),
      );
    assert.deepEqual((await read('subscription_id as id')).rows, [{ id: ONE }]);
    await assert.rejects(read('owner'), { code: '42501' });
  });

  for (const [who, given, names] of readers) {
    it(`shows the rows of ${who} and nothing else`, async () => {
      grants = given;
      for (const set of ['DailyUsage', 'HourlyUsage']) {
        assert.deepEqual(await seen(set, 'ResourceName'), twice(...names), set);
        const count = await app.inject({
          url: `/odata/v1/${set}/$count`,
          headers: { host: 'localhost' },
        });
        assert.equal(count.body, String(2 * names.length));
      }
      assert.deepEqual(
        await seen('DailyUsage', 'ResourceName', `&$filter=ResourceName ne 'web1'`),
        twice(...names.filter((name) => name !== 'web1')),
      );
      const named = await seen('DailyUsage', 'SubscriptionName');
      assert.deepEqual(new Set(named), new Set(names.length === 0 ? [] : ['Subscription']));
      assert.deepEqual(
        await seen('Subscriptions', 'SubscriptionId'),
        [...new Set(given.map(({ subscriptionId }) => String(subscriptionId)))].toSorted(),
      );
    });
  }
});
