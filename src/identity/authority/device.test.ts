import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { InjectOptions } from 'fastify';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import type { PrincipalId } from '../../kernel/index.ts';
import { buildApp, silentLog } from '../../platform/index.ts';
import { createAuthority } from './authority.ts';
import { AZURE_CLI_CLIENT, PORTAL_CLIENT } from './clients.ts';
import { ORIGIN, PASSWORD, withTestAuthority } from './test-authority.ts';
import { createBrowser, wordsOf, type TestBrowser } from './test-browser.ts';

const GRANT = 'urn:ietf:params:oauth:grant-type:device_code';

describe('signing in on another device', () => {
  const stamp = withTestAuthority();
  const newBrowser = (): TestBrowser => createBrowser(stamp);
  let ann: PrincipalId;
  before(async () => {
    ann = await stamp.addUser();
  });

  const begin = async (at = '/adfs') => {
    const scope = `${ORIGIN}//.default offline_access openid profile`;
    const form = { client_id: AZURE_CLI_CLIENT, scope, client_info: '1', claims: '{}' };
    const reply = await stamp.post(`${at}/oauth2/devicecode`, form);
    assert.equal(reply.statusCode, 200, reply.body);
    return reply.json();
  };
  const poll = (device_code: string, at = '/adfs') =>
    stamp.post(`${at}/oauth2/token`, {
      grant_type: GRANT,
      client_id: AZURE_CLI_CLIENT,
      device_code,
      code: device_code,
    });

  it('tells the code, waits for the person, and gives tokens once', async () => {
    const begun = await begin();
    assert.partialDeepStrictEqual(begun, {
      verification_uri: `${ORIGIN}/adfs/oauth2/deviceauth`,
      expires_in: 900,
      interval: 5,
    });
    assert.ok(begun.message.includes(begun.user_code) && begun.message.includes('deviceauth'));
    const pending = await poll(begun.device_code);
    assert.deepEqual([pending.statusCode, pending.json().error], [400, 'authorization_pending']);

    const browser = newBrowser();
    const page = await browser.open(begun.verification_uri);
    const confirm = await browser.submit(page, { user_code: begun.user_code.toLowerCase() });
    assert.ok(wordsOf(confirm).includes(begun.user_code), wordsOf(confirm));
    assert.match(wordsOf(confirm), /sign in to Azure CLI/);
    const signIn = await browser.submit(confirm, {});
    const done = await browser.signIn(signIn, 'ann@example.org', PASSWORD);
    assert.match(wordsOf(done), /You are signed in/);

    const reply = await poll(begun.device_code);
    assert.equal(reply.statusCode, 200, reply.body);
    const tokens = reply.json();
    assert.partialDeepStrictEqual(decodeJwt(tokens.access_token), { sub: ann, aud: `${ORIGIN}/` });
    assert.ok(tokens.refresh_token && tokens.id_token && tokens.client_info);
    const again = await browser.submit(await browser.open(begun.verification_uri), {
      user_code: begun.user_code,
    });
    assert.match(wordsOf(again), /used before/);
    assert.equal((await poll(begun.device_code)).json().error, 'invalid_grant');
  });

  it('takes the code from the address, and asks nothing of a person who is signed in', async () => {
    const browser = newBrowser();
    for (const round of ['first', 'second']) {
      const begun = await begin();
      const page = await browser.open(begun.verification_uri_complete);
      assert.doesNotMatch(page.body, /<script/);
      const confirm = await browser.submit(page, {});
      const next = await browser.submit(confirm, {});
      const done =
        round === 'first' ? await browser.signIn(next, 'ann@example.org', PASSWORD) : next;
      assert.match(wordsOf(done), /You are signed in/);
      const { device_code: code } = begun;
      // The words of the drafts, which msal for Node and older clients still use.
      const fields = { grant_type: 'device_code', client_id: AZURE_CLI_CLIENT, code };
      assert.equal((await stamp.post('/adfs/oauth2/token', fields)).statusCode, 200);
    }
  });

  it('can be refused by the person, which the device is told', async () => {
    const begun = await begin();
    const browser = newBrowser();
    const page = await browser.open(begun.verification_uri_complete);
    const confirm = await browser.submit(page, {});
    const aborted = await browser.submit(confirm, { abort: 'yes' });
    assert.match(wordsOf(aborted), /cancelled/);
    assert.equal((await poll(begun.device_code)).json().error, 'access_denied');

    const second = await begin();
    const other = await browser.submit(await browser.open(second.verification_uri_complete), {});
    const signIn = await browser.submit(other, {});
    assert.match(wordsOf(await browser.submit(signIn, { cancel: 'yes' })), /cancelled/);
    assert.equal((await poll(second.device_code)).json().error, 'access_denied');
  });

  it('needs the form of this browser, and a client that has no browser', async () => {
    const begun = await begin();
    const page = await newBrowser().open(begun.verification_uri_complete);
    const forged = await newBrowser().submit(page, {});
    assert.equal(forged.statusCode, 400);
    for (const cookie of ['', '__Secure-stackmeter-resume=x', '__Host-stackmeter-session=x']) {
      const headers = { accept: 'text/html', cookie };
      const resumed = await stamp.ask({ url: '/adfs/oauth2/deviceauth/x', headers });
      const sent = await stamp.post('/adfs/oauth2/deviceauth', { user_code: 'x' }, headers);
      assert.deepEqual([resumed.statusCode, sent.statusCode], [400, 400]);
      assert.match(wordsOf(sent), /expired or was finished|Start again/);
    }
    assert.equal((await poll(begun.device_code)).json().error, 'authorization_pending');
    const form = { client_id: PORTAL_CLIENT, scope: 'openid' };
    const portal = await stamp.post('/adfs/oauth2/devicecode', form);
    assert.equal(portal.statusCode, 400);
  });

  it('begins at one server, goes on at another, and ends at the first', async () => {
    const app = buildApp({ log: silentLog, clock: stamp.clock });
    const options = { database: stamp.test.database, clock: stamp.clock, log: silentLog };
    (await createAuthority(options)).addRoutes(app);
    const ask = (asked: InjectOptions) =>
      app.inject({ ...asked, headers: { ...asked.headers, host: 'localhost:9443' } });
    const begun = await begin();
    const elsewhere = createBrowser({ ask });
    const page = await elsewhere.open(begun.verification_uri_complete);
    const signIn = await elsewhere.submit(await elsewhere.submit(page, {}), {});
    const done = await elsewhere.signIn(signIn, 'ann@example.org', PASSWORD);
    assert.match(wordsOf(done), /You are signed in/);
    const { access_token: token } = (await poll(begun.device_code)).json();
    const { kid } = decodeProtectedHeader(token);
    const published = (await ask({ url: '/adfs/discovery/keys' })).json().keys;
    assert.deepEqual(
      published.map((key: { kid: string }) => key.kid),
      [kid],
    );
    await app.close();
  });

  it('slows down who guesses codes', async () => {
    const browser = newBrowser();
    let page = await browser.open('/adfs/oauth2/deviceauth');
    for (let guess = 0; guess < 11; guess++) {
      page = await browser.submit(page, { user_code: 'BBBB-BBBB' });
      assert.match(wordsOf(page), /not known/);
      if (guess >= 9) stamp.clock.advance(5_000);
    }
    page = await browser.submit(page, { user_code: 'BBBB-BBBB' });
    assert.match(wordsOf(page), /not known/);
    const refused = await browser.submit(page, { user_code: 'BBBB-BBBB' });
    assert.equal(refused.statusCode, 429);
    assert.match(String(refused.headers['retry-after']), /^\d+$/);
  });

  it('looks at ten of many codes that come at once', async () => {
    stamp.clock.advance(3_700_000);
    const browser = newBrowser();
    const page = await browser.open('/adfs/oauth2/deviceauth');
    const replies = await Promise.all(
      Array.from({ length: 40 }, () => browser.submit(page, { user_code: 'BBBB-BBBB' })),
    );
    const looked = replies.filter(({ statusCode }) => statusCode !== 429);
    assert.equal(looked.length, 10);
    stamp.clock.advance(3_700_000);
    const { user_code } = await begin();
    for (let times = 0; times < 15; times++) {
      const form = await browser.open('/adfs/oauth2/deviceauth');
      assert.equal((await browser.submit(form, { user_code })).statusCode, 200);
    }
  });

  it('lets one address begin a thousand an hour, and then asks it to wait', async () => {
    const form = { client_id: AZURE_CLI_CLIENT, scope: 'openid' };
    let refused = await stamp.post('/adfs/oauth2/devicecode', form);
    for (let begun = 1; begun <= 1_000 && refused.statusCode !== 429; begun++) {
      refused = await stamp.post('/adfs/oauth2/devicecode', form);
    }
    assert.equal(refused.statusCode, 429);
    assert.equal(refused.json().error, 'temporarily_unavailable');
    assert.match(String(refused.headers['retry-after']), /^\d+$/);
    const page = await stamp.ask({ url: `/adfs/oauth2/authorize?client_id=${PORTAL_CLIENT}` });
    assert.equal(page.statusCode, 429);
    stamp.clock.advance(3_600_000);
    assert.equal((await stamp.post('/adfs/oauth2/devicecode', form)).statusCode, 200);
  });
});
