import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { describe, it } from 'node:test';
import { hourNumber, hourOf, type SubscriptionId } from '../../../kernel/index.ts';
import {
  newStampKey,
  readActivationKey,
  windowName,
  type RegistrationToken,
} from '../../../reporting/index.ts';
import { changeCommerceSubscription } from '../subscriptions/change.ts';
import {
  grantOf,
  HOME,
  itemsOf,
  newId,
  newTenant,
  withTestCommerce,
  type Asked,
  type AskOptions,
} from '../test-commerce.ts';
import { readStatementKey } from './statement-key.ts';

function countOf(all: readonly Asked[], status: number): object {
  const others = all.filter((one) => one.status !== status);
  return { yes: all.length - others.length, others: others.map((one) => one.status) };
}

const PROVIDER = 'providers/Microsoft.AzureStack/registrations';

describe('registrations over HTTP', () => {
  const commerce = withTestCommerce();
  const { ask } = commerce;
  const at = (id: string, name = 'stamp', group = 'azurestack'): string =>
    `/subscriptions/${id}/resourceGroups/${group}/${PROVIDER}/${name}`;
  const bodyOf = async (changes?: Partial<RegistrationToken>): Promise<object> => ({
    location: 'global',
    properties: { registrationToken: await commerce.token(changes) },
  });
  const put = async (path: string, changes?: Partial<RegistrationToken>): Promise<Asked> =>
    ask('PUT', path, { body: await bodyOf(changes) });
  const expect = (asked: Asked, status: number, code?: string): Asked => {
    assert.deepEqual([asked.status, asked.code], [status, code], asked.text);
    return asked;
  };

  it('are put, shown, listed and removed', async () => {
    const id = await commerce.addSubscription();
    const cloudId = randomUUID();
    const made = expect(await put(at(id), { cloudId }), 201);
    const { objectId, registrationId, ...properties } = made.properties;
    assert.match(String(objectId), /^[0-9a-f-]{36}$/);
    assert.match(String(registrationId), /^[0-9a-f-]{36}$/);
    assert.deepEqual(properties, {
      cloudId,
      billingModel: 'PayAsYouUse',
      status: 'Registered',
      usageReportingEnabled: true,
      marketplaceSyndicationEnabled: true,
      expiration: '9999-12-30T23:59:59Z',
    });
    const { etag, ...resource } = made.body;
    assert.deepEqual(
      { ...resource, properties: undefined },
      {
        id: at(id),
        name: 'stamp',
        type: 'Microsoft.AzureStack/registrations',
        location: 'global',
        properties: undefined,
      },
    );
    assert.equal(etag, made.etag);
    assert.deepEqual((await ask('GET', at(id.toUpperCase(), 'STAMP'))).body, made.body);
    const again = expect(await put(at(id), { cloudId, usageReporting: false }), 200);
    assert.match(String(again.properties['warning']), /not reported/);
    expect(await put(at(id, 'other', 'b')), 201);
    const inGroup = `/subscriptions/${id}/resourceGroups/AZURESTACK/${PROVIDER}`;
    assert.deepEqual(
      itemsOf(await ask('GET', inGroup)).map(({ name }) => name),
      ['stamp'],
    );
    const everywhere = await ask('GET', `/subscriptions/${id}/${PROVIDER}`);
    assert.deepEqual(
      itemsOf(everywhere).map(({ name }) => name),
      ['other', 'stamp'],
    );
    expect(await ask('DELETE', at(id)), 200);
    expect(await ask('DELETE', at(id)), 204);
    expect(await ask('GET', at(id)), 404, 'RegistrationNotFound');
  });

  it('warn when reporting was asked for under Capacity', async () => {
    const id = await commerce.addSubscription();
    const made = await put(at(id), { billingModel: 'Capacity', agreementNumber: 'a' });
    assert.match(String(made.properties['warning']), /stays off/);
    assert.equal(made.properties['agreementNumber'], 'a');
    assert.equal(made.properties['usageReportingEnabled'], false);
    assert.equal((await ask('GET', at(id))).properties['warning'], undefined);
  });

  it('are changed by PATCH when they are there', async () => {
    const id = await commerce.addSubscription();
    const cloudId = randomUUID();
    const patch = async (body: object, options?: AskOptions): Promise<Asked> =>
      ask('PATCH', at(id), { body: { properties: body }, ...options });
    const registrationToken = await commerce.token({ cloudId });
    expect(await patch({ registrationToken }), 404, 'RegistrationNotFound');
    expect(await patch({ expiration: null }), 404, 'RegistrationNotFound');
    expect(await put(at(id), { cloudId }), 201);
    expect(await patch({ registrationToken }), 200);
    const body = { properties: { registrationToken } };
    const otherGroup = await ask('PATCH', at(id, 'stamp', 'b'), { body });
    expect(otherGroup, 404, 'RegistrationNotFound');
    expect(await patch({}), 400, 'InvalidProperty');
    const over = expect(await patch({ expiration: '2026-02-01T00:00:00+01:00' }), 200);
    assert.equal(over.properties['expiration'], '2026-01-31T23:00:00Z');
    assert.equal(over.properties['status'], 'Expired');
    expect(await ask('POST', `${at(id)}/getactivationkey`), 403, 'RegistrationExpired');
    const never = expect(await patch({ expiration: '9999-12-30T23:59:59Z' }), 200);
    assert.equal(never.properties['status'], 'Registered');
    expect(await patch({ expiration: 'soon' }), 400, 'InvalidProperty');
    expect(await patch({ expiration: null, registrationToken }), 400, 'InvalidProperty');
    const owner = { grants: grantOf('Owner', id) };
    expect(await patch({ expiration: null }, owner), 403, 'AuthorizationFailed');
    expect(await patch({ registrationToken }, owner), 200);
  });

  it('heed entity tags', async () => {
    const id = await commerce.addSubscription();
    const cloudId = randomUUID();
    const seen = (await put(at(id), { cloudId })).etag ?? '';
    const change = async (method: string, headers: Record<string, string>): Promise<Asked> => {
      const body = await bodyOf({ cloudId });
      return ask(method, at(id), { ...(method !== 'DELETE' && { body }), headers });
    };
    expect(await change('PUT', { 'if-none-match': '*' }), 412, 'PreconditionFailed');
    const next = expect(await change('PUT', { 'if-match': `W/"x", ${seen}` }), 200).etag ?? '';
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      expect(await change(method, { 'if-match': seen }), 412, 'PreconditionFailed');
    }
    expect(await change('PATCH', { 'if-match': next.replaceAll('"', '') }), 200);
    expect(await change('DELETE', { 'if-match': '*' }), 200);
    expect(await change('DELETE', { 'if-match': '*' }), 412, 'PreconditionFailed');
    expect(await change('PUT', { 'if-none-match': '*' }), 201);
  });

  it('are refused with what is wrong', async () => {
    const id = await commerce.addSubscription();
    const registrationToken = await commerce.token();
    const bad: readonly object[] = [
      { properties: { registrationToken } },
      { location: 'westeurope', properties: { registrationToken } },
      { location: 'global', properties: {} },
    ];
    for (const body of bad) expect(await ask('PUT', at(id), { body }), 400, 'InvalidProperty');
    const body = { location: 'global', properties: { registrationToken: 'x' } };
    expect(await ask('PUT', at(id), { body }), 400, 'InvalidRegistrationToken');
    expect(await put(at(id, 'a$b')), 400, 'InvalidProperty');
    expect(await put(at(newId())), 404, 'SubscriptionNotFound');
    expect(await ask('GET', `/subscriptions/${newId()}/${PROVIDER}`), 404, 'SubscriptionNotFound');
    expect(await ask('GET', `/subscriptions/x/${PROVIDER}`), 404, 'SubscriptionNotFound');
    const missing = expect(await ask('GET', at(id, 'none', 'rg')), 404, 'RegistrationNotFound');
    assert.match(missing.text, new RegExp(`none.*rg.*${id}`));
    expect(await ask('POST', `${at(id)}/getactivationkey`), 404, 'RegistrationNotFound');
    expect(await ask('POST', `${at(id)}/enableRemoteManagement`), 404, 'RegistrationNotFound');
    expect(await ask('GET', `${at(id)}?a=b`), 400, 'MissingApiVersionParameter');
    expect(await ask('GET', `${at(id)}?api-version=2020-01-01`), 400, 'InvalidApiVersionParameter');
  });

  it('are shown to nobody without a role, whether they are there or not', async () => {
    const id = await commerce.addSubscription();
    const here = await put(at(id));
    const grants = grantOf('Owner', await commerce.addSubscription());
    const body = await bodyOf();
    for (const method of ['GET', 'PUT', 'PATCH', 'DELETE']) {
      const hasBody = method === 'PUT' || method === 'PATCH';
      for (const path of [at(id), at(id, 'none'), at(newId())]) {
        const options = { grants, ...(hasBody && { body }) };
        expect(await ask(method, path, options), 403, 'AuthorizationFailed');
      }
    }
    const reader = { grants: grantOf('Reader', id) };
    expect(await ask('GET', at(id), reader), 200);
    expect(await ask('POST', `${at(id)}/getactivationkey`, reader), 403, 'AuthorizationFailed');
    const ofGroup = { grants: grantOf('Owner', id, 'azurestack') };
    expect(await ask('GET', at(id), ofGroup), 200);
    expect(await ask('GET', at(id, 'stamp', 'b'), ofGroup), 403, 'AuthorizationFailed');
    const cloudId = String(here.properties['cloudId']);
    const mine = await commerce.addSubscription();
    const owner = { grants: grantOf('Owner', mine), body: await bodyOf({ cloudId }) };
    const hidden = expect(await ask('PUT', at(mine), owner), 409, 'CloudIdAlreadyRegistered');
    assert.doesNotMatch(hidden.text, new RegExp(id));
    const ofOther = { grants: grantOf('Owner', id, 'other') };
    const inOther = await ask('PUT', at(id, 'stamp', 'other'), { ...ofOther, body });
    assert.doesNotMatch(expect(inOther, 409, 'Conflict').text, new RegExp(cloudId));
    const own = { ...ofOther, body: await bodyOf({ cloudId }) };
    const elsewhere = await ask('PUT', at(id, 'other', 'other'), own);
    expect(elsewhere, 409, 'CloudIdAlreadyRegistered');
    assert.doesNotMatch(elsewhere.text, /azurestack/);
    assert.match((await put(at(mine), { cloudId })).text, new RegExp(id));
  });

  it('give the activation key for the stamp and no other', async () => {
    const id = await commerce.addSubscription();
    const key = newStampKey();
    const cloudId = randomUUID();
    const fromWindow = hourNumber(492_000);
    const body = {
      location: 'global',
      properties: { registrationToken: await commerce.token({ cloudId, fromWindow }, key) },
    };
    const made = expect(await ask('PUT', at(id), { body }), 201);
    const given = expect(await ask('POST', `${at(id)}/getActivationKey`), 200);
    const read = await readActivationKey(String(given.body['activationKey']));
    assert.deepEqual(
      [read.registrationId, read.clientId, read.cloudId, read.thumbprint],
      [made.properties['registrationId'], made.properties['objectId'], cloudId, key.kid],
    );
    assert.equal(read.resourceId, at(id));
    assert.equal(read.tokenEndpoint, `${read.commerceUrl}/adfs/${HOME}/oauth2/token`);
    assert.deepEqual([read.ca, read.expiration], ['a certificate', undefined]);
    assert.equal(read.nextWindow, windowName(fromWindow));
    const { publicJwk } = await readStatementKey(commerce.test.database);
    assert.deepEqual(read.statementJwk, publicJwk);
    expect(await ask('POST', `${at(id)}/enableRemoteManagement`), 200);
    await commerce.test.database.transaction((tx) =>
      changeCommerceSubscription(tx, id, { tenantId: newTenant() }, commerce.changing),
    );
    expect(await ask('POST', `${at(id)}/getactivationkey`), 409, 'Conflict');
    assert.equal((await ask('GET', at(id))).properties['status'], 'Reset');
    expect(await ask('PUT', at(id), { body }), 200);
    await commerce.test.database.pool.query(
      'delete from client_credential where principal_id = $1',
      [made.properties['objectId']],
    );
    expect(await ask('POST', `${at(id)}/getactivationkey`), 409, 'Conflict');
  });

  it('say in the activation key which window comes next, while any is taken', async () => {
    const id = await commerce.addSubscription();
    const stated = { cloudId: randomUUID(), fromWindow: hourNumber(492_000) };
    const nextWindow = async (): Promise<string | undefined> => {
      const { body } = expect(await ask('POST', `${at(id)}/getactivationkey`), 200);
      return (await readActivationKey(String(body['activationKey']))).nextWindow;
    };
    expect(await put(at(id), stated), 201);
    await commerce.test.database.pool.query(
      `update reporting_period set next_window = next_window + 5 where from_window = $1`,
      [stated.fromWindow],
    );
    assert.equal(await nextWindow(), windowName(stated.fromWindow + 5));
    expect(await put(at(id), { ...stated, usageReporting: false }), 200);
    assert.equal(await nextWindow(), undefined);
    // What readers were told of the time in between is final: it begins again now.
    const again = expect(await put(at(id), { ...stated, fromWindow: hourNumber(492_009) }), 200);
    assert.match(String(again.properties['warning']), /and not with 2026-02-16T09Z/);
    assert.equal(await nextWindow(), windowName(hourOf(commerce.clock.now())));
  });

  it('come a thousand at a time', async () => {
    const id = await commerce.addSubscription();
    await commerce.test.database.pool.query(
      `insert into registration (registration_id, subscription_id, resource_group, name, cloud_id, billing_model,
         usage_reporting, marketplace_syndication, principal_id, state, etag, created_at, updated_at)
       select gen_random_uuid(), $1, 'azurestack', 'n' || lpad(n::text, 4, '0'), gen_random_uuid(), 'Capacity', false, false,
         gen_random_uuid(), 'Active', gen_random_uuid(), $2, $2 from generate_series(1, 1001) n`,
      [id, commerce.clock.now().toString()],
    );
    const first = await ask('GET', `/subscriptions/${id}/${PROVIDER}`);
    assert.equal(itemsOf(first).length, 1000);
    const link = new URL(String(first.body['nextLink']));
    const second = await ask('GET', `${link.pathname}${link.search}`);
    assert.deepEqual(
      itemsOf(second).map(({ name }) => name),
      ['n1001'],
    );
    assert.equal(second.body['nextLink'], undefined);
    const other = `/subscriptions/${id}/resourceGroups/azurestack/${PROVIDER}${link.search}`;
    expect(await ask('GET', other), 400, 'InvalidProperty');
  });

  it('at the same time come to one, and never to a fault', async () => {
    const id = await commerce.addSubscription();
    const cloudId = randomUUID();
    const bodies = await Promise.all([1, 2, 3, 4, 5, 6].map(() => bodyOf({ cloudId })));
    const same = await Promise.all(bodies.map((body) => ask('PUT', at(id), { body })));
    assert.deepEqual(countOf(same, 201), { yes: 1, others: [200, 200, 200, 200, 200] });
    const ids: SubscriptionId[] = [];
    for (const _ of bodies) ids.push(await commerce.addSubscription());
    const fresh = randomUUID();
    const others = await Promise.all(
      ids.map(async (one) => ask('PUT', at(one), { body: await bodyOf({ cloudId: fresh }) })),
    );
    assert.deepEqual(countOf(others, 201), { yes: 1, others: [409, 409, 409, 409, 409] });
  });

  it('sign with one key, whoever asks first', async () => {
    const keys = await Promise.all(
      [1, 2, 3, 4].map(() => readStatementKey(commerce.test.database)),
    );
    assert.equal(new Set(keys.map(({ kid }) => kid)).size, 1);
  });
});
