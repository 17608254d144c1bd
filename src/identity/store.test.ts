import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { withTestDatabase } from '../../test/support/database.ts';
import { parseClientId, parseDirectoryTenantId, parseSubscriptionId } from '../kernel/index.ts';
import { fixedClock } from '../platform/index.ts';
import { hashSecret } from './client.ts';
import { allows, parseScope } from './role.ts';
import {
  addClient,
  addRoleAssignment,
  disableClient,
  findActiveClient,
  listClients,
  loadGrants,
  removeClient,
  removeRoleAssignment,
} from './store.ts';

const START = Temporal.Instant.from('2026-03-01T00:00:00.123456Z');
const homeTenantId = parseDirectoryTenantId('dddddddd-0000-4000-8000-000000000001');
const strangeTenantId = parseDirectoryTenantId('dddddddd-0000-4000-8000-000000000099');
const nobody = parseClientId('ffffffff-0000-4000-8000-000000000001');
const subscriptionId = parseSubscriptionId('aaaaaaaa-0000-4000-8000-000000000001');
assert.ok(homeTenantId && strangeTenantId && nobody && subscriptionId);

describe('clients and their roles', () => {
  const test = withTestDatabase();
  const stamp = { clock: fixedClock(START), homeTenantId };

  before(async () => {
    await test.database.pool.query(
      `insert into directory_tenant (tenant_id, name) values ($1, 'home')`,
      [homeTenantId],
    );
  });

  const version = async (): Promise<unknown> =>
    (await test.database.pool.query('select version from directory_version')).rows[0];

  it('a client is made with one role, in the home tenant, its secret stored as a hash only', async () => {
    const scope = parseScope(`/subscriptions/${subscriptionId}`);
    const made = await test.database.transaction((tx) =>
      addClient(tx, { name: 'reader', role: 'Reader', scope }, stamp),
    );
    assert.equal(made.tenantId, homeTenantId);
    const active = await findActiveClient(test.database.pool, made.clientId);
    assert.deepEqual(active, {
      clientId: made.clientId,
      tenantId: homeTenantId,
      secretHash: hashSecret(made.clientSecret),
      grants: [{ role: 'Reader', subscriptionId, providers: undefined }],
    });
    const { rows } = await test.database.pool.query('select client::text as whole from client');
    assert.doesNotMatch(JSON.stringify(rows), new RegExp(made.clientSecret));
  });

  it('of an emitter the resource providers are compared in lower case and listed as given', async () => {
    const { pool } = test.database;
    const providers = ['Microsoft.Compute', 'Contoso.Lab'];
    const client = { name: 'emitter', role: 'Emitter', scope: '/', providers } as const;
    const { clientId } = await addClient(pool, client, stamp);
    const grants = await loadGrants(pool, clientId.toUpperCase());
    assert.deepEqual(grants[0]?.providers, new Set(['microsoft.compute', 'contoso.lab']));
    assert.ok(allows(grants, 'usage/emit', { subscriptionId, provider: 'CONTOSO.lab' }));
    const listed = (await listClients(pool)).find((other) => other.clientId === clientId);
    assert.deepEqual(listed, {
      clientId,
      name: 'emitter',
      tenantId: homeTenantId,
      createdAt: START,
      disabledAt: undefined,
      assignments: [{ role: 'Emitter', scope: '/', providers }],
    });
  });

  it('roles are added, replaced and taken away, each time with a new directory version', async () => {
    const { pool } = test.database;
    const { clientId } = await addClient(pool, { name: 'x', role: 'Reader', scope: '/' }, stamp);
    const versions = [await version()];
    const emitter = { role: 'Emitter', scope: '/' } as const;
    await addRoleAssignment(pool, clientId, { ...emitter, providers: ['A'] });
    versions.push(await version());
    await addRoleAssignment(pool, clientId, emitter);
    versions.push(await version());
    const grants = await loadGrants(pool, clientId);
    const byRole = grants.toSorted((one, other) => one.role.localeCompare(other.role));
    assert.deepEqual(
      byRole.map(({ role, providers }) => [role, providers]),
      [
        ['Emitter', undefined],
        ['Reader', undefined],
      ],
    );
    assert.equal(await removeRoleAssignment(pool, clientId, emitter), true);
    versions.push(await version());
    assert.equal(await removeRoleAssignment(pool, clientId, emitter), false);
    assert.equal((await loadGrants(pool, clientId)).length, 1);
    assert.equal(new Set(versions.map((row) => String(Object.values(row ?? {})))).size, 4);
  });

  it('a disabled client has no grants and stays on record; a removed one is gone', async () => {
    const { pool } = test.database;
    const { clientId } = await addClient(pool, { name: 'y', role: 'Owner', scope: '/' }, stamp);
    const earlier = await version();
    assert.equal(await disableClient(pool, clientId, stamp.clock), true);
    assert.notDeepEqual(await version(), earlier);
    assert.equal(await disableClient(pool, clientId, stamp.clock), false);
    assert.deepEqual(await loadGrants(pool, clientId), []);
    const listed = (await listClients(pool)).find((other) => other.clientId === clientId);
    assert.deepEqual(listed?.disabledAt, START);
    assert.equal(await removeClient(pool, clientId), true);
    assert.equal(await removeClient(pool, clientId), false);
    assert.ok((await listClients(pool)).every((other) => other.clientId !== clientId));
    const left = await pool.query('select from role_assignment where principal_id = $1', [
      clientId,
    ]);
    assert.equal(left.rows.length, 0);
  });

  it('a client without any role is known and may do nothing', async () => {
    const { pool } = test.database;
    const reader = { name: 'z', role: 'Reader', scope: '/' } as const;
    const { clientId } = await addClient(pool, reader, stamp);
    await removeRoleAssignment(pool, clientId, reader);
    assert.deepEqual((await findActiveClient(pool, clientId))?.grants, []);
    const listed = (await listClients(pool)).find((other) => other.clientId === clientId);
    assert.deepEqual(listed?.assignments, []);
  });

  it('nobody has grants who is not a client', async () => {
    assert.deepEqual(await loadGrants(test.database.pool, nobody), []);
    assert.deepEqual(await loadGrants(test.database.pool, "' or 1=1 --"), []);
  });

  it('a tenant that is not in the directory is refused, and nothing is left behind', async () => {
    const made = test.database.transaction((tx) =>
      addClient(
        tx,
        { name: 'stray', role: 'Reader', scope: '/', tenantId: strangeTenantId },
        stamp,
      ),
    );
    await assert.rejects(made, { code: 'InvalidProperty', message: /tenantId/ });
    assert.ok((await listClients(test.database.pool)).every(({ name }) => name !== 'stray'));
  });
});
