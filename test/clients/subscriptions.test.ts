import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withTestDatabase } from '../support/database.ts';
import type { Item, Told } from './subscriptions-process.ts';
import { withClient } from './with-client.ts';

/** Besides those of the fixture: enough that they do not fit on a page of a thousand. */
const MORE = 1000;

describe('subscriptions and tenants', () => {
  const test = withTestDatabase();
  describe('through the clients of Microsoft.Resources', () => {
    let known: string[];
    const ran = withClient<Told>(
      test,
      'subscriptions-process.ts',
      async (server, { placeholders, clients }) => {
        const { pool } = server.database;
        await pool.query(
          `insert into subscription (subscription_id, display_name, owner, tenant_id,
           delegated_provider_subscription_id, created_at)
         select gen_random_uuid(), 'more ' || n, 'owner@tenant.example', $1, $2, now()
         from generate_series(1, $3::int) as n`,
          [server.stamp.homeTenantId, server.stamp.defaultProviderSubscriptionId, MORE],
        );
        const { rows } = await pool.query<{ id: string }>(
          `select subscription_id as id from subscription
           union all select subscription_id from commerce_subscription`,
        );
        known = rows.map(({ id }) => id);
        return {
          baseUrl: server.baseUrl,
          tenantId: server.stamp.homeTenantId,
          operator: clients['operator']!,
          tenant: clients['tenant']!,
          tenantSubscription: placeholders['tenantSubscription']!,
          otherSubscription: placeholders['otherSubscription']!,
          unknownSubscription: placeholders['unknownSubscription']!,
        };
      },
    );

    const refused = (step: string, status: number, code: string): void => {
      const error = ran.results.error(step);
      assert.deepEqual([error.statusCode, error.code], [status, code], `${step}: ${error.message}`);
    };

    for (const [client, name] of [
      ['arm-subscriptions 5', 'older'],
      ['arm-resources-subscriptions', 'newer'],
    ] as const) {
      describe(client, () => {
        it('lists all subscriptions to the operator, over pages', () => {
          assert.deepEqual(ran.results.value(`${name} pages`), [1000, known.length - 1000]);
          const listed = ran.results.value(`${name} list`) as Item[];
          assert.equal(listed.length, known.length);
          const ids = listed.map((item) => item['subscriptionId']);
          assert.deepEqual(new Set(ids), new Set(known));
        });

        it('lists and gets its own to a tenant, and no other', () => {
          const [own, ...more] = ran.results.value(`${name} own`) as Item[];
          assert.equal(more.length, 0);
          assert.equal(own?.['id'], `/subscriptions/${ran.told.tenantSubscription}`);
          assert.equal(own['displayName'], 'tenantSubscription');
          assert.equal(own['state'], 'Enabled');
          const got = ran.results.value(`${name} get`) as Item;
          for (const key of ['id', 'subscriptionId', 'displayName', 'state', 'tenantId']) {
            assert.equal(got[key], own[key], key);
          }
          refused(`${name} foreign`, 403, 'AuthorizationFailed');
          refused(`${name} unknown`, 404, 'SubscriptionNotFound');
        });

        it("lists the caller's tenant", () => {
          const [tenant, ...more] = ran.results.value(`${name} tenants`) as Item[];
          assert.equal(more.length, 0);
          assert.equal(tenant?.['tenantId'], ran.told.tenantId);
          assert.equal(tenant['id'], `/tenants/${ran.told.tenantId}`);
        });
      });
    }

    it('takes the api-versions that stock clients send, and names them to others', () => {
      assert.equal((ran.results.value('supported') as Item[]).length, 1);
      const error = ran.results.error('unsupported');
      assert.deepEqual([error.statusCode, error.code], [400, 'InvalidApiVersionParameter']);
    });
  });
});
