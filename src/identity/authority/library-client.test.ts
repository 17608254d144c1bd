import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { request as send } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { InjectOptions } from 'fastify';
import { exportJWK, generateKeyPair } from 'jose';
import * as client from 'openid-client';
import { withTestDatabase } from '../../../test/support/database.ts';
import { SYSTEM } from '../../audit/index.ts';
import { buildApp, createLog, ensureTls, systemClock } from '../../platform/index.ts';
import { addClient, addClientCertificate } from '../client-store.ts';
import { createAuthority } from './authority.ts';
import { AZURE_CLI_CLIENT } from './clients.ts';
import { HOME_TENANT, PASSWORD } from './test-authority.ts';
import { createBrowser, wordsOf, type TestBrowser } from './test-browser.ts';
import { addUser } from './user-store.ts';

/** The certified client library against the real listener, with the private authority's certificate. */
describe('the client library', () => {
  const test = withTestDatabase();
  const clock = systemClock;
  const changing = { clock, actor: SYSTEM };
  let logged = '';
  const log = createLog({ level: 'debug' }, { write: (line) => void (logged += line) });
  const secrets: string[] = [PASSWORD];
  const undo: (() => Promise<void>)[] = [];
  let origin = '';
  let customFetch: client.CustomFetch;
  let browser: TestBrowser;

  before(async () => {
    const { pool } = test.database;
    await pool.query(`insert into directory_tenant (tenant_id, name) values ($1, 'home')`, [
      HOME_TENANT,
    ]);
    const data = await mkdtemp(join(tmpdir(), 'stackmeter-authority-'));
    undo.push(() => rm(data, { recursive: true }));
    const tls = await ensureTls({ data, hosts: ['localhost'], clock });
    const app = buildApp({ log, clock, tls });
    undo.push(() => app.close());
    const authority = await createAuthority({ database: test.database, clock, log });
    authority.addRoutes(app);
    const { port } = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
    origin = `https://localhost:${port}`;
    customFetch = fetchWith(tls.ca);
    const ask = (asked: InjectOptions) =>
      app.inject({ ...asked, headers: { ...asked.headers, host: `localhost:${port}` } });
    browser = createBrowser({ ask }, origin);
    const ann = { name: 'Ann', userName: 'ann@example.org', tenantId: HOME_TENANT };
    await addUser(pool, { ...ann, password: PASSWORD }, changing);
  });
  after(async () => {
    for (const step of undo.toReversed()) await step();
  });

  const discover = (
    id: string,
    authentication?: client.ClientAuth,
    path = `/adfs/stackmeter/${HOME_TENANT}`,
  ) =>
    client.discovery(new URL(origin + path), id, undefined, authentication, {
      [client.customFetch]: customFetch,
    });
  const newClient = () =>
    addClient(
      test.database.pool,
      { name: 'caller', role: 'Reader', scope: '/' },
      { ...changing, homeTenantId: HOME_TENANT },
    );

  it('gets tokens with a secret in the form or in a header', async () => {
    const { clientId, clientSecret } = await newClient();
    secrets.push(clientSecret);
    for (const way of [
      client.ClientSecretPost(clientSecret),
      client.ClientSecretBasic(clientSecret),
    ]) {
      const config = await discover(clientId, way);
      const tokens = await client.clientCredentialsGrant(config, { scope: `${origin}/.default` });
      assert.equal(tokens.expires_in, 3600);
      secrets.push(tokens.access_token);
    }
    const wrong = await discover(clientId, client.ClientSecretPost('wrong'));
    await assert.rejects(
      client.clientCredentialsGrant(wrong, { scope: `${origin}/.default` }),
      (error: client.ResponseBodyError) => error.error === 'invalid_client',
    );
  });

  it('gets tokens with an assertion, at every layout', async () => {
    const { clientId } = await newClient();
    const { privateKey, publicKey } = await generateKeyPair('PS256');
    const publicJwk = JSON.stringify(await exportJWK(publicKey));
    const certificate = { name: 'certificate', publicJwk, thumbprint: 'bb'.repeat(32) };
    await addClientCertificate(test.database.pool, clientId, certificate, changing);
    for (const path of ['/adfs', `/${HOME_TENANT}/v2.0`, `/adfs/stackmeter/${HOME_TENANT}/v2.0`]) {
      const config = await discover(clientId, client.PrivateKeyJwt(privateKey), path);
      const tokens = await client.clientCredentialsGrant(config, { scope: `${origin}/.default` });
      assert.ok(tokens.access_token);
    }
  });

  it('signs a person in with a code and PKCE, checks the ID token, and refreshes', async () => {
    const config = await discover(AZURE_CLI_CLIENT, client.None());
    const verifier = client.randomPKCECodeVerifier();
    const state = client.randomState();
    const nonce = client.randomNonce();
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: 'http://localhost:4711/',
      scope: `${origin}/.default openid profile offline_access`,
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state,
      nonce,
    });
    const page = await browser.open(url.href);
    const back = await browser.signIn(page, 'ann@example.org', PASSWORD);
    const checks = { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce };
    const address = new URL(back.headers.location ?? '');
    const tokens = await client.authorizationCodeGrant(config, address, checks);
    assert.equal(tokens.claims()?.['preferred_username'], 'ann@example.org');
    const refreshed = await client.refreshTokenGrant(config, tokens.refresh_token ?? '');
    assert.ok(refreshed.access_token && refreshed.refresh_token);
    secrets.push(address.searchParams.get('code') ?? '', verifier, tokens.access_token);
    secrets.push(tokens.refresh_token ?? '', tokens.id_token ?? '', refreshed.access_token);
  });

  it('signs a person in on another device', async () => {
    const config = await discover(AZURE_CLI_CLIENT, client.None());
    const scope = `${origin}/.default openid offline_access`;
    const begun = await client.initiateDeviceAuthorization(config, { scope });
    const confirm = await browser.submit(
      await browser.open(begun.verification_uri_complete ?? ''),
      {},
    );
    const done = await browser.submit(confirm, {});
    assert.match(wordsOf(done), /You are signed in/);
    const tokens = await client.pollDeviceAuthorizationGrant(config, { ...begun, interval: 0.1 });
    assert.equal(tokens.claims()?.['tid'], HOME_TENANT);
    secrets.push(begun.device_code, tokens.access_token, tokens.refresh_token ?? '');
  });

  it('leaves no secret in the log', () => {
    assert.match(logged, /request answered/);
    for (const secret of secrets) {
      assert.ok(secret.length > 10 && !logged.includes(secret), secret);
    }
  });
});

/** `fetch` that trusts a private authority: Node's own takes none. */
function fetchWith(ca: string): client.CustomFetch {
  return (url, { method, headers, body }) =>
    new Promise((resolve, reject) => {
      const sent = send(url, { method, headers, ca, agent: false }, (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () => {
          const received = Object.entries(answer.headers).map(([name, value]) => [
            name,
            String(value),
          ]);
          const init = { status: answer.statusCode ?? 0, headers: Object.fromEntries(received) };
          resolve(new Response(Buffer.concat(chunks), init));
        });
      });
      sent.on('error', reject);
      sent.end(body instanceof URLSearchParams ? body.toString() : undefined);
    });
}
