import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { writeFixture } from '../conformance/fixture.ts';
import { withTestDatabase } from '../support/database.ts';
import { withServer } from '../support/server.ts';
import { runClient, type Results } from './processes.ts';
import type { Item, Told } from './subscriptions-process.ts';

/** Besides those of the fixture: enough that they do not fit on a page of a thousand. */
const MORE = 1000;

describe('subscriptions and tenants', () => {
  const test = withTestDatabase();
  describe('through the clients of Microsoft.Resources', () => {
    const started = withServer(test);
    let told: Told;
    let results: Results;
    let known: string[];

    before(async () => {
      const { server } = started;
      const { placeholders, clients } = await writeFixture(server);
      const { pool } = server.database;
      await pool.query(
        `insert into subscription (subscription_id, display_name, owner, tenant_id,
           delegated_provider_subscription_id, created_at)
         select gen_random_uuid(), 'more ' || n, 'owner@tenant.example', $1, $2, now()
         from generate_series(1, $3::int) as n`,
        [server.stamp.homeTenantId, server.stamp.defaultProviderSubscriptionId, MORE],
      );
      const { rows } = await pool.query<{ id: string }>(
        'select subscription_id as id from subscription order by subscription_id',
      );
      known = rows.map(({ id }) => id);
      told = {
        baseUrl: server.baseUrl,
        tenantId: server.stamp.homeTenantId,
        operator: clients['operator']!,
        tenant: clients['tenant']!,
        tenantSubscription: placeholders['tenantSubscription']!,
        otherSubscription: placeholders['otherSubscription']!,
        unknownSubscription: placeholders['unknownSubscription']!,
      };
      results = await runClient('subscriptions-process.ts', server.caFile, told);
    });

    const refused = (step: string, status: number, code: string): void => {
      const error = results.error(step);
      assert.deepEqual([error.statusCode, error.code], [status, code], `${step}: ${error.message}`);
    };

    for (const [client, name] of [
      ['arm-subscriptions 5', 'older'],
      ['arm-resources-subscriptions', 'newer'],
    ] as const) {
      describe(client, () => {
        it('lists all subscriptions to the operator, over pages', () => {
          assert.deepEqual(results.value(`${name} pages`), [1000, known.length - 1000]);
          const listed = results.value(`${name} list`) as Item[];
          assert.equal(listed.length, known.length);
          const ids = listed.map((item) => item['subscriptionId']);
          assert.deepEqual(new Set(ids), new Set(known));
        });

        it('lists and gets its own to a tenant, and no other', () => {
          const [own, ...more] = results.value(`${name} own`) as Item[];
          assert.equal(more.length, 0);
          assert.equal(own?.['id'], `/subscriptions/${told.tenantSubscription}`);
          assert.equal(own['displayName'], 'tenantSubscription');
          assert.equal(own['state'], 'Enabled');
          const got = results.value(`${name} get`) as Item;
          for (const key of ['id', 'subscriptionId', 'displayName', 'state', 'tenantId']) {
            assert.equal(got[key], own[key], key);
          }
          refused(`${name} foreign`, 403, 'AuthorizationFailed');
          refused(`${name} unknown`, 404, 'SubscriptionNotFound');
        });

        it("lists the caller's tenant", () => {
          const [tenant, ...more] = results.value(`${name} tenants`) as Item[];
          assert.equal(more.length, 0);
          assert.equal(tenant?.['tenantId'], told.tenantId);
          assert.equal(tenant['id'], `/tenants/${told.tenantId}`);
        });
      });
    }

    it('takes the api-versions that stock clients send, and names them to others', () => {
      assert.equal((results.value('supported') as Item[]).length, 1);
      const error = results.error('unsupported');
      assert.deepEqual([error.statusCode, error.code], [400, 'InvalidApiVersionParameter']);
    });
  });
});
