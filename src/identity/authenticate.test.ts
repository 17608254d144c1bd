import assert from 'node:assert/strict';
import { createHmac, createSign, generateKeyPairSync } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { parseSubscriptionId, type PrincipalId } from '../kernel/index.ts';
import { SYSTEM } from '../audit/index.ts';
import { authorize } from './principal.ts';
import { disablePrincipal, removePrincipal } from './principal-store.ts';
import { addRoleAssignment } from './role-assignment.ts';
import { HOME_TENANT, ORIGIN, START, withTestStamp } from './test-stamp.ts';

const subscriptionId = parseSubscriptionId('aaaaaaaa-0000-4000-8000-000000000001');
assert.ok(subscriptionId);

function encode(part: unknown): string {
  return Buffer.from(JSON.stringify(part)).toString('base64url');
}

describe('authentication', () => {
  const stamp = withTestStamp();
  let client: { readonly clientId: PrincipalId; readonly clientSecret: string };
  let token: string;
  const changing = { clock: stamp.clock, actor: SYSTEM };

  const newToken = async (): Promise<string> => {
    const reply = await stamp.askToken('/adfs/oauth2/token', {
      grant_type: 'client_credentials',
      client_id: client.clientId,
      client_secret: client.clientSecret,
      scope: `${ORIGIN}/.default`,
    });
    return reply.json().access_token;
  };
  const ask = async (authorization?: string, url = '/protected') => {
    const headers = authorization === undefined ? {} : { authorization };
    const reply = await stamp.ask({ method: url === '/intake' ? 'POST' : 'GET', url, headers });
    return { status: reply.statusCode, body: reply.json(), headers: reply.headers };
  };

  before(async () => {
    client = await stamp.add({ name: 'caller', role: 'Reader', scope: '/' });
    token = await newToken();
  });

  it('without credentials is a 401 that says where to sign in', async () => {
    const { status, body, headers } = await ask();
    assert.equal(status, 401);
    assert.equal(body.error.code, 'AuthenticationFailed');
    const uri = `${ORIGIN}/adfs/stackmeter/${HOME_TENANT}`;
    assert.match(
      String(headers['www-authenticate']),
      new RegExp(`^Bearer authorization_uri="${uri}", resource_id="${ORIGIN}", error=`),
    );
  });

  it('with a token says who is calling and what it may do', async () => {
    const { body } = await ask(`bearer  ${token}`);
    assert.deepEqual(
      { ...body, name: undefined },
      {
        kind: 'client',
        principalId: client.clientId,
        tenantId: HOME_TENANT,
        name: undefined,
        grants: [{ role: 'Reader' }],
      },
    );
  });

  it('refuses tokens that were altered, forged or made for others', async () => {
    const [head = '', payload = '', signature = ''] = token.split('.');
    const claims = decodeJwt(token);
    const header = decodeProtectedHeader(token);
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const signed = (h: unknown, p: unknown): string => {
      const text = `${encode(h)}.${encode(p)}`;
      return `${text}.${createSign('sha256').update(text).sign(privateKey, 'base64url')}`;
    };
    const { keys } = (await stamp.ask({ url: '/adfs/discovery/keys' })).json();
    const confused = `${encode({ ...header, alg: 'HS256' })}.${payload}`;
    const mac = createHmac('sha256', JSON.stringify(keys[0])).update(confused).digest('base64url');
    const altered = encode({ ...claims, sub: 'ffffffff-0000-4000-8000-000000000001' });
    const bad: readonly (readonly [string, RegExp])[] = [
      ['nonsense', /not a signed token/],
      ['a.b.c', /not a signed token/],
      [`${head}.${altered}.${signature}`, /signature does not verify/],
      [`${head}.${payload}.`, /signature does not verify/],
      [`${head}.${payload}.${signature.slice(0, -4)}AAAA`, /signature does not verify/],
      [`${encode({ alg: 'none', typ: 'JWT' })}.${payload}.`, /algorithm is not RS256/],
      [`${confused}.${mac}`, /algorithm is not RS256/],
      [signed({ ...header, kid: 'other' }, claims), /key is not known/],
      [signed({ alg: 'RS256' }, claims), /key is not known/],
      [signed(header, claims), /signature does not verify/],
    ];
    for (const [value, reason] of bad) {
      const { status, body, headers } = await ask(`Bearer ${value}`);
      assert.equal(status, 401, value);
      assert.equal(body.error.code, 'InvalidAuthenticationToken');
      assert.match(body.error.message, reason);
      assert.match(String(headers['www-authenticate']), /InvalidAuthenticationToken/);
    }
  });

  it('refuses a token of ours under an address that it was not made for', async () => {
    const reply = await stamp.ask({
      url: '/protected',
      headers: { authorization: `Bearer ${token}`, host: 'localhost:7777' },
    });
    assert.match(reply.json().error.message, /issuer is another authority/);
  });

  it('refuses other schemes and empty credentials', async () => {
    for (const header of ['', 'Bearer', 'Bearer ', 'Digest x', 'Bearer a b', token]) {
      const { status, body } = await ask(header);
      assert.deepEqual([status, body.error.code], [401, 'AuthenticationFailed'], header);
    }
  });

  it('refuses a token when its hour is over', async () => {
    stamp.clock.advance(3_662_000);
    const { status, body } = await ask(`Bearer ${token}`);
    assert.equal(status, 401);
    assert.match(body.error.message, /has expired/);
    stamp.clock.set(START);
  });

  it('roles hold from the next request on, whatever the token', async () => {
    const scope = `/subscriptions/${subscriptionId}` as const;
    await addRoleAssignment(
      stamp.test.database.pool,
      {
        principalId: client.clientId,
        principalTenantId: HOME_TENANT,
        principalType: 'ServicePrincipal',
        role: 'Emitter',
        scope,
      },
      changing,
    );
    const { body } = await ask(`Bearer ${token}`);
    const byRole = new Map(body.grants.map((grant: { role: string }) => [grant.role, grant]));
    assert.deepEqual(byRole.get('Emitter'), { role: 'Emitter', subscriptionId });
    assert.deepEqual(byRole.get('Reader'), { role: 'Reader' });
  });

  it('a client that is disabled or removed is out at once, with the token it holds', async () => {
    const { pool } = stamp.test.database;
    const kept = client;
    for (const end of [
      () => disablePrincipal(pool, client.clientId, changing),
      () => removePrincipal(pool, client.clientId, changing),
    ]) {
      client = await stamp.add({ name: 'leaving', role: 'Owner', scope: '/' });
      const held = await newToken();
      assert.equal((await ask(`Bearer ${held}`)).status, 200);
      await end();
      const { status, body } = await ask(`Bearer ${held}`);
      assert.deepEqual([status, body.error.code], [401, 'InvalidAuthenticationToken']);
      const key = `Bearer ${client.clientId}.${client.clientSecret}`;
      assert.equal((await ask(key, '/intake')).status, 401);
    }
    client = kept;
  });

  it('takes client id and secret in place of a token where the route allows it, nowhere else', async () => {
    const { clientId, clientSecret } = client;
    const basic = Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
    const right = [
      `Bearer ${clientId}.${clientSecret}`,
      `Bearer ${clientId.toUpperCase()}.${clientSecret}`,
      `Basic ${basic}`,
      `Bearer ${token}`,
    ];
    for (const header of right) {
      const { status, body } = await ask(header, '/intake');
      assert.deepEqual([status, body.principalId], [200, clientId]);
    }
    for (const header of right.slice(0, 3)) {
      const { status, body } = await ask(header);
      assert.deepEqual([status, body.error.code], [401, 'AuthenticationFailed']);
    }
    const wrong = [
      `Bearer ${clientId}.${clientSecret}x`,
      `Bearer ${clientId}.`,
      `Bearer ffffffff-0000-4000-8000-000000000001.${clientSecret}`,
      `Basic ${Buffer.from(`${clientId}:`).toString('base64')}`,
      'Basic !!!',
      'Basic bm90aGluZw==',
    ];
    for (const header of wrong) assert.equal((await ask(header, '/intake')).status, 401, header);
  });

  it('authorization passes what a role allows and names what it does not', () => {
    const grant = { role: 'Reader', resourceGroup: undefined, providers: undefined } as const;
    const principal = {
      kind: 'client',
      principalId: client.clientId,
      tenantId: HOME_TENANT,
      name: 'caller',
      grants: [{ ...grant, subscriptionId }],
    } as const;
    authorize(principal, 'Microsoft.Commerce/usageAggregates/read', { subscriptionId });
    assert.throws(() => authorize(principal, 'Stackmeter.Metering/meters/write'), {
      code: 'AuthorizationFailed',
      status: 403,
      message: new RegExp(`'${client.clientId}'.*'Stackmeter.Metering/meters/write' on '/'`),
    });
  });
});
