import assert from 'node:assert/strict';
import { it } from 'node:test';
import { withTestDatabase } from '../../../test/support/database.ts';
import { upgrade } from '../../../test/support/upgrade.ts';
import { parseSubscriptionId } from '../../kernel/index.ts';
import { listOffers } from './offers/store.ts';
import { findSubscription } from './subscriptions/store.ts';
import { listDirectoryTenants } from './tenants/store.ts';

const test = withTestDatabase({ migrated: false });

const ROOT = parseSubscriptionId('aaaaaaaa-0000-4000-8000-000000000001')!;
const BELOW = parseSubscriptionId('aaaaaaaa-0000-4000-8000-000000000002')!;
const TENANTS = [1, 2].map((number) => `dddddddd-0000-4000-8000-00000000000${number}`);

it('a stamp of before the catalogue keeps its offers, and each directory gets a name of its own', async () => {
  await upgrade(
    test.url,
    '0011',
    async ({ pool }) => {
      for (const id of TENANTS) {
        await pool.query(`insert into directory_tenant values ($1, 'same.example')`, [id]);
      }
      await pool.query(
        `insert into offer values ('default-provider', 'Default', 'Private'), ('Gold', 'G', 'Public'), ('gold', 'g', 'Public')`,
      );
      await pool.query(
        `insert into subscription (subscription_id, display_name, owner, tenant_id, offer_id, created_at)
         values ($1, 'root', 'o', $2, 'default-provider', '2026-01-01Z')`,
        [ROOT, TENANTS[0]],
      );
      await pool.query(
        `insert into subscription (subscription_id, display_name, owner, tenant_id, offer_id, created_at,
           delegated_provider_subscription_id) values ($1, 'sub', 'o', $2, 'gold', '2026-01-01Z', $3)`,
        [BELOW, TENANTS[0], ROOT],
      );
    },
    async ({ pool }) => {
      const offers = await listOffers(pool);
      const [offer] = offers;
      const gold = offers.slice(1).map(({ name, displayName }) => [name, displayName]);
      assert.deepEqual(gold, [
        ['Gold', 'G'],
        ['gold-e07e81c2', 'g'],
      ]);
      assert.equal((await findSubscription(pool, BELOW))?.offer?.name, 'gold-e07e81c2');
      assert.deepEqual([offer?.name, offer?.providerSubscriptionId], ['default-provider', ROOT]);
      assert.equal((await findSubscription(pool, ROOT))?.offer?.name, 'default-provider');
      const names = (await listDirectoryTenants(pool)).map(({ name }) => name);
      assert.deepEqual(names, ['same.example', `same.example-${TENANTS[1]}`]);
    },
  );
});
