import assert from 'node:assert/strict';
import { it } from 'node:test';
import { withTestDatabase } from '../../test/support/database.ts';
import { upgrade } from '../../test/support/upgrade.ts';
import { parseDirectoryTenantId, parsePrincipalId } from '../kernel/index.ts';
import { findActiveClient, findByKey } from './client-store.ts';
import { findPrincipal, listPrincipals } from './principal-store.ts';
import { hashSecret } from './secret.ts';

const test = withTestDatabase({ migrated: false });

const HOME = parseDirectoryTenantId('dddddddd-0000-4000-8000-000000000001')!;
const [OPERATOR, EMITTER, FORMER] = [1, 2, 3].map((number) =>
  parsePrincipalId(`cccccccc-0000-4000-8000-00000000000${number}`)!,
);
const SUBSCRIPTION = '/subscriptions/aaaaaaaa-0000-4000-8000-000000000001';
const NOW = Temporal.Instant.from('2026-03-01T00:00:00Z');

it('clients of before keep their secrets and roles, and who owned the stamp operates it', async () => {
  await upgrade(
    test.url,
    '0008',
    async ({ pool }) => {
      await pool.query(`insert into directory_tenant values ($1, 'home')`, [HOME]);
      await pool.query(
        `insert into client (client_id, name, secret_hash, tenant_id, created_at, disabled_at)
         values ($1, 'operator', $4, $5, $6, null), ($2, 'emitter', $4, $5, $6, null), ($3, 'former', $4, $5, $6, $6)`,
        [OPERATOR, EMITTER, FORMER, hashSecret('secret'), HOME, NOW.toString()],
      );
      await pool.query(
        `insert into role_assignment (principal_id, role, scope, providers)
         values ($1, 'Owner', '/', null), ($1, 'Owner', $3, null), ($2, 'Emitter', '/', '{Microsoft.Compute}')`,
        [OPERATOR, EMITTER, SUBSCRIPTION],
      );
    },
    async ({ pool }) => {
      const clients = await listPrincipals(pool, 'client');
      assert.deepEqual(
        clients.map(({ name, assignments }) => [name, assignments]),
        [
          ['emitter', [{ role: 'Emitter', scope: '/', providers: ['Microsoft.Compute'] }]],
          ['former', []],
          [
            'operator',
            [
              { role: 'Operator', scope: '/' },
              { role: 'Owner', scope: SUBSCRIPTION },
            ],
          ],
        ],
      );
      const find = (id: string) => findActiveClient(pool, id, NOW);
      const key = { id: OPERATOR ?? '', secret: 'secret' };
      assert.equal((await findByKey(find, key))?.name, 'operator');
      assert.equal(await findByKey(find, { ...key, id: FORMER ?? '' }), undefined);
      assert.deepEqual((await findPrincipal(pool, FORMER ?? ''))?.disabledAt, NOW);
    },
  );
});
