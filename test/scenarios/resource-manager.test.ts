import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { before, describe, it } from 'node:test';
import { addClient, roleDefinitions } from '../../src/identity/index.ts';
import { SYSTEM } from '../../src/audit/index.ts';
import { OPENAPI_PATH, systemClock } from '../../src/platform/index.ts';
import { send, type Answer } from '../conformance/client.ts';
import { withTestDatabase } from '../support/database.ts';
import { withServer, type TestServer } from '../support/server.ts';

const VERSION = 'api-version=2016-06-01';
const ROLES = 'api-version=2022-04-01';

interface Asked {
  readonly status: number;
  readonly headers: Answer['headers'];
  /** Undefined for an empty answer. */
  readonly body: unknown;
  readonly code: string | undefined;
}

/** Someone who signs in at an address and asks there. */
async function caller(
  started: TestServer,
  base: string,
  credential: { clientId: string; clientSecret: string; tenantId: string },
) {
  const ca = readFileSync(started.server.caFile, 'utf8');
  const { clientId, clientSecret, tenantId } = credential;
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: clientId,
    client_secret: clientSecret,
    scope: `${base}/.default`,
  });
  const signedIn = await send(ca, {
    method: 'POST',
    address: `${base}/adfs/stackmeter/${tenantId}/oauth2/token`,
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: Buffer.from(form.toString()),
  });
  const { access_token: token }: { access_token?: string } = JSON.parse(String(signedIn.body));
  assert.equal(signedIn.status, 200, String(signedIn.body));
  return async (
    path: string,
    {
      method = 'GET',
      body,
      headers = {},
    }: { method?: string; body?: object; headers?: Record<string, string> } = {},
  ): Promise<Asked> => {
    const answer = await send(ca, {
      method,
      address: path.startsWith('https:') ? path : base + path,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body && Buffer.from(JSON.stringify(body)),
    });
    const text = answer.body.toString('utf8');
    const parsed: { error?: { code: string } } | undefined =
      text === '' ? undefined : JSON.parse(text);
    return { ...answer, body: parsed, code: parsed?.error?.code };
  };
}

type Ask = Awaited<ReturnType<typeof caller>>;

describe('the resource manager of a server that runs', () => {
  const test = withTestDatabase();
  describe('on one port', () => {
    const started = withServer(test, { readBudget: 500 });
    let [operator, tenant]: [Ask?, Ask?] = [];
    let root = '';

    before(async () => {
      const { server } = started;
      root = `/subscriptions/${server.stamp.defaultProviderSubscriptionId}`;
      operator = await caller(started, server.baseUrl, server.operator);
      const { homeTenantId } = server.stamp;
      const client = await addClient(
        test.database.pool,
        {
          name: 'tenant',
          role: 'Reader',
          scope: `/subscriptions/${randomUUID()}` as `/subscriptions/${never}`,
        },
        { clock: systemClock, homeTenantId, actor: SYSTEM },
      );
      tenant = await caller(started, server.baseUrl, client);
    });

    it('shows an operator the stamp as stock clients look for it', async () => {
      const { stamp } = started.server;
      const tenants = await operator!(`/tenants?${VERSION}`);
      assert.match(JSON.stringify(tenants.body), new RegExp(`"tenantId":"${stamp.homeTenantId}"`));
      const list = await operator!(`//subscriptions?${VERSION}`);
      assert.equal(list.status, 200);
      assert.match(
        JSON.stringify(list.body),
        /"displayName":"Default Provider Subscription","state":"Enabled"/,
      );
      const providers = await operator!(`${root}/providers?${VERSION}`);
      for (const namespace of [
        'Commerce',
        'Commerce.Admin',
        'Subscriptions.Admin',
        'Authorization',
      ]) {
        assert.match(JSON.stringify(providers.body), new RegExp(`"Microsoft.${namespace}"`));
      }
    });

    it('tells of its budget, each caller and subscription apart', async () => {
      const left = async (ask: Ask, path: string, kind: string): Promise<number> => {
        const { headers } = await ask(path);
        const value = headers[`x-ms-ratelimit-remaining-${kind}-reads`];
        assert.match(String(value), /^\d+$/, path);
        return Number.parseInt(String(value), 10);
      };
      const first = await left(operator!, `${root}?${VERSION}`, 'subscription');
      assert.ok(first < 500 && first > 400);
      assert.ok(first - (await left(operator!, `${root}?${VERSION}`, 'subscription')) <= 1);
      const outside = await left(tenant!, `/tenants?${VERSION}`, 'tenant');
      assert.ok((await left(tenant!, `${root}?${VERSION}`, 'tenant')) <= outside);
      // Whoever may read everything gains nothing by inventing subscriptions either.
      const invented = (): string => `/subscriptions/${randomUUID()}?${VERSION}`;
      const earlier = await left(operator!, invented(), 'tenant');
      assert.ok((await left(operator!, invented(), 'tenant')) <= earlier);
    });

    it('spends it, and says when there is some again', async () => {
      let refused: Asked | undefined;
      for (let each = 0; each < 520 && refused === undefined; each += 1) {
        const answer = await tenant!(`/tenants?${VERSION}`);
        if (answer.status === 429) refused = answer;
      }
      assert.equal(refused?.code, 'TooManyRequests');
      assert.match(String(refused.headers['retry-after']), /^[1-8]$/);
      assert.equal(refused.headers['x-ms-ratelimit-remaining-tenant-reads'], '0');
      assert.equal((await operator!(`/tenants?${VERSION}`)).status, 200);
    });

    it('gives and takes roles, from the next request on', async () => {
      const name = randomUUID();
      const path = `${root}/providers/Microsoft.Authorization/roleAssignments/${name}?${ROLES}`;
      const { server } = started;
      const client = await addClient(
        test.database.pool,
        { name: 'emitter', role: 'Emitter', scope: '/' },
        { clock: systemClock, homeTenantId: server.stamp.homeTenantId, actor: SYSTEM },
      );
      const emitter = await caller(started, server.baseUrl, client);
      assert.equal((await emitter(`${root}?${VERSION}`)).code, 'AuthorizationFailed');
      const properties = {
        principalId: client.clientId,
        roleDefinitionId: roleDefinitions.Reader.id,
      };
      assert.equal((await emitter(path, { method: 'PUT', body: { properties } })).status, 403);
      assert.equal((await operator!(path, { method: 'PUT', body: { properties } })).status, 201);
      assert.equal((await emitter(`${root}?${VERSION}`)).status, 200);
      assert.equal((await operator!(path, { method: 'DELETE' })).status, 200);
      assert.equal((await emitter(`${root}?${VERSION}`)).code, 'AuthorizationFailed');
    });

    it('follows an action by its own id and by that of the caller', async () => {
      const id = randomUUID();
      const { headers } = await operator!(`/tenants?${VERSION}`, {
        headers: {
          'x-ms-correlation-request-id': id,
          'x-ms-client-request-id': 'mine',
          'x-ms-return-client-request-id': 'true',
        },
      });
      assert.equal(headers['x-ms-correlation-request-id'], id);
      assert.notEqual(headers['x-ms-request-id'], id);
      assert.equal(headers['x-ms-client-request-id'], 'mine');
    });

    it('says what is not there, once it knows who is asking', async () => {
      const below = `${root}/providers/Microsoft.Compute/virtualMachines?${VERSION}`;
      assert.equal((await operator!(below)).code, 'InvalidResourceNamespace');
      const anonymous = await operator!(below, { headers: { authorization: '' } });
      assert.equal(anonymous.code, 'AuthenticationFailed');
      const result = `${root}/operationresults/${randomUUID()}?${VERSION}`;
      assert.equal((await operator!(result)).code, 'NotFound');
    });
  });

  describe('with a port for operators', () => {
    const started = withServer(test, { adminPort: 0 });

    it('has what is for operators there and nowhere else', async () => {
      const { server } = started;
      assert.notEqual(server.baseUrl, server.operatorUrl);
      const inside = await caller(started, server.operatorUrl, server.operator);
      const outside = await caller(started, server.baseUrl, server.operator);
      const admin = `/subscriptions/${server.stamp.defaultProviderSubscriptionId}/providers/Microsoft.Subscriptions.Admin/subscriptions?api-version=2015-11-01`;
      assert.equal((await inside(admin)).status, 200);
      assert.equal((await outside(admin)).code, 'InvalidResourceNamespace');
      assert.equal((await inside('/api/v1/quarantine')).status, 200);
      assert.equal((await outside('/api/v1/quarantine')).code, 'NotFound');
      assert.equal((await outside(`/subscriptions?${VERSION}`)).status, 200);
      const described = JSON.stringify((await outside(OPENAPI_PATH)).body);
      assert.ok(!described.includes('.Admin/') && !described.includes('/api/v1/quarantine'));
    });
  });
});
