import assert from 'node:assert/strict';
import { createHmac, createPublicKey, randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import fc from 'fast-check';
import { startOpenIdServer, type OpenIdServer } from '../../../test/support/openid-server.ts';
import { externalPrincipalId } from './external-token.ts';
import {
  GOOD,
  NOW,
  ORIGIN,
  serviceOf,
  SUBJECT,
  TENANT_A,
  TENANT_B,
  trust,
} from './test-service.ts';

describe('trusted issuers', () => {
  let [a, b]: OpenIdServer[] = [];
  let service: ReturnType<typeof serviceOf>;
  const given = (server: OpenIdServer | undefined): OpenIdServer => {
    if (server === undefined) throw new TypeError('The issuers are there from the first test on.');
    return server;
  };
  /** A good token of issuer A; what is given takes the place of its claims. */
  const token = (claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}) =>
    given(a).token({ ...GOOD, ...claims }, header);

  before(async () => {
    [a, b] = await Promise.all([startOpenIdServer(), startOpenIdServer()]);
    service = serviceOf([
      trust(given(a), 'a', { audiences: ['urn:stackmeter'] }),
      trust(given(b), 'b', { tenants: [{ value: undefined, tenantId: TENANT_B }] }),
    ]);
  });
  after(async () => {
    await service.app.close();
    await Promise.all([given(a).end(), given(b).end()]);
  });
  it('let those in whom they know', async () => {
    const answer = await service.ask(await token());
    assert.deepEqual(answer.json(), {
      kind: 'external',
      principalId: SUBJECT,
      tenantId: TENANT_A,
      name: 'anna@a.example',
      issuer: given(a).issuer,
      audience: ORIGIN,
      refusedFrom: (NOW + 660) * 1_000,
    });
  });

  it('may issue for audiences that are added for them, also one of several', async () => {
    for (const aud of ['urn:stackmeter', ['urn:other', 'urn:stackmeter'], `${ORIGIN}/`]) {
      assert.equal((await service.ask(await token({ aud }))).statusCode, 200);
    }
    const ofB = await given(b).token({ ...GOOD, aud: 'urn:stackmeter' });
    await service.refused(ofB, 'its audience is another service');
  });

  it('name people by the first claim that can be written down', async () => {
    const names: readonly (readonly [Record<string, unknown>, string])[] = [
      [{ preferred_username: 'second' }, 'anna@a.example'],
      [{ upn: undefined, preferred_username: 'second' }, 'second'],
      [{ upn: 'line\nfeed', azp: 'third' }, 'third'],
      [{ upn: '\u202eturned', azp: 'third' }, 'third'],
      [{ upn: ['a'], preferred_username: ' ', azp: 'x'.repeat(201) }, SUBJECT],
    ];
    for (const [claims, name] of names) {
      assert.equal((await service.ask(await token(claims))).json<{ name: string }>().name, name);
    }
  });

  it('have their people known by a GUID, made from issuer and subject where theirs is none', async () => {
    const idOf = async (server: OpenIdServer, sub: string) => {
      const answer = await service.ask(await server.token({ ...GOOD, sub }));
      return answer.json<{ principalId: string }>().principalId;
    };
    assert.equal(await idOf(given(a), SUBJECT.toUpperCase()), SUBJECT);
    const made = await idOf(given(a), 'anna');
    assert.match(made, /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
    assert.equal(made, await idOf(given(a), 'anna'));
    assert.equal(made, externalPrincipalId(given(a).issuer, 'anna'));
    const others = [await idOf(given(a), 'Anna'), await idOf(given(b), 'anna')];
    assert.equal(new Set([made, ...others]).size, 3);
  });

  it('speak for their own tenants only', async () => {
    const reason = 'its issuer does not speak for its tenant here';
    await service.refused(await token({ tid: TENANT_B }), reason);
    await service.refused(await token({ tid: randomUUID() }), reason);
    await service.refused(await token({ tid: [TENANT_A] }), reason);
    await service.refused(await token({ tid: undefined }), reason);
    // The one that is bound as a whole speaks for that tenant whatever it says.
    const answer = await service.ask(await given(b).token(GOOD));
    assert.equal(answer.json<{ tenantId: string }>().tenantId, TENANT_B);
  });

  it('are told by their exact text', async () => {
    const { issuer } = given(a);
    for (const iss of [`${issuer}/`, issuer.toUpperCase(), 'https://other.example', '', 5]) {
      await service.refused(await token({ iss }), 'its issuer is not trusted here');
    }
    // Signed by A in the name of B.
    await service.refused(
      await token({ iss: given(b).issuer }),
      'its signing key is not known here',
    );
  });

  const refusals: readonly (readonly [string, Record<string, unknown>, string])[] = [
    ['another audience', { aud: 'https://other.example' }, 'its audience is another service'],
    ['no audience of text', { aud: [5] }, 'its audience is another service'],
    ['no audience', { aud: undefined }, 'its claim aud is missing'],
    ['no end', { exp: undefined }, 'its claim exp is missing'],
    ['no beginning', { iat: undefined }, 'its claim iat is missing'],
    ['nobody', { sub: undefined }, 'its claim sub is missing'],
    ['an empty subject', { sub: '' }, 'its claim sub names nobody'],
    ['an endless subject', { sub: 'x'.repeat(1_025) }, 'its claim sub names nobody'],
    ['a subject that is no text', { sub: 5 }, 'its claim sub names nobody'],
    ['an end that is over', { exp: NOW - 60 }, 'it has expired'],
    ['an end in words', { exp: 'never' }, 'its claim exp is wrong'],
    ['a beginning to come', { nbf: NOW + 61 }, 'it is not valid yet'],
    ['an issue to come', { iat: NOW + 61, nbf: NOW }, 'it is not valid yet'],
    ['an id token', { nonce: 'n' }, 'it is no access token'],
    ['an id token of Keycloak', { typ: 'ID' }, 'it is no access token'],
    ['a refresh token', { typ: 'Refresh' }, 'it is no access token'],
    ['a token for one key only', { cnf: { jkt: 'a' } }, 'it is bound to a key of its holder'],
  ];
  for (const [what, claims, reason] of refusals) {
    it(`are refused for ${what}`, async () => service.refused(await token(claims), reason));
  }

  it('may have a clock that is a minute off', async () => {
    assert.equal((await service.ask(await token({ exp: NOW - 59 }))).statusCode, 200);
    assert.equal((await service.ask(await token({ nbf: NOW + 60 }))).statusCode, 200);
    assert.equal((await service.ask(await token({ iat: NOW + 60 }))).statusCode, 200);
  });

  it('sign with key pairs', async () => {
    const good = await token();
    const [header = '', payload = '', signature = ''] = good.split('.');
    const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const decoded: unknown = JSON.parse(Buffer.from(header, 'base64url').toString());
    assert.ok(typeof decoded === 'object');
    const altered = (more: Record<string, unknown>) => encode({ ...decoded, ...more });
    const none = 'its algorithm is none of RS256, PS256, ES256';
    await service.refused(`${altered({ alg: 'none' })}.${payload}.`, none);
    await service.refused(`${altered({ alg: 'none' })}.${payload}.${signature}`, none);

    const [jwk] = given(a).server.issuer.keys.toJSON();
    const pem = createPublicKey({ key: { ...jwk }, format: 'jwk' });
    for (const secret of [
      pem.export({ type: 'spki', format: 'pem' }),
      pem.export({ type: 'spki', format: 'der' }),
      JSON.stringify(jwk),
    ]) {
      const signed = `${altered({ alg: 'HS256' })}.${payload}`;
      const mac = createHmac('sha256', secret).update(signed).digest('base64url');
      await service.refused(`${signed}.${mac}`, none);
    }
    await service.refused(await token({}, { kid: undefined }), 'it names no signing key');
    await service.refused(await token({}, { typ: 'logout+jwt' }), 'it is no access token');
    await service.refused(`${good.slice(0, -8)}AAAAAAAA`, 'its signature does not verify');
    const forged = encode({ sub: randomUUID(), iss: given(a).issuer });
    await service.refused(`${header}.${forged}.${signature}`, 'its signature does not verify');
    const critical = `${altered({ crit: ['exp'], exp: 1 })}.${payload}.${signature}`;
    await service.refused(critical, 'it is not a signed token');
  });

  it('are not asked about texts that are no tokens, which are refused all the same', async () => {
    const good = await token();
    const fetches = given(a).fetches();
    const [header = '', payload = ''] = good.split('.');
    const part = fc.oneof(
      fc.constantFrom(header, payload, '', 'e30', 'bnVsbA', 'W10'),
      fc.base64String().map((text) => text.replaceAll('=', '')),
      fc.json().map((text) => Buffer.from(text).toString('base64url')),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 6 }), async (parts) => {
        assert.equal((await service.ask(parts.join('.'))).statusCode, 401);
      }),
      { numRuns: 300 },
    );
    assert.equal(given(a).fetches(), fetches);
  });

  it('may change their keys: the new one is asked for, the old one ends', async () => {
    const { clock } = service;
    const keys = given(a).server.issuer.keys;
    const fetches = given(a).fetches();
    const old = await token();
    assert.equal((await service.ask(old)).statusCode, 200);
    const next = await keys.generate('RS256');
    const fresh = await given(a).token(GOOD, {}, next.kid);
    await service.refused(fresh, 'its signing key is not known here');
    assert.equal(given(a).fetches(), fetches, 'asked a moment ago');
    clock.advance(60_000);
    assert.equal((await service.ask(fresh)).statusCode, 200);
    assert.equal(given(a).fetches(), fetches + 1);
    assert.equal((await service.ask(old)).statusCode, 200);

    given(a).answerKeys = (response) =>
      response.end(JSON.stringify({ keys: keys.toJSON().filter(({ kid }) => kid === next.kid) }));
    await service.trusted.fetchKeys();
    await service.refused(old, 'its signing key is not known here');
    assert.equal((await service.ask(fresh)).statusCode, 200);
  });
});
