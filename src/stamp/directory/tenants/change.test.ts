import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import {
  parseDirectoryTenantId,
  parseSubscriptionId,
  type DirectoryTenantId,
} from '../../../kernel/index.ts';
import { verifyAudit } from '../../../audit/index.ts';
import type { Tx } from '../../../platform/index.ts';
import { createSubscription } from '../subscriptions/create.ts';
import { HOME, withTestDirectory } from '../test-directory.ts';
import { inDirectoryTenant, putDirectoryTenant } from './change.ts';

describe('directory tenants', () => {
  const { test, changing, root } = withTestDirectory();

  it('come with a subscription while others make some, and nobody waits for ever', async () => {
    const { database } = test;
    const make = (tx: Tx, tenantId: DirectoryTenantId): Promise<unknown> =>
      createSubscription(
        tx,
        {
          subscriptionId: parseSubscriptionId(randomUUID())!,
          displayName: 'x',
          owner: 'o',
          tenantId,
          provider: root,
          offer: undefined,
        },
        changing,
      );
    const pairs = Array.from({ length: 20 }, (_, number) => {
      const tenantId = parseDirectoryTenantId(randomUUID())!;
      const tenant = { tenantId, name: `guest-${number}.example` };
      return [
        database.transaction((tx) =>
          inDirectoryTenant(tx, tenant, changing, () => make(tx, tenantId)),
        ),
        database.transaction((tx) => make(tx, HOME)),
      ];
    });
    await Promise.all(pairs.flat());
    assert.equal((await verifyAudit(database.pool)).intact, true);
  });

  it('keep what is left out when they are put once more', async () => {
    const tenantId = parseDirectoryTenantId(randomUUID())!;
    const first = { tenantId, name: 'a.example', resourceGroup: 'rg', location: 'there' };
    const put = (tenant: Parameters<typeof putDirectoryTenant>[1]) =>
      test.database.transaction((tx) => putDirectoryTenant(tx, tenant, changing));
    assert.deepEqual(await put(first), { tenant: first, created: true });
    const renamed = await put({ tenantId, name: 'b.example' });
    assert.deepEqual(renamed, { tenant: { ...first, name: 'b.example' }, created: false });
  });
});
