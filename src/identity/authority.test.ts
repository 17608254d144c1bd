import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { decodeJwt, importJWK, jwtVerify } from 'jose';
import { disableClient } from './store.ts';
import { HOME_TENANT, ORIGIN, OTHER_TENANT, withTestStamp } from './test-stamp.ts';

const SCOPE = `${ORIGIN}/.default`;

describe('discovery', () => {
  const stamp = withTestStamp();
  const LAYOUTS = [
    ['/adfs', '/adfs/oauth2/token'],
    [`/adfs/${HOME_TENANT}`, `/adfs/${HOME_TENANT}/oauth2/token`],
    ['/adfs/adfs', '/adfs/adfs/oauth2/token'],
    [`/adfs/stackmeter/${HOME_TENANT}`, `/adfs/stackmeter/${HOME_TENANT}/oauth2/token`],
    [`/${HOME_TENANT}/v2.0`, `/${HOME_TENANT}/oauth2/v2.0/token`],
    ['/organizations/v2.0', '/organizations/oauth2/v2.0/token'],
  ] as const;

  for (const [prefix, tokenPath] of LAYOUTS) {
    it(`${prefix} leads to ${tokenPath}, and the issuer is the address asked`, async () => {
      const reply = await stamp.ask({ url: `${prefix}/.well-known/openid-configuration` });
      assert.equal(reply.statusCode, 200);
      assert.partialDeepStrictEqual(reply.json(), {
        issuer: `${ORIGIN}${prefix}`,
        token_endpoint: `${ORIGIN}${tokenPath}`,
        authorization_endpoint: `${ORIGIN}${tokenPath.replace(/token$/, 'authorize')}`,
        jwks_uri: `${ORIGIN}/adfs/discovery/keys`,
      });
    });
  }

  it('is found in any case, with repeated slashes, and under the name the caller used', async () => {
    const reply = await stamp.ask({
      url: '/ADFS//.Well-Known/OpenID-Configuration',
      headers: { host: '127.0.0.1:9443' },
    });
    assert.equal(reply.json().token_endpoint, 'https://127.0.0.1:9443/adfs/oauth2/token');
  });

  it('repeats no words that are not plain', async () => {
    for (const tenant of ['a%20b', "x'onload", 'é', 'x'.repeat(200)]) {
      const url = `/adfs/${encodeURI(decodeURI(tenant))}/.well-known/openid-configuration`;
      assert.equal((await stamp.ask({ url })).statusCode, 404);
    }
  });

  it('of the stamp gives the login endpoint and the audience, in both versions', async () => {
    for (const version of ['2015-01-01', '1.0']) {
      const reply = await stamp.ask({ url: `//metadata/endpoints?API-Version=${version}` });
      assert.equal(reply.statusCode, 200);
      const { authentication, ...endpoints } = reply.json();
      assert.deepEqual(authentication, {
        loginEndpoint: `${ORIGIN}/adfs/stackmeter`,
        audiences: [ORIGIN],
      });
      assert.deepEqual(Object.keys(endpoints).toSorted(), [
        'galleryEndpoint',
        'graphEndpoint',
        'portalEndpoint',
      ]);
    }
    const missing = await stamp.ask({ url: '/metadata/endpoints' });
    assert.equal(missing.json().error.code, 'MissingApiVersionParameter');
    const unknown = await stamp.ask({ url: '/metadata/endpoints?api-version=2' });
    assert.equal(unknown.json().error.code, 'InvalidApiVersionParameter');
    assert.match(unknown.json().error.message, /2015-01-01,1\.0/);
  });
});

describe('token endpoints', () => {
  const stamp = withTestStamp();
  let credentials: Record<'client_id' | 'client_secret', string>;

  before(async () => {
    const made = await stamp.add({ name: 'caller', role: 'Reader', scope: '/' });
    credentials = { client_id: made.clientId, client_secret: made.clientSecret };
  });

  const form = (more: Record<string, string> = {}): Record<string, string> => ({
    grant_type: 'client_credentials',
    scope: SCOPE,
    ...credentials,
    ...more,
  });

  for (const path of [
    '/adfs/oauth2/token',
    '/adfs/adfs/oauth2/token?client-request-id=1f0ab7a4-0000-4000-8000-000000000001',
    `/adfs/stackmeter/${HOME_TENANT}/oauth2/token`,
    `/${HOME_TENANT.toUpperCase()}/oauth2/v2.0/token`,
  ]) {
    it(`${path} gives a token that its published keys verify and the service takes`, async () => {
      const noise = { client_info: '1', claims: '{"access_token":{}}', 'x-client-SKU': 'MSAL' };
      const reply = await stamp.askToken(path, form(noise));
      assert.equal(reply.statusCode, 200);
      assert.equal(reply.headers['cache-control'], 'no-store');
      const { access_token: token, ...rest } = reply.json();
      assert.deepEqual(rest, { token_type: 'Bearer', expires_in: 3600, ext_expires_in: 3600 });
      const { keys } = (await stamp.ask({ url: '/adfs/discovery/keys' })).json();
      const currentDate = new Date(stamp.clock.now().epochMilliseconds);
      const checked = await jwtVerify(token, await importJWK(keys[0], 'RS256'), {
        currentDate,
        audience: ORIGIN,
      });
      assert.ok(checked.payload.iss?.startsWith(`${ORIGIN}/`));
      assert.equal(checked.payload['tid'], HOME_TENANT);
      const headers = { authorization: `Bearer ${token}` };
      const answer = await stamp.ask({ url: '/protected', headers });
      assert.equal(answer.statusCode, 200);
      assert.equal(answer.json().clientId, credentials.client_id);
    });
  }

  const audiences: readonly (readonly [Record<string, string>, string])[] = [
    [{ scope: `${ORIGIN}//.default` }, `${ORIGIN}/`],
    [{ scope: 'https://management.azure.com/.default' }, 'https://management.azure.com'],
    [{ scope: 'https://management.azure.com//.default' }, 'https://management.azure.com/'],
    [{ scope: `openid ${SCOPE} offline_access` }, ORIGIN],
    [{ scope: '', resource: `${ORIGIN}/` }, `${ORIGIN}/`],
    [{ scope: 'openid', resource: ORIGIN }, ORIGIN],
    [{ scope: 'https://127.0.0.1:9443/.default' }, 'https://127.0.0.1:9443'],
  ];
  for (const [asked, audience] of audiences) {
    it(`${JSON.stringify(asked)} is for ${audience}, and taken`, async () => {
      const token = (await stamp.askToken('/adfs/oauth2/token', form(asked))).json().access_token;
      assert.equal(decodeJwt(token).aud, audience);
      const headers = { authorization: `Bearer ${token}` };
      assert.equal((await stamp.ask({ url: '/protected', headers })).statusCode, 200);
    });
  }

  it('take the credentials from a Basic header as well', async () => {
    const { client_id: id, client_secret: secret, ...rest } = form();
    const basic = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
    const ask = (fields: Record<string, string>) =>
      stamp.askToken('/adfs/oauth2/token', fields, { authorization: basic });
    assert.equal((await ask(rest)).statusCode, 200);
    assert.equal((await ask({ ...rest, client_id: String(id) })).statusCode, 200);
    const twice = await ask({ ...rest, client_secret: String(secret) });
    assert.deepEqual([twice.statusCode, twice.json().error], [400, 'invalid_request']);
  });

  const refusals: readonly (readonly [string, Record<string, string>, number, string])[] = [
    ['no grant type', { grant_type: '' }, 400, 'invalid_request'],
    ['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
    ['no credentials', { client_id: '', client_secret: '' }, 400, 'invalid_request'],
    ['a wrong secret', { client_secret: 'x'.repeat(43) }, 401, 'invalid_client'],
    ['a client id that is no GUID', { client_id: 'admin' }, 401, 'invalid_client'],
    ['no audience', { scope: 'openid' }, 400, 'invalid_scope'],
    ['a foreign audience', { scope: 'https://evil.example/.default' }, 400, 'invalid_scope'],
    ['another port', { scope: 'https://localhost:1/.default' }, 400, 'invalid_scope'],
    ['a foreign resource', { scope: '', resource: 'https://x.org' }, 400, 'invalid_target'],
  ];
  for (const [what, fields, status, error] of refusals) {
    it(`refuse ${what}`, async () => {
      const reply = await stamp.askToken('/adfs/oauth2/token', form(fields));
      assert.deepEqual([reply.statusCode, reply.json().error], [status, error]);
      assert.ok(reply.json().error_description.length > 10);
      assert.equal(reply.headers['cache-control'], 'no-store');
      assert.ok(reply.headers['x-ms-request-id']);
    });
  }

  it('answer an unknown client, a wrong secret, another tenant and a disabled client alike', async () => {
    const disabled = await stamp.add({ name: 'disabled', role: 'Reader', scope: '/' });
    await disableClient(stamp.test.database.pool, disabled.clientId, stamp.clock);
    const path = '/adfs/oauth2/token';
    const replies = await Promise.all([
      stamp.askToken(path, form({ client_id: 'ffffffff-0000-4000-8000-000000000001' })),
      stamp.askToken(path, form({ client_secret: 'wrong' })),
      stamp.askToken(`/${OTHER_TENANT}/oauth2/v2.0/token`, form()),
      stamp.askToken(
        path,
        form({ client_id: disabled.clientId, client_secret: disabled.clientSecret }),
      ),
    ]);
    const bodies = replies.map((reply) => {
      const { correlation_id: _id, ...body } = reply.json();
      return JSON.stringify([reply.statusCode, body, reply.headers['www-authenticate']]);
    });
    assert.equal(new Set(bodies).size, 1);
    assert.match(bodies[0] ?? '', /^\[401,\{"error":"invalid_client"/);
  });

  it('read forms only, each of our fields once, and answer errors in their own form', async () => {
    const url = '/adfs/oauth2/token';
    const json = await stamp.ask({ method: 'POST', url, payload: form() });
    assert.equal(json.json().error, 'invalid_request');
    const empty = await stamp.ask({ method: 'POST', url });
    assert.deepEqual([empty.statusCode, empty.json().error], [400, 'invalid_request']);
    const twice = await stamp.ask({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      payload: `${new URLSearchParams(form()).toString()}&client_id=x`,
    });
    assert.match(twice.json().error_description, /client_id may be given once/);
    const large = await stamp.askToken(url, form({ x: 'x'.repeat(70_000) }));
    assert.deepEqual([large.statusCode, large.json().error], [413, 'invalid_request']);
    const authorize = await stamp.ask({ url: '/adfs/oauth2/authorize' });
    assert.equal(authorize.json().error, 'unsupported_response_type');
  });
});
