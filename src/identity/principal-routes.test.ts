import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { LightMyRequestResponse } from 'fastify';
import { SYSTEM } from '../audit/index.ts';
import { parsePrincipalId } from '../kernel/index.ts';
import { buildApp, silentLog } from '../platform/index.ts';
import { addUser } from './authority/index.ts';
import { addClientSecret } from './client-store.ts';
import { disablePrincipal } from './principal-store.ts';
import type { Principal } from './principal.ts';
import { principalRoutes } from './principal-routes.ts';
import type { Role } from './role.ts';
import { HOME_TENANT, START, withTestStamp } from './test-stamp.ts';

interface Page {
  readonly value: readonly Readonly<Record<string, unknown>>[];
  readonly nextLink?: string;
}

describe('clients and users over HTTP', () => {
  const stamp = withTestStamp();
  const app = buildApp({ log: silentLog, clock: stamp.clock });
  const changing = { clock: stamp.clock, actor: SYSTEM };
  const ids = new Map<string, string>();
  let secret = '';

  before(async () => {
    const { pool } = stamp.test.database;
    for (const name of ['alpha', 'beta', 'beta', 'gamma %_']) {
      const added = await stamp.add({
        name,
        role: 'Emitter',
        scope: '/',
        providers: ['Microsoft.Compute'],
      });
      ids.set(name, added.clientId);
      secret = added.clientSecret;
    }
    const alpha = parsePrincipalId(ids.get('alpha')!)!;
    const month = START.add({ hours: 720 });
    await addClientSecret(pool, alpha, { name: 'second', expiresAt: month }, changing);
    const past = START.subtract({ hours: 1 });
    await addClientSecret(pool, alpha, { name: 'past', expiresAt: past }, changing);
    await disablePrincipal(pool, parsePrincipalId(ids.get('gamma %_')!)!, changing);
    const person = { name: 'Ada', userName: 'ada@home', tenantId: HOME_TENANT };
    await addUser(pool, { ...person, password: 'a long enough password' }, changing);
    principalRoutes(app, {
      db: pool,
      clock: stamp.clock,
      authenticate: async (request): Promise<Principal> => ({
        kind: 'client',
        principalId: alpha,
        tenantId: HOME_TENANT,
        name: 'caller',
        grants: [
          {
            role: roleOf(request.headers['x-role']),
            subscriptionId: undefined,
            resourceGroup: undefined,
            providers: undefined,
          },
        ],
      }),
    });
    await app.ready();
  });

  function roleOf(header: unknown): Role {
    return header === 'BillingReader' ? 'BillingReader' : 'Operator';
  }

  const ask = (url: string, role = ''): Promise<LightMyRequestResponse> =>
    app.inject({ url, headers: { host: 'localhost:9443', 'x-role': role } });
  const names = (answer: LightMyRequestResponse): unknown[] =>
    answer.json<Page>().value.map(({ name }) => name);

  it('are for those who may see them', async () => {
    for (const url of ['/api/v1/principals', `/api/v1/principals/${ids.get('alpha')}`]) {
      const answer = await ask(url, 'BillingReader');
      assert.equal(answer.statusCode, 403);
      assert.doesNotMatch(answer.body, /alpha/);
    }
  });

  it('come by name with roles, state and the credentials that hold', async () => {
    const { value } = (await ask('/api/v1/principals')).json<Page>();
    assert.deepEqual(
      value.map(({ name }) => name),
      ['alpha', 'beta', 'beta', 'gamma %_'],
    );
    assert.deepEqual(value[0], {
      principalId: ids.get('alpha'),
      kind: 'client',
      name: 'alpha',
      tenantId: HOME_TENANT,
      createdAt: '2026-03-01T00:00:00Z',
      roles: [{ role: 'Emitter', scope: '/', providers: ['Microsoft.Compute'] }],
      credentials: 2,
      nextExpiry: '2026-03-31T00:00:00Z',
    });
    assert.equal(value[3]?.['disabledAt'], '2026-03-01T00:00:00Z');
  });

  it('come in pages that leave none out, those of one name neither', async () => {
    const seen: unknown[] = [];
    let url: string | undefined = '/api/v1/principals?limit=1';
    while (url !== undefined) {
      const page: Page = (await ask(url)).json();
      seen.push(...page.value.map(({ principalId }) => principalId));
      url = page.nextLink?.replace('https://localhost:9443', '');
    }
    assert.equal(seen.length, 4);
    assert.equal(new Set(seen).size, 4);
  });

  it('are found by part of a name as it stands, by the sign-in name and by id', async () => {
    assert.deepEqual(names(await ask('/api/v1/principals?search=ALP')), ['alpha']);
    assert.deepEqual(names(await ask('/api/v1/principals?search=%25_')), ['gamma %_']);
    assert.deepEqual(names(await ask(`/api/v1/principals?search=${ids.get('alpha')}`)), ['alpha']);
    const people = (await ask('/api/v1/principals?kind=user&search=ada%40')).json<Page>();
    assert.deepEqual(
      people.value.map(({ name, userName, roles }) => ({ name, userName, roles })),
      [{ name: 'Ada', userName: 'ada@home', roles: [] }],
    );
  });

  it('show what each credential is and never a secret', async () => {
    const answer = await ask(`/api/v1/principals/${ids.get('alpha')?.toUpperCase()}`);
    const { credentials } = answer.json<{ credentials: { name: string; kind: string }[] }>();
    assert.deepEqual(credentials.map(({ name, kind }) => `${name} ${kind}`).toSorted(), [
      'first secret',
      'past secret',
      'second secret',
    ]);
    assert.doesNotMatch(answer.body, /hash/i);
    assert.ok(secret.length > 20 && !answer.body.includes(secret));
  });

  it('name what is wrong with the question', async () => {
    for (const query of [
      'kind=robot',
      'limit=0',
      'limit=1001',
      '$skiptoken=x',
      `search=${'x'.repeat(201)}`,
      'search=%00',
    ]) {
      const answer = await ask(`/api/v1/principals?${query}`);
      assert.equal(answer.statusCode, 400, query);
      assert.match(answer.body, /InvalidProperty/);
    }
    for (const id of ['x', 'aaaaaaaa-0000-4000-8000-00000000ffff']) {
      assert.equal((await ask(`/api/v1/principals/${id}`)).statusCode, 404);
    }
  });
});
