import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { LightMyRequestResponse } from 'fastify';
import { withTestDatabase } from '../../../test/support/database.ts';
import { listAudit, SYSTEM, verifyAudit } from '../../audit/index.ts';
import {
  fail,
  parseDirectoryTenantId,
  parseSubscriptionId,
  type PrincipalId,
} from '../../kernel/index.ts';
import { buildApp, fixedClock, silentLog } from '../../platform/index.ts';
import { addClient } from '../client-store.ts';
import { disablePrincipal, findPrincipal, loadGrants } from '../principal-store.ts';
import type { RoleOnScope } from '../role-assignment.ts';
import { roleDefinitions, type Role } from '../role.ts';
import { scopeOf } from '../scope.ts';
import { authorizationRoutes } from './routes.ts';

const HOME = parseDirectoryTenantId('dddddddd-0000-4000-8000-000000000001')!;
const A = parseSubscriptionId('aaaaaaaa-0000-4000-8000-000000000001')!;
const B = parseSubscriptionId('bbbbbbbb-0000-4000-8000-000000000001')!;
const AT_A = `/subscriptions/${A}`;
const OTHER = parseDirectoryTenantId('dddddddd-0000-4000-8000-000000000002')!;
const GONE = parseSubscriptionId('aaaaaaaa-0000-4000-8000-000000000009')!;
const ELSEWHERE = '99999999-0000-4000-8000-000000000001';
const VERSION = 'api-version=2022-04-01';

interface WireAssignment {
  readonly id: string;
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
}

describe('roles by the resource manager', () => {
  const test = withTestDatabase();
  const clock = fixedClock(Temporal.Instant.from('2026-03-01T00:00:00Z'));
  const app = buildApp({ log: silentLog, clock });
  const callers = new Map<string, PrincipalId>();

  before(async () => {
    const { pool } = test.database;
    await pool.query(
      `insert into directory_tenant (tenant_id, name) values ($1, 'home'), ($2, 'other')`,
      [HOME, OTHER],
    );
    const add = async (
      name: string,
      held: RoleOnScope & { tenantId?: typeof HOME },
    ): Promise<void> => {
      const tools = { clock, homeTenantId: HOME, actor: SYSTEM };
      const { clientId } = await addClient(pool, { name, ...held }, tools);
      callers.set(name, clientId);
    };
    await add('operator', { role: 'Operator', scope: '/' });
    // One who cannot act is no other operator.
    await add('retired', { role: 'Operator', scope: '/' });
    await disablePrincipal(pool, callers.get('retired')!, { clock, actor: SYSTEM });
    await add('owner', { role: 'Owner', scope: scopeOf(A) });
    await add('reader', { role: 'Reader', scope: scopeOf(A) });
    await add('neighbour', { role: 'Reader', scope: scopeOf(B), tenantId: OTHER });
    await add('emitter', { role: 'Emitter', scope: scopeOf(A) });
    authorizationRoutes(app, {
      sees: (_principal, subscriptionId) => Promise.resolve(subscriptionId !== GONE),
      database: test.database,
      clock,
      // Who is calling is the business of another test; here a header says so.
      authenticate: async (request) => {
        const principalId = callers.get(String(request.headers['x-caller']));
        if (principalId === undefined) throw fail('AuthenticationFailed', { reason: 'nobody' });
        const known = (await findPrincipal(pool, principalId))!;
        const ref = { kind: known.kind, principalId, tenantId: known.tenantId };
        return { ...ref, name: known.name, grants: (await loadGrants(pool, ref)) ?? [] };
      },
    });
    await app.ready();
  });
  after(() => app.close());

  const ask = (
    caller: string,
    method: 'GET' | 'PUT' | 'DELETE',
    path: string,
    payload?: object,
  ): Promise<LightMyRequestResponse> => {
    const url = `${path}${path.includes('?') ? '&' : '?'}${VERSION}`;
    return app.inject({
      method,
      url,
      headers: { 'x-caller': caller },
      ...(payload && { payload }),
    });
  };
  const assignment = (scope: string, name = ''): string =>
    `${scope}/providers/Microsoft.Authorization/roleAssignments${name === '' ? '' : `/${name}`}`;
  const bodyOf = (role: Role, principalId: string, more: object = {}): object => ({
    properties: {
      roleDefinitionId: `/subscriptions/${A}/providers/Microsoft.Authorization/roleDefinitions/${roleDefinitions[role].id.toUpperCase()}`,
      principalId,
      ...more,
    },
  });
  const codeOf = (answer: LightMyRequestResponse): string => {
    const { error }: { error: { code: string } } = answer.json();
    return `${answer.statusCode} ${error.code}`;
  };
  const list = async (caller: string, scope: string, filter = ''): Promise<WireAssignment[]> => {
    const query = filter === '' ? '' : `?$filter=${encodeURIComponent(filter)}`;
    const answer = await ask(caller, 'GET', `${assignment(scope)}${query}`);
    assert.equal(answer.statusCode, 200, answer.body);
    const { value }: { value: WireAssignment[] } = answer.json();
    return value;
  };

  it('on a subscription that is not there for the caller are not there either', async () => {
    const scope = `/subscriptions/${GONE}`;
    const definitions = `${scope}/providers/Microsoft.Authorization/roleDefinitions`;
    const name = randomUUID();
    for (const answer of [
      await ask('operator', 'GET', definitions),
      await ask('operator', 'GET', assignment(scope)),
      await ask(
        'operator',
        'PUT',
        assignment(`${scope}/resourceGroups/x`, name),
        bodyOf('Reader', name),
      ),
      await ask('operator', 'DELETE', assignment(scope, name)),
    ]) {
      assert.equal(codeOf(answer), '404 SubscriptionNotFound');
    }
    assert.equal(codeOf(await ask('owner', 'GET', definitions)), '403 AuthorizationFailed');
  });

  it('lists the built-in roles that a scope can have, by the ids that clients know', async () => {
    const path = '/providers/Microsoft.Authorization/roleDefinitions';
    const names = async (scope: string): Promise<string[]> => {
      const { value }: { value: { properties: { roleName: string } }[] } = (
        await ask('operator', 'GET', scope + path)
      ).json();
      return value.map(({ properties }) => properties.roleName);
    };
    assert.ok((await names('')).includes('Operator'));
    assert.ok(!(await names('')).includes('Delegated Provider'));
    assert.ok((await names(AT_A)).includes('Delegated Provider'));
    assert.ok(!(await names(`${AT_A}/resourceGroups/x`)).includes('Delegated Provider'));
    const [found] = (
      await ask('reader', 'GET', `${AT_A}${path}?$filter=roleName%20eq%20'reader'`)
    ).json().value;
    assert.deepEqual(found, {
      id: `${AT_A}${path}/acdd72a7-3385-48ef-bd42-f606fba81ae7`,
      name: 'acdd72a7-3385-48ef-bd42-f606fba81ae7',
      type: 'Microsoft.Authorization/roleDefinitions',
      properties: {
        roleName: 'Reader',
        type: 'BuiltInRole',
        description: roleDefinitions.Reader.description,
        assignableScopes: ['/'],
        permissions: [
          {
            actions: ['*/read'],
            notActions: ['Stackmeter.Audit/*', 'Stackmeter.Identity/*'],
            dataActions: [],
            notDataActions: [],
          },
        ],
      },
    });
    assert.deepEqual((await ask('reader', 'GET', `${AT_A}${path}/${found.name}`)).json(), found);
    assert.equal(
      codeOf(await ask('reader', 'GET', `${AT_A}${path}/${randomUUID()}`)),
      '404 NotFound',
    );
  });

  it('gives a role: 201 when new, 200 when there, 409 for what is another', async () => {
    const [name, emitter] = [randomUUID(), callers.get('emitter')!];
    const path = assignment(AT_A, name);
    const made = await ask('owner', 'PUT', path, bodyOf('Reader', emitter));
    assert.equal(made.statusCode, 201, made.body);
    assert.deepEqual(made.json(), {
      id: `${AT_A}/providers/Microsoft.Authorization/roleAssignments/${name}`,
      name,
      type: 'Microsoft.Authorization/roleAssignments',
      properties: {
        roleDefinitionId: `${AT_A}/providers/Microsoft.Authorization/roleDefinitions/${roleDefinitions.Reader.id}`,
        principalId: emitter,
        principalType: 'ServicePrincipal',
        principalTenantId: HOME,
        scope: AT_A,
        createdOn: '2026-03-01T00:00:00Z',
        updatedOn: '2026-03-01T00:00:00Z',
        createdBy: callers.get('owner'),
        updatedBy: callers.get('owner'),
      },
    });
    const again = await ask('owner', 'PUT', path.toUpperCase(), bodyOf('Reader', emitter));
    assert.deepEqual([again.statusCode, again.json()], [200, made.json()]);
    const audited = await listAudit(test.database.pool, {
      after: 0n,
      limit: 1000,
      target: made.json().id,
    });
    assert.equal(audited.length, 1);
    const other = await ask('owner', 'PUT', path, bodyOf('Contributor', emitter));
    assert.equal(codeOf(other), '409 RoleAssignmentExists');
    const twice = await ask(
      'owner',
      'PUT',
      assignment(AT_A, randomUUID()),
      bodyOf('Reader', emitter),
    );
    assert.equal(codeOf(twice), '409 RoleAssignmentExists');
    const removed = await ask('owner', 'DELETE', path);
    assert.deepEqual([removed.statusCode, removed.json()], [200, made.json()]);
    assert.equal((await ask('owner', 'DELETE', path)).statusCode, 204);
    assert.equal(codeOf(await ask('owner', 'GET', path)), '404 NotFound');
    assert.ok((await verifyAudit(test.database.pool)).intact);
  });

  it('refuses who may not, and what is more than they have', async () => {
    const emitter = callers.get('emitter')!;
    const give = async (caller: string, role: Role, scope: string): Promise<string> =>
      codeOf(await ask(caller, 'PUT', assignment(scope, randomUUID()), bodyOf(role, emitter)));
    const forbidden = '403 AuthorizationFailed';
    assert.equal(await give('nobody', 'Reader', AT_A), '401 AuthenticationFailed');
    assert.equal(await give('reader', 'Reader', AT_A), forbidden);
    assert.equal(await give('emitter', 'Reader', AT_A), forbidden);
    assert.equal(await give('owner', 'Reader', ''), forbidden);
    assert.equal(await give('owner', 'Operator', AT_A), forbidden);
    assert.equal(await give('owner', 'Emitter', AT_A), forbidden);
    assert.equal(await give('owner', 'Reader', `/subscriptions/${B}`), forbidden);
    assert.equal(await give('operator', 'Operator', AT_A), '400 InvalidProperty');
    const operators = await list('operator', '', 'atScope()');
    const path = assignment(
      '',
      operators.find(({ properties }) => properties['principalId'] === callers.get('operator'))!
        .name,
    );
    assert.equal(codeOf(await ask('owner', 'DELETE', path)), forbidden);
    assert.equal(
      codeOf(await ask('operator', 'DELETE', path)),
      '409 Conflict',
      'the last operator',
    );
    assert.equal(
      (await ask('owner', 'DELETE', path.replace('/providers', `${AT_A}/providers`))).statusCode,
      204,
    );
  });

  it('takes a principal of another directory on trust, as one of its own tenant', async () => {
    const [stranger, tenant] = [randomUUID(), randomUUID()];
    const path = assignment(`${AT_A}/resourceGroups/Group.One`, randomUUID());
    const body = bodyOf('Reader', stranger, { principalTenantId: tenant });
    const { properties }: WireAssignment = (await ask('owner', 'PUT', path, body)).json();
    assert.equal(properties['principalType'], 'Unknown');
    assert.equal(properties['principalTenantId'], tenant);
    assert.equal(properties['scope'], `${AT_A}/resourceGroups/group.one`);
    const here = bodyOf('Reader', stranger);
    const own: WireAssignment = (
      await ask('owner', 'PUT', assignment(AT_A, randomUUID()), here)
    ).json();
    assert.equal(own.properties['principalTenantId'], HOME, "the caller's");
  });

  it('tells nobody whom another directory has', async () => {
    const told = async (caller: string, principalId: string): Promise<unknown[]> => {
      const body = bodyOf('Reader', principalId);
      const group = `${AT_A}/resourceGroups/${randomUUID()}`;
      const { properties }: WireAssignment = (
        await ask(caller, 'PUT', assignment(group, randomUUID()), body)
      ).json();
      return [properties['principalType'], properties['principalTenantId']];
    };
    const neighbour = callers.get('neighbour')!;
    assert.deepEqual(await told('owner', neighbour), await told('owner', randomUUID()));
    assert.deepEqual(await told('operator', neighbour), ['ServicePrincipal', OTHER]);
    assert.deepEqual(await told('owner', callers.get('owner')!), ['ServicePrincipal', HOME]);
  });

  it('lists what reaches a scope and what is below it, and nothing the caller may not know', async () => {
    const inGroup = (all: readonly WireAssignment[]): boolean =>
      all.some(({ properties }) => properties['scope']!.includes('/resourceGroups/'));
    const ofOwner = await list('owner', AT_A);
    assert.ok(inGroup(ofOwner));
    assert.ok(ofOwner.every(({ properties }) => properties['scope']!.startsWith(AT_A)));
    assert.ok(!inGroup(await list('owner', AT_A, 'atScope()')));
    const ofOperator = await list('operator', `${AT_A}/resourcegroups/GROUP.ONE`, 'atScope()');
    assert.ok(ofOperator.some(({ properties }) => properties['scope'] === '/'));
    assert.ok(inGroup(ofOperator));
    const reader = callers.get('reader')!;
    for (const filter of [`principalId eq '${reader}'`, `atScope() and assignedTo('${reader}')`]) {
      const found = await list('operator', AT_A, filter);
      assert.deepEqual(
        found.map(({ properties }) => properties['principalId']),
        [reader],
      );
    }
    assert.equal(codeOf(await ask('owner', 'GET', assignment(''))), '403 AuthorizationFailed');
    assert.equal(
      codeOf(await ask('owner', 'GET', assignment(`/subscriptions/${B}`))),
      '403 AuthorizationFailed',
    );
  });

  it('says what is wrong with a request', async () => {
    const put = async (body: object, name: string = randomUUID()): Promise<string> =>
      codeOf(await ask('owner', 'PUT', assignment(AT_A, name), body));
    const emitter = callers.get('emitter')!;
    assert.equal(await put({}), '400 InvalidRequestContent');
    assert.equal(await put(bodyOf('Reader', 'x')), '400 InvalidProperty');
    assert.equal(await put(bodyOf('Reader', emitter), 'no-guid'), '400 InvalidProperty');
    assert.equal(
      await put(bodyOf('Reader', emitter, { principalType: 'Group' })),
      '400 InvalidProperty',
    );
    assert.equal(
      await put(bodyOf('Reader', emitter, { principalType: 'User' })),
      '400 InvalidProperty',
    );
    assert.equal(await put(bodyOf('Reader', emitter, { providers: 'x' })), '400 InvalidProperty');
    const unknown = { properties: { principalId: ELSEWHERE, roleDefinitionId: ELSEWHERE } };
    assert.equal(await put(unknown), '400 InvalidProperty');
    const noVersion = await app.inject({ url: assignment(AT_A), headers: { 'x-caller': 'owner' } });
    assert.equal(codeOf(noVersion), '400 MissingApiVersionParameter');
    assert.equal(
      codeOf(await ask('owner', 'GET', assignment('/subscriptions/x'))),
      '400 InvalidProperty',
    );
  });
});
