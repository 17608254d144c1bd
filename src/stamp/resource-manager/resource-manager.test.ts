import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { withTestDatabase } from '../../../test/support/database.ts';
import {
  fail,
  parseDirectoryTenantId,
  parsePrincipalId,
  parseSubscriptionId,
  type SubscriptionId,
} from '../../kernel/index.ts';
import { buildApp, fixedClock, silentLog, type ListenerSurface } from '../../platform/index.ts';
import {
  authorizationRoutes,
  parseScope,
  partsOf,
  type Authenticate,
  type Grants,
  type Role,
} from '../../identity/index.ts';
import { insertSubscription, type SubscriptionState } from '../directory/index.ts';
import { resourceManagerRoutes, seesSubscription } from './index.ts';

const HOME = parseDirectoryTenantId('dddddddd-0000-4000-8000-000000000001')!;
const VERSION = 'api-version=2016-06-01';
const UNKNOWN = 'eeeeeeee-0000-4000-8000-00000000000e';
const NOW = Temporal.Instant.from('2026-03-01T00:00:00Z');
const MANY = 2500;

function subscriptionId(number: number): SubscriptionId {
  return parseSubscriptionId(`aaaaaaaa-0000-4000-8000-${String(number).padStart(12, '0')}`)!;
}
const [ROOT, LIVING, DELETED, GROUPED] = [0, 1, 2, 3].map(subscriptionId) as [
  SubscriptionId,
  SubscriptionId,
  SubscriptionId,
  SubscriptionId,
];

function grants(...held: (readonly [Role, string])[]): Grants {
  return held.map(([role, scope]) => ({
    role,
    ...partsOf(parseScope(scope)),
    providers: undefined,
  }));
}

const CALLERS: Readonly<Record<string, Grants>> = {
  operator: grants(['Operator', '/']),
  'stamp reader': grants(['Reader', '/']),
  tenant: grants(
    ['Owner', `/subscriptions/${LIVING}`],
    ['Reader', `/subscriptions/${LIVING}`],
    ['Owner', `/subscriptions/${DELETED}`],
    ['Reader', `/subscriptions/${GROUPED}/resourceGroups/one`],
  ),
  emitter: grants(['Emitter', `/subscriptions/${LIVING}`]),
  nobody: [],
};

describe('the resource manager', () => {
  const test = withTestDatabase();
  const clock = fixedClock(NOW);
  const apps = new Map<ListenerSurface, FastifyInstance>();

  before(async () => {
    const { pool } = test.database;
    await pool.query(`insert into directory_tenant (tenant_id, name) values ($1, 'home')`, [HOME]);
    const add = (id: SubscriptionId, state: SubscriptionState): Promise<boolean> =>
      insertSubscription(pool, {
        subscriptionId: id,
        displayName: `subscription ${id.slice(-4)}`,
        owner: 'somebody@home.example',
        tenantId: HOME,
        delegatedProviderSubscriptionId: id === ROOT ? undefined : ROOT,
        offerId: undefined,
        routingResourceManagerType: 'Default',
        state,
        origin: 'created',
        createdAt: NOW,
      });
    await add(ROOT, 'Enabled');
    for (let number = 1; number < MANY; number += 1) {
      await add(subscriptionId(number), number === 2 ? 'Deleted' : 'Enabled');
    }
    const authenticate: Authenticate = (request) => {
      const name = String(request.headers['x-caller'] ?? '');
      const held = CALLERS[name];
      if (held === undefined)
        return Promise.reject(fail('AuthenticationFailed', { reason: 'nobody' }));
      const principalId = parsePrincipalId(
        `11111111-0000-4000-8000-${String(name.length).padStart(12, '0')}`,
      )!;
      return Promise.resolve({ principalId, tenantId: HOME, kind: 'client', name, grants: held });
    };
    for (const surface of ['all', 'tenant'] as const) {
      const app = buildApp({ log: silentLog, clock, surface });
      apps.set(surface, app);
      resourceManagerRoutes(app, { database: test.database, authenticate, region: 'local' });
      authorizationRoutes(app, {
        database: test.database,
        clock,
        authenticate,
        sees: (principal, id) => seesSubscription({ database: test.database }, principal, id),
      });
      await app.ready();
    }
  });
  after(() => Promise.all([...apps.values()].map((app) => app.close())));

  const ask = (
    caller: string,
    path: string,
    {
      surface = 'all',
      method = 'GET',
    }: { surface?: ListenerSurface; method?: 'GET' | 'POST' } = {},
  ) => {
    const url = path.includes('api-version')
      ? path
      : `${path}${path.includes('?') ? '&' : '?'}${VERSION}`;
    return apps
      .get(surface)!
      .inject({ method, url, headers: { host: 'localhost', 'x-caller': caller } });
  };
  const codeOf = async (...question: Parameters<typeof ask>): Promise<string> => {
    const answer = await ask(...question);
    return answer.statusCode < 300
      ? String(answer.statusCode)
      : `${answer.statusCode} ${answer.json().error.code}`;
  };

  it('tells a caller its own tenant', async () => {
    assert.deepEqual((await ask('nobody', '/tenants')).json(), {
      value: [
        { id: `/tenants/${HOME}`, tenantId: HOME, displayName: 'home', tenantCategory: 'Home' },
      ],
    });
  });

  it('lists to each caller its own subscriptions', async () => {
    const { value, ...rest } = (await ask('tenant', '/subscriptions')).json();
    assert.deepEqual(rest, {});
    assert.deepEqual(value, [
      {
        id: `/subscriptions/${LIVING}`,
        subscriptionId: LIVING,
        displayName: 'subscription 0001',
        state: 'Enabled',
        tenantId: HOME,
        subscriptionPolicies: { locationPlacementId: 'AzureStack' },
        authorizationSource: 'RoleBased',
      },
      {
        ...value[0],
        id: `/subscriptions/${GROUPED}`,
        subscriptionId: GROUPED,
        displayName: 'subscription 0003',
      },
    ]);
    for (const caller of ['emitter', 'nobody']) {
      assert.deepEqual((await ask(caller, '/subscriptions')).json(), { value: [] });
    }
  });

  it('lists all to readers of the stamp, page by page', async () => {
    const seen: string[] = [];
    let path: string | undefined = '/subscriptions';
    let pages = 0;
    while (path !== undefined) {
      const page: { value: { subscriptionId: string }[]; nextLink?: string } = (
        await ask('stamp reader', path)
      ).json();
      seen.push(...page.value.map((each) => each.subscriptionId));
      pages += 1;
      path = page.nextLink?.replace('https://localhost', '');
      if (path !== undefined) {
        assert.match(path, /^\/subscriptions\?api-version=2016-06-01&/);
        assert.equal(await codeOf('operator', path), '400 InvalidProperty', "another's token");
      }
    }
    assert.equal(pages, 3);
    assert.deepEqual(
      seen,
      Array.from({ length: MANY }, (_, number) => subscriptionId(number)),
    );
  });

  it('shows one subscription, and without a role not even whether it exists', async () => {
    const one = `/subscriptions/${LIVING}`;
    assert.equal((await ask('tenant', one.toUpperCase())).json().id, one);
    assert.equal(await codeOf('tenant', `/subscriptions/${GROUPED}`), '200');
    assert.equal(await codeOf('tenant', `/subscriptions/${DELETED}`), '404 SubscriptionNotFound');
    assert.equal(await codeOf('operator', `/subscriptions/${DELETED}`), '200');
    assert.equal(await codeOf('operator', `/subscriptions/${UNKNOWN}`), '404 SubscriptionNotFound');
    assert.equal(await codeOf('nobody', '/subscriptions/x'), '404 SubscriptionNotFound');
    for (const caller of ['nobody', 'emitter', 'tenant']) {
      const [existing, missing] = [
        await ask(caller, `/subscriptions/${ROOT}`),
        await ask(caller, `/subscriptions/${UNKNOWN}`),
      ];
      assert.equal(existing.statusCode, 403);
      assert.equal(existing.body.replaceAll(ROOT, UNKNOWN), missing.body);
    }
  });

  it('tells the region and the resource providers', async () => {
    const { value } = (await ask('tenant', `/subscriptions/${LIVING}/locations`)).json();
    assert.deepEqual(value, [
      { id: `/subscriptions/${LIVING}/locations/local`, name: 'local', displayName: 'local' },
    ]);
    for (const path of ['/providers', `/subscriptions/${LIVING}/providers`]) {
      const list: { value: { namespace: string; registrationState: string }[] } = (
        await ask('tenant', path)
      ).json();
      const names = list.value.map(({ namespace }) => namespace);
      assert.deepEqual(names, [
        'Microsoft.Authorization',
        'Microsoft.Commerce.Admin',
        'Microsoft.Resources',
        'Microsoft.Subscriptions',
      ]);
      const one = (await ask('tenant', `${path}/microsoft.authorization`)).json();
      assert.equal(one.namespace, 'Microsoft.Authorization');
      assert.equal(one.resourceTypes[0].apiVersions[0], '2022-04-01');
    }
    assert.equal(
      await codeOf('nobody', `/subscriptions/${LIVING}/providers`),
      '403 AuthorizationFailed',
    );
    const operations = (
      await ask('nobody', '/providers/Microsoft.Commerce.Admin/operations')
    ).json();
    assert.equal(
      operations.value[0].name,
      'Microsoft.Commerce.Admin/subscriberUsageAggregates/read',
    );
    assert.equal(
      await codeOf('nobody', '/providers/Contoso.X/operations'),
      '404 InvalidResourceNamespace',
    );
  });

  it('says of a path into a provider which part of it is not there, to callers that are signed in', async () => {
    const below = `/subscriptions/${LIVING}/providers`;
    for (const [path, code] of [
      ['/providers/Contoso.X', 'InvalidResourceNamespace'],
      ['/providers/Contoso.X/things', 'InvalidResourceNamespace'],
      [`${below}/Microsoft.Compute/virtualMachines/a`, 'InvalidResourceNamespace'],
      [
        `/subscriptions/${LIVING}/resourceGroups/g/providers/Contoso.X/things`,
        'InvalidResourceNamespace',
      ],
      [`${below}/Microsoft.Authorization/things/a`, 'InvalidResourceType'],
      [`${below}/microsoft.authorization/roleAssignments/a/parts/b`, 'InvalidResourceType'],
      ['/nothing/at/all', 'NotFound'],
    ] as const) {
      assert.equal(await codeOf('nobody', path), `404 ${code}`, path);
      const open = code === 'NotFound' ? '404 NotFound' : '401 AuthenticationFailed';
      assert.equal(await codeOf('', path), open, path);
    }
    const { error } = (
      await ask('nobody', `${below}/Microsoft.Authorization/things/a/parts/b`)
    ).json();
    assert.equal(
      error.message,
      "The resource provider 'Microsoft.Authorization' has no resource type 'things/parts' here.",
    );
    assert.equal(await codeOf('nobody', '/tenants', { method: 'POST' }), '405 MethodNotAllowed');
  });

  it('takes updateEncryption from operators, and does nothing', async () => {
    const path = `/subscriptions/${ROOT}/providers/Microsoft.Commerce.Admin/updateEncryption`;
    const query = '?api-version=2015-06-01-preview';
    const answer = await ask('operator', path + query, { method: 'POST' });
    assert.deepEqual([answer.statusCode, answer.body], [200, '']);
    assert.equal(
      await codeOf('tenant', path + query, { method: 'POST' }),
      '403 AuthorizationFailed',
    );
    const surface = 'tenant';
    assert.equal(
      await codeOf('operator', path + query, { method: 'POST', surface }),
      '404 InvalidResourceNamespace',
    );
    const names = JSON.stringify((await ask('operator', '/providers', { surface })).json());
    assert.ok(!names.includes('.Admin'), names);
  });

  it('wants a version, and takes those of all clients', async () => {
    for (const version of ['2015-11-01', '2016-06-01', '2019-11-01', '2022-12-01']) {
      assert.equal(await codeOf('tenant', `/subscriptions?api-version=${version}`), '200');
      assert.equal(await codeOf('tenant', `/tenants?api-version=${version}`), '200');
    }
    assert.equal(
      await codeOf('tenant', '/subscriptions?api-version=1.0'),
      '400 InvalidApiVersionParameter',
    );
    assert.equal(
      await codeOf('tenant', '/subscriptions?api-version='),
      '400 MissingApiVersionParameter',
    );
  });
});
