import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { withTestDatabase } from '../../test/support/database.ts';
import { parseDirectoryTenantId, parsePrincipalId, parseSubscriptionId } from '../kernel/index.ts';
import { listAudit, SYSTEM, verifyAudit } from '../audit/index.ts';
import { fixedClock } from '../platform/index.ts';
import {
  addClient,
  addClientSecret,
  findActiveClient,
  findByKey,
  listClientCredentials,
  removeClientCredential,
} from './client-store.ts';
import {
  checkName,
  disablePrincipal,
  enablePrincipal,
  findPrincipal,
  listPrincipals,
  loadGrants,
  removePrincipal,
} from './principal-store.ts';
import type { PrincipalRef } from './principal.ts';
import {
  addRoleAssignment,
  checkRoleOnScope,
  findRoleAssignment,
  listRoleAssignments,
  removeRoleAssignment,
} from './role-assignment.ts';
import { allows } from './role.ts';
import { scopeOf } from './scope.ts';
import { hashSecret } from './secret.ts';

const START = Temporal.Instant.from('2026-03-01T00:00:00.123456Z');
const homeTenantId = parseDirectoryTenantId('dddddddd-0000-4000-8000-000000000001');
const strangeTenantId = parseDirectoryTenantId('dddddddd-0000-4000-8000-000000000099');
const nobody = parsePrincipalId('ffffffff-0000-4000-8000-000000000001');
const subscriptionId = parseSubscriptionId('aaaaaaaa-0000-4000-8000-000000000001');
assert.ok(homeTenantId && strangeTenantId && nobody && subscriptionId);

describe('clients and their roles', () => {
  const test = withTestDatabase();
  const stamp = { clock: fixedClock(START), homeTenantId, actor: SYSTEM };
  const scope = scopeOf(subscriptionId);

  before(async () => {
    await test.database.pool.query(
      `insert into directory_tenant (tenant_id, name) values ($1, 'home')`,
      [homeTenantId],
    );
  });

  const version = async (): Promise<string> => {
    const text = 'select version::text from directory_version';
    const { rows } = await test.database.pool.query<{ version: string }>(text);
    return rows[0]?.version ?? '';
  };
  const refOf = (client: { readonly clientId: PrincipalRef['principalId'] }): PrincipalRef => ({
    kind: 'client',
    principalId: client.clientId,
    tenantId: homeTenantId,
  });
  const grantsOf = (client: Parameters<typeof refOf>[0]) =>
    loadGrants(test.database.pool, refOf(client));

  it('a client is made with one role, in the home tenant, its secret stored as a hash only', async () => {
    const made = await test.database.transaction((tx) =>
      addClient(tx, { name: 'reader', role: 'Reader', scope }, stamp),
    );
    assert.equal(made.tenantId, homeTenantId);
    const { pool } = test.database;
    assert.deepEqual(await findActiveClient(pool, made.clientId, START), {
      ...refOf(made),
      name: 'reader',
      secretHashes: [hashSecret(made.clientSecret)],
      publicJwks: [],
    });
    assert.deepEqual(await grantsOf(made), [
      { role: 'Reader', subscriptionId, resourceGroup: undefined, providers: undefined },
    ]);
    for (const table of ['principal', 'client_credential', 'audit_event']) {
      const { rows } = await pool.query(`select ${table}::text as whole from ${table}`);
      assert.ok(rows.length > 0);
      assert.doesNotMatch(JSON.stringify(rows), new RegExp(made.clientSecret));
    }
  });

  it('of an emitter the resource providers are compared in lower case and listed as given', async () => {
    const { pool } = test.database;
    const providers = ['Microsoft.Compute', 'Contoso.Lab'];
    const client = { name: 'emitter', role: 'Emitter', scope: '/', providers } as const;
    const made = await addClient(pool, client, stamp);
    const grants = await grantsOf(made);
    assert.deepEqual(grants?.[0]?.providers, new Set(['microsoft.compute', 'contoso.lab']));
    const emit = 'Stackmeter.Metering/usage/emit';
    assert.ok(allows(grants, emit, { subscriptionId, provider: 'CONTOSO.lab' }));
    const all = await listPrincipals(pool, 'client');
    assert.deepEqual(
      all.find((other) => other.principalId === made.clientId),
      {
        principalId: made.clientId,
        kind: 'client',
        name: 'emitter',
        tenantId: homeTenantId,
        createdAt: START,
        disabledAt: undefined,
        assignments: [{ role: 'Emitter', scope: '/', providers }],
      },
    );
  });

  it('roles are added, replaced and taken away, each time with a new directory version', async () => {
    const { pool } = test.database;
    const made = await addClient(pool, { name: 'x', role: 'Reader', scope: '/' }, stamp);
    const principal = {
      principalId: made.clientId,
      principalTenantId: homeTenantId,
      principalType: 'ServicePrincipal',
    } as const;
    const versions = [await version()];
    const emitter = { ...principal, role: 'Emitter', scope: '/' } as const;
    const first = await addRoleAssignment(pool, { ...emitter, providers: ['A'] }, stamp);
    versions.push(await version());
    const second = await addRoleAssignment(pool, emitter, stamp);
    versions.push(await version());
    assert.equal(second.assignmentId, first.assignmentId);
    assert.deepEqual(await findRoleAssignment(pool, first.assignmentId), second);
    const roles = await listRoleAssignments(pool, { principalId: made.clientId });
    assert.deepEqual(
      roles.map(({ role, providers }) => [role, providers]),
      [
        ['Emitter', undefined],
        ['Reader', undefined],
      ],
    );
    assert.deepEqual(await removeRoleAssignment(pool, first.assignmentId, stamp), second);
    versions.push(await version());
    assert.equal(await removeRoleAssignment(pool, first.assignmentId, stamp), undefined);
    assert.equal((await grantsOf(made))?.length, 1);
    assert.equal(new Set(versions).size, 4);
  });

  it('a disabled client has no grants and stays on record; a removed one is gone with its roles', async () => {
    const { pool } = test.database;
    const made = await addClient(pool, { name: 'y', role: 'Owner', scope: '/' }, stamp);
    const id = made.clientId;
    const earlier = await version();
    assert.equal(await disablePrincipal(pool, id, stamp), true);
    assert.notEqual(await version(), earlier);
    assert.equal(await disablePrincipal(pool, id, stamp), false);
    assert.equal(await grantsOf(made), undefined);
    assert.equal(await findActiveClient(pool, id, START), undefined);
    assert.deepEqual((await findPrincipal(pool, id))?.disabledAt, START);
    assert.equal(await enablePrincipal(pool, id, stamp), true);
    assert.equal((await grantsOf(made))?.length, 1);
    assert.equal(await removePrincipal(pool, id, stamp), true);
    assert.equal(await removePrincipal(pool, id, stamp), false);
    assert.equal(await findPrincipal(pool, id), undefined);
    assert.deepEqual(await listRoleAssignments(pool, { principalId: id }), []);
    assert.deepEqual(await listClientCredentials(pool, id), []);
  });

  it('a client without any role is known and may do nothing', async () => {
    const { pool } = test.database;
    const made = await addClient(pool, { name: 'z', role: 'Reader', scope: '/' }, stamp);
    const [role] = await listRoleAssignments(pool, { principalId: made.clientId });
    assert.ok(role);
    await removeRoleAssignment(pool, role.assignmentId, stamp);
    assert.deepEqual(await grantsOf(made), []);
  });

  it('grants are those of one principal: not of another kind or tenant with the same id', async () => {
    const { pool } = test.database;
    const made = await addClient(pool, { name: 'twin', role: 'Owner', scope: '/' }, stamp);
    assert.equal(await loadGrants(pool, { ...refOf(made), kind: 'user' }), undefined);
    assert.equal(await loadGrants(pool, { ...refOf(made), tenantId: strangeTenantId }), undefined);
    const foreign = { ...refOf(made), kind: 'external', tenantId: strangeTenantId } as const;
    assert.equal(await loadGrants(pool, foreign), undefined);
    assert.equal(await loadGrants(pool, { ...foreign, tenantId: homeTenantId }), undefined);
    assert.deepEqual(await loadGrants(pool, { ...foreign, principalId: nobody }), []);
    assert.equal(await loadGrants(pool, { ...refOf(made), principalId: nobody }), undefined);
    assert.equal(await findActiveClient(pool, "' or 1=1 --", START), undefined);
  });

  it('one secret can be replaced while another still works, and one that has expired works no more', async () => {
    const { pool } = test.database;
    const made = await addClient(pool, { name: 'rotating', role: 'Reader', scope: '/' }, stamp);
    const expiresAt = START.add({ hours: 1 });
    const next = await addClientSecret(pool, made.clientId, { name: 'next', expiresAt }, stamp);
    const works = async (secret: string, now = START): Promise<boolean> =>
      (await findByKey((id) => findActiveClient(pool, id, now), { id: made.clientId, secret })) !==
      undefined;
    assert.deepEqual(
      [await works(made.clientSecret), await works(next.secret), await works('x')],
      [true, true, false],
    );
    assert.equal(await works(next.secret, expiresAt), false);
    assert.equal(await works(made.clientSecret, expiresAt), true);
    const credentials = await listClientCredentials(pool, made.clientId);
    const first = credentials.find(({ name }) => name === 'first');
    assert.ok(first);
    const remove = () => removeClientCredential(pool, made.clientId, first.credentialId, stamp);
    assert.deepEqual([await remove(), await remove()], [true, false]);
    assert.deepEqual([await works(made.clientSecret), await works(next.secret)], [false, true]);
  });

  it('a tenant that is not in the directory is refused, and nothing is left behind', async () => {
    const client = {
      name: 'stray',
      role: 'Reader',
      scope: '/',
      tenantId: strangeTenantId,
    } as const;
    const made = test.database.transaction((tx) => addClient(tx, client, stamp));
    await assert.rejects(made, { code: 'InvalidProperty', message: /tenantId/ });
    const all = await listPrincipals(test.database.pool, 'client');
    assert.ok(all.every(({ name }) => name !== 'stray'));
  });

  it('every change is in the audit trail, which verifies', async () => {
    const { pool } = test.database;
    const earlier = (await listAudit(pool, { after: 0n, limit: 10_000 })).length;
    const made = await addClient(pool, { name: 'told', role: 'Reader', scope }, stamp);
    await disablePrincipal(pool, made.clientId, stamp);
    await removePrincipal(pool, made.clientId, stamp);
    const events = (await listAudit(pool, { after: BigInt(earlier), limit: 100 })).map(
      ({ action, detail }) => `${action} ${String(JSON.parse(detail).change ?? '')}`.trim(),
    );
    assert.deepEqual(events, [
      'Stackmeter.Identity/principals/write added',
      'Stackmeter.Identity/principals/write credential added',
      'Microsoft.Authorization/roleAssignments/write',
      'Stackmeter.Identity/principals/write disabled',
      'Microsoft.Authorization/roleAssignments/delete',
      'Stackmeter.Identity/principals/write removed',
    ]);
    assert.equal((await verifyAudit(pool)).intact, true);
  });
});

describe('new principals and roles', () => {
  it('need a printable name', () => {
    checkName('Resource provider of the laboratory');
    for (const bad of ['', '  ', 'a\nb', 'x'.repeat(201)]) {
      assert.throws(() => checkName(bad), { code: 'InvalidProperty' });
    }
  });

  it('name resource providers as emitters only, by namespace', () => {
    const check = (role: 'Emitter' | 'Reader', providers?: string[]) =>
      checkRoleOnScope({ role, scope: '/', providers });
    check('Emitter', ['Microsoft.Compute', 'Contoso']);
    check('Reader');
    assert.throws(() => check('Reader', ['Microsoft.Compute']), { code: 'InvalidProperty' });
    assert.throws(() => check('Emitter', []), { code: 'InvalidProperty' });
    assert.throws(() => check('Emitter', ['Microsoft Compute']), { code: 'InvalidProperty' });
  });

  it('are assigned only where they make sense', () => {
    const subscription = scopeOf(subscriptionId);
    const group = scopeOf(subscriptionId, 'Web');
    checkRoleOnScope({ role: 'Operator', scope: '/' });
    checkRoleOnScope({ role: 'DelegatedProvider', scope: subscription });
    checkRoleOnScope({ role: 'Reader', scope: group });
    for (const bad of [
      { role: 'Operator', scope: subscription },
      { role: 'DelegatedProvider', scope: '/' },
      { role: 'DelegatedProvider', scope: group },
    ] as const) {
      assert.throws(() => checkRoleOnScope(bad), { code: 'InvalidProperty' });
    }
  });
});
