import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { InjectOptions } from 'fastify';
import type { Grants, Principal } from '../../identity/index.ts';
import { parseDirectoryTenantId, parsePrincipalId } from '../../kernel/index.ts';
import { buildApp, silentLog } from '../../platform/index.ts';
import { readRegistrationToken, windowName } from '../../reporting/index.ts';
import { findDefaultProviderSubscription } from '../directory/index.ts';
import { bridgeRoutes } from './routes.ts';
import { FIRST, withTestBridge } from './test-bridge.ts';
import { RESOURCE_ID } from './test-commerce.ts';

const ID = '9b000000-0000-4000-8000-000000000001';

describe('the routes of the bridge', () => {
  const { stamp, commerce, closeHour, send, subscription } = withTestBridge();
  const app = buildApp({ log: silentLog, clock: stamp.clock });
  let grants: Grants = [{ role: 'Owner', subscriptionId: undefined }] as unknown as Grants;
  const owner = grants;
  let group: string;
  let root: string;
  before(async () => {
    const principal = (): Principal => ({
      kind: 'client',
      principalId: parsePrincipalId(ID)!,
      tenantId: parseDirectoryTenantId(ID)!,
      name: 'operator',
      grants,
    });
    const { clock, database } = stamp;
    const authenticate = () => Promise.resolve(principal());
    bridgeRoutes(app, { database, clock, region: 'local', authenticate });
    await app.ready();
    root = (await findDefaultProviderSubscription(database.pool))!.subscriptionId;
    group = `/subscriptions/${root}/resourceGroups/AzureStack-Activation/providers/Microsoft.AzureBridge.Admin/activations`;
  });
  after(() => app.close());
  const ask = async (method: InjectOptions['method'], url: string, payload?: object) => {
    const version = url.startsWith('/sub') ? '?api-version=2016-01-01' : '';
    const reply = await app.inject({
      ...(method !== undefined && { method }),
      url: `${url}${version}`,
      ...(payload !== undefined && { payload }),
      headers: { host: 'localhost:9443' },
    });
    return { status: reply.statusCode, body: reply.body === '' ? undefined : reply.json() };
  };

  it('activate the stamp, show that, and end it', async () => {
    assert.deepEqual(await ask('GET', group), { status: 200, body: { value: [] } });
    assert.equal((await ask('GET', `${group}/default`)).body.error.code, 'ResourceNotFound');
    const made = await ask('POST', '/api/v1/bridge/registration-token', {
      billingModel: 'payasyouuse',
      from: windowName(FIRST),
    });
    const { registrationToken } = made.body;
    assert.equal(
      (await readRegistrationToken(registrationToken, stamp.clock.now())).fromWindow,
      FIRST,
    );
    const activationKey = await commerce.register(registrationToken, stamp.clock.now());
    const put = await ask('PUT', `${group}/default`, { properties: { activationKey } });
    assert.equal(put.status, 201);
    assert.equal(
      (await ask('PUT', `${group}/DEFAULT`, { properties: { activationKey } })).status,
      200,
    );
    const { body } = await ask('GET', `${group}/default`);
    const { id, etag, ...rest } = body;
    assert.match(
      id,
      /azurestack-activation\/providers\/Microsoft.AzureBridge.Admin\/activations\/default$/,
    );
    assert.equal(typeof etag, 'string');
    assert.deepEqual(rest, {
      name: 'default',
      type: 'Microsoft.AzureBridge.Admin/activations',
      location: 'local',
      properties: {
        displayName: 'Azure Stack Activation',
        azureRegistrationResourceIdentifier: RESOURCE_ID,
        azureEnvironmentName: 'AzureCloud',
        expiration: '9999-12-30T23:59:59Z',
        marketplaceSyndicationEnabled: false,
        usageReportingEnabled: true,
        provisioningState: 'Succeeded',
        alerts: [],
      },
    });
    assert.deepEqual((await ask('GET', group)).body.value, [body]);
  });

  it('tell how reporting goes', async () => {
    for (let hour = 0; hour < 3; hour += 1) await closeHour(hour);
    const { body: due } = await ask('GET', '/api/v1/bridge/dry-run');
    assert.deepEqual([due.windows, due.rows, due.isComplete], [3, 3, true]);
    await send();
    const { body } = await ask('GET', '/api/v1/bridge');
    assert.deepEqual(body.lag, { windows: 0, seconds: 0 });
    assert.deepEqual(
      [body.progress.nextWindow, body.progress.nextWindowState, body.progress.importedTooLate],
      [windowName(FIRST + 3), 'open', 0],
    );
    assert.equal(body.activation.state, 'Active');
    const all = await ask('GET', '/api/v1/bridge/windows');
    assert.deepEqual(
      all.body.value.map((one: { rows: number }) => one.rows),
      [0, 1, 2],
    );
    const some = await ask(
      'GET',
      `/api/v1/bridge/windows?from=${windowName(FIRST + 1)}&to=${windowName(FIRST + 2)}`,
    );
    assert.equal(some.body.value.length, 1);
    assert.equal(some.body.value[0].receipt.window, windowName(FIRST + 1));
    const rotated = await ask('POST', '/api/v1/bridge/rotate-key');
    assert.equal(rotated.status, 200);
    await stamp.database.pool.query(
      `insert into bridge_window select registration_id, reported_hour - 1 - n, 0, 0, '{}', sent_at
       from bridge_window, generate_series(0, 600) as n where reported_hour = $1`,
      [FIRST],
    );
    const page = await ask('GET', '/api/v1/bridge/windows');
    assert.equal(page.body.value.length, 500);
    const next = await ask('GET', page.body.nextLink.replace('https://localhost:9443', ''));
    assert.deepEqual([next.body.value.length, next.body.nextLink], [104, undefined]);
  });

  it('refuse what they cannot read', async () => {
    const codeOf = async (...call: Parameters<typeof ask>) => {
      const { body } = await ask(...call);
      return body.error.code;
    };
    const token = '/api/v1/bridge/registration-token';
    assert.equal(await codeOf('POST', token, {}), 'InvalidProperty');
    assert.equal(await codeOf('POST', token, { billingModel: 'Free' }), 'InvalidProperty');
    const wish = { billingModel: 'Development' };
    assert.equal(await codeOf('POST', token, { ...wish, usageReporting: 'no' }), 'InvalidProperty');
    assert.equal(await codeOf('POST', token, { ...wish, from: 'today' }), 'InvalidProperty');
    assert.equal(await codeOf('GET', '/api/v1/bridge/windows?from=x'), 'InvalidProperty');
    assert.equal(await codeOf('GET', '/api/v1/bridge/dry-run?window=2001-01-01T00Z'), 'NotFound');
    assert.equal(await codeOf('PUT', `${group}/default`, { properties: {} }), 'InvalidProperty');
    const wrong = { properties: { activationKey: 'x' } };
    assert.equal(await codeOf('PUT', `${group}/default`, wrong), 'InvalidActivationKey');
    const reply = await app.inject({ url: group, headers: { host: 'localhost:9443' } });
    assert.equal(reply.json().error.code, 'MissingApiVersionParameter');
  });

  it('know one activation, of the default provider subscription', async () => {
    const code = async (url: string) => (await ask('GET', url)).body.error.code;
    assert.equal(await code(`${group}/other`), 'ResourceNotFound');
    assert.equal(
      await code(`${group.replace('AzureStack-Activation', 'rg')}/default`),
      'ResourceNotFound',
    );
    assert.equal(await code(`${group.replace(root, subscription())}/default`), 'ResourceNotFound');
    assert.equal(await code(`${group.replace(root, ID)}/default`), 'SubscriptionNotFound');
  });

  it('tell nothing to those who have no role', async () => {
    grants = [];
    for (const [method, url] of [
      ['GET', group],
      ['GET', `${group.replace(root, ID)}/other`],
      ['PUT', `${group}/default`],
      ['DELETE', `${group}/default`],
      ['GET', '/api/v1/bridge'],
      ['GET', '/api/v1/bridge/windows?from=x'],
      ['GET', '/api/v1/bridge/dry-run'],
      ['POST', '/api/v1/bridge/registration-token'],
      ['POST', '/api/v1/bridge/rotate-key'],
    ] as const) {
      const { status, body } = await ask(method, url, method === 'GET' ? undefined : {});
      assert.deepEqual([status, body.error.code], [403, 'AuthorizationFailed'], url);
    }
    grants = owner;
  });

  it('end the activation', async () => {
    await closeHour(1);
    const { status, body } = await ask('DELETE', `${group}/default`);
    const window = windowName(FIRST + 3);
    assert.deepEqual(
      [status, body],
      [200, { windowsLeftBehind: 1, from: window, through: window }],
    );
    assert.equal((await ask('DELETE', `${group}/default`)).status, 204);
    const { body: now } = await ask('GET', '/api/v1/bridge');
    assert.deepEqual([now.activation, now.alerts], [null, ['Activation Required']]);
  });
});
