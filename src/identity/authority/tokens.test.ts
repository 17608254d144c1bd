import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { PrincipalId } from '../../kernel/index.ts';
import { addClientSecret, removeClientCredential } from '../client-store.ts';
import { disablePrincipal } from '../principal-store.ts';
import { HOME_TENANT, ORIGIN, OTHER_TENANT, withTestAuthority } from './test-authority.ts';

const SCOPE = `${ORIGIN}/.default`;

describe('discovery', () => {
  const stamp = withTestAuthority();
  const LAYOUTS = [
    ['/adfs', '/adfs/oauth2/token'],
    [`/adfs/${HOME_TENANT}`, `/adfs/${HOME_TENANT}/oauth2/token`],
    ['/adfs/adfs', '/adfs/adfs/oauth2/token'],
    [`/adfs/stackmeter/${HOME_TENANT}`, `/adfs/stackmeter/${HOME_TENANT}/oauth2/token`],
    ['/adfs/stackmeter/organizations', '/adfs/stackmeter/organizations/oauth2/token'],
    [`/adfs/stackmeter/${OTHER_TENANT}/v2.0`, `/adfs/stackmeter/${OTHER_TENANT}/oauth2/v2.0/token`],
    [`/${HOME_TENANT}/v2.0`, `/${HOME_TENANT}/oauth2/v2.0/token`],
    ['/organizations/v2.0', '/organizations/oauth2/v2.0/token'],
  ] as const;

  for (const [prefix, tokenPath] of LAYOUTS) {
    it(`${prefix} leads to ${tokenPath}, and the issuer is the address asked`, async () => {
      const reply = await stamp.ask({ url: `${prefix}/.well-known/openid-configuration` });
      assert.equal(reply.statusCode, 200);
      const endpoint = (name: string) => ORIGIN + tokenPath.replace(/token$/, name);
      assert.partialDeepStrictEqual(reply.json(), {
        issuer: `${ORIGIN}${prefix}`,
        token_endpoint: endpoint('token'),
        authorization_endpoint: endpoint('authorize'),
        device_authorization_endpoint: endpoint('devicecode'),
        end_session_endpoint: endpoint('logout'),
        userinfo_endpoint: endpoint('userinfo'),
        jwks_uri: `${ORIGIN}/adfs/discovery/keys`,
        code_challenge_methods_supported: ['S256'],
        response_modes_supported: ['query', 'fragment'],
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

  it('is there for tenants of this stamp and words that mean any, and never repeats others', async () => {
    const unknown = 'dddddddd-0000-4000-8000-00000000000f';
    for (const tenant of [unknown, 'contoso', 'a%20b', "x'onload", 'é', 'x'.repeat(200)]) {
      for (const prefix of ['/adfs', '/adfs/stackmeter', '']) {
        const path = `${prefix}/${encodeURI(decodeURI(tenant))}${prefix === '' ? '/v2.0' : ''}`;
        const reply = await stamp.ask({ url: `${path}/.well-known/openid-configuration` });
        assert.deepEqual([reply.statusCode, reply.json().error.code], [404, 'NotFound'], path);
      }
    }
    const foreign = await stamp.ask({
      url: '/adfs/.well-known/openid-configuration',
      headers: { host: 'evil.example' },
    });
    assert.doesNotMatch(foreign.body, /evil/);
  });
});

describe('tokens for clients', () => {
  const stamp = withTestAuthority();
  let id: PrincipalId;
  let secret: string;

  before(async () => {
    const made = await stamp.addClient();
    id = made.clientId;
    secret = made.clientSecret;
  });

  const form = (more: Record<string, string> = {}): Record<string, string> => ({
    grant_type: 'client_credentials',
    scope: SCOPE,
    client_id: id,
    client_secret: secret,
    ...more,
  });

  for (const path of [
    '/adfs/oauth2/token',
    '/ADFS/adfs/oauth2/token?client-request-id=1f0ab7a4-0000-4000-8000-000000000001',
    `/adfs/stackmeter/${HOME_TENANT}/oauth2/token`,
    `/${HOME_TENANT.toUpperCase()}/oauth2/v2.0/token`,
  ]) {
    it(`${path} gives a token for an hour that names the client`, async () => {
      const noise = {
        client_info: '1',
        claims: '{"access_token":{"xms_cc":{"values":["CP1"]}}}',
        'x-client-SKU': 'MSAL',
        client_id: id.toUpperCase(),
      };
      const reply = await stamp.post(path, form(noise));
      assert.equal(reply.statusCode, 200, reply.body);
      assert.equal(reply.headers['cache-control'], 'no-store');
      assert.ok(reply.headers['x-ms-request-id']);
      const { access_token: token, ...rest } = reply.json();
      assert.deepEqual(rest, { token_type: 'Bearer', expires_in: 3600, ext_expires_in: 3600 });
      assert.partialDeepStrictEqual(decodeProtectedHeader(token), { alg: 'RS256', typ: 'at+jwt' });
      const now = Math.floor(stamp.clock.now().epochMilliseconds / 1000);
      const claims = decodeJwt(token);
      assert.ok(claims.iss?.startsWith(`${ORIGIN}/`) && claims.iss === claims.iss.toLowerCase());
      assert.partialDeepStrictEqual(claims, {
        aud: ORIGIN,
        sub: id,
        oid: id,
        appid: id,
        tid: HOME_TENANT,
        idtyp: 'app',
        ver: '1.0',
        app_displayname: 'caller',
        iat: now,
        nbf: now,
        exp: now + 3600,
      });
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
    it(`${JSON.stringify(asked)} is for ${audience}`, async () => {
      const reply = await stamp.post('/adfs/oauth2/token', form(asked));
      assert.equal(decodeJwt(reply.json().access_token).aud, audience);
    });
  }

  it('take the secret from a Basic header as well, and once only', async () => {
    const { client_id: _id, client_secret: _secret, ...rest } = form();
    const basic = `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
    const ask = (fields: Record<string, string>) =>
      stamp.post('/adfs/oauth2/token', fields, { authorization: basic });
    assert.equal((await ask(rest)).statusCode, 200);
    assert.equal((await ask({ ...rest, client_id: id })).statusCode, 200);
    const twice = await ask(form());
    assert.deepEqual([twice.statusCode, twice.json().error], [400, 'invalid_request']);
  });

  const refusals: readonly (readonly [string, Record<string, string>, number, string])[] = [
    ['no grant type', { grant_type: '' }, 400, 'invalid_request'],
    ['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type'],
    ['no credentials', { client_id: '', client_secret: '' }, 400, 'invalid_request'],
    ['a wrong secret', { client_secret: 'x'.repeat(43) }, 401, 'invalid_client'],
    ['no secret', { client_secret: '' }, 401, 'invalid_client'],
    ['a client id that is no GUID', { client_id: 'admin' }, 401, 'invalid_client'],
    ['no audience', { scope: 'openid' }, 400, 'invalid_scope'],
    ['a foreign audience', { scope: 'https://evil.example/.default' }, 400, 'invalid_scope'],
    ['another port', { scope: 'https://localhost:1/.default' }, 400, 'invalid_scope'],
    ['a foreign resource', { scope: '', resource: 'https://x.org' }, 400, 'invalid_target'],
  ];
  for (const [what, fields, status, error] of refusals) {
    it(`refuse ${what}`, async () => {
      const reply = await stamp.post('/adfs/oauth2/token', form(fields));
      assert.deepEqual([reply.statusCode, reply.json().error], [status, error]);
      assert.ok(reply.json().error_description.length > 10);
      assert.equal(reply.headers['cache-control'], 'no-store');
      assert.ok(reply.headers['x-ms-request-id']);
    });
  }

  it('answer an unknown client, a wrong secret, another tenant, an unknown one and a disabled client alike', async () => {
    const disabled = await stamp.addClient({ name: 'disabled' });
    await disablePrincipal(stamp.test.database.pool, disabled.clientId, stamp.changing);
    const path = '/adfs/oauth2/token';
    const unknown = 'dddddddd-0000-4000-8000-00000000000f';
    const replies = await Promise.all([
      stamp.post(path, form({ client_id: 'ffffffff-0000-4000-8000-000000000001' })),
      stamp.post(path, form({ client_secret: 'wrong' })),
      stamp.post(`/${OTHER_TENANT}/oauth2/v2.0/token`, form()),
      stamp.post(`/${unknown}/oauth2/v2.0/token`, form()),
      stamp.post(
        path,
        form({ client_id: disabled.clientId, client_secret: disabled.clientSecret }),
      ),
    ]);
    const bodies = replies.map((reply) => {
      const { correlation_id: _id, ...body } = reply.json();
      return JSON.stringify([reply.statusCode, body, reply.headers['www-authenticate']]);
    });
    assert.equal(new Set(bodies).size, 1, bodies.join('\n'));
    assert.match(bodies[0] ?? '', /^\[401,\{"error":"invalid_client"/);
  });

  it('read forms only, within 64 KiB, each of our fields once, and answer errors in their own form', async () => {
    const url = '/adfs/oauth2/token';
    const json = await stamp.ask({ method: 'POST', url, payload: form() });
    assert.deepEqual([json.statusCode, json.json().error], [415, 'invalid_request']);
    const empty = await stamp.ask({ method: 'POST', url });
    assert.deepEqual([empty.statusCode, empty.json().error], [400, 'invalid_request']);
    const twice = await stamp.ask({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      payload: `${new URLSearchParams(form()).toString()}&client_id=x`,
    });
    assert.match(twice.json().error_description, /client_id.* must not be provided twice/);
    const large = await stamp.post(url, form({ x: 'x'.repeat(70_000) }));
    assert.deepEqual([large.statusCode, large.json().error], [413, 'invalid_request']);
    const noise = await stamp.post(url, form({ x: 'x'.repeat(60_000) }));
    assert.equal(noise.statusCode, 200);
  });

  it('are given for each secret of a client, until it expires or is taken away', async () => {
    const { pool } = stamp.test.database;
    const expiresAt = stamp.clock.now().add({ seconds: 90 });
    const second = await addClientSecret(pool, id, { name: 'second', expiresAt }, stamp.changing);
    const third = await addClientSecret(pool, id, { name: 'third' }, stamp.changing);
    const ask = async (client_secret: string) =>
      (await stamp.post('/adfs/oauth2/token', form({ client_secret }))).statusCode;
    const all = () => Promise.all([secret, second.secret, third.secret].map(ask));
    assert.deepEqual(await all(), [200, 200, 200]);
    await removeClientCredential(pool, id, third.credentialId, stamp.changing);
    assert.deepEqual(await all(), [200, 200, 401]);
    stamp.clock.advance(91_000);
    assert.deepEqual(await all(), [200, 401, 401]);
  });
});
