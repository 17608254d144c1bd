import assert from 'node:assert/strict';
import { hash, randomBytes } from 'node:crypto';
import { before, describe, it } from 'node:test';
import { decodeJwt } from 'jose';
import { disablePrincipal, enablePrincipal } from '../principal-store.ts';
import type { PrincipalId } from '../../kernel/index.ts';
import { AZURE_CLI_CLIENT, PORTAL_CLIENT } from './clients.ts';
import {
  HOME_TENANT,
  ORIGIN,
  OTHER_TENANT,
  PASSWORD,
  withTestAuthority,
} from './test-authority.ts';
import { createBrowser, wordsOf, type TestBrowser } from './test-browser.ts';
import { setPassword } from './user-store.ts';

const SCOPE = `${ORIGIN}/.default offline_access openid profile`;
const LOOPBACK = 'http://localhost:8400';

describe('signing in', () => {
  const stamp = withTestAuthority();
  const newBrowser = (): TestBrowser => createBrowser(stamp);
  let ann: PrincipalId;

  before(async () => {
    ann = await stamp.addUser();
    await stamp.addUser({ userName: 'bob@example.org', name: 'Bob', tenantId: OTHER_TENANT });
  });

  const pkce = () => {
    const verifier = randomBytes(32).toString('base64url');
    return { verifier, challenge: hash('sha256', verifier, 'base64url') };
  };
  const authorizeUrl = (challenge: string, more: Record<string, string> = {}, at = '/adfs') => {
    const query = new URLSearchParams({
      client_id: AZURE_CLI_CLIENT,
      response_type: 'code',
      redirect_uri: LOOPBACK,
      scope: SCOPE,
      state: 'the state',
      code_challenge: challenge,
      code_challenge_method: 'S256',
      ...more,
    });
    return `${at}/oauth2/authorize?${query.toString()}`;
  };
  const redeem = (form: Record<string, string>, at = '/adfs') =>
    stamp.post(`${at}/oauth2/token`, { client_id: AZURE_CLI_CLIENT, ...form });
  const refresh = (refresh_token: string, at = '/adfs', more = {}) =>
    redeem({ grant_type: 'refresh_token', refresh_token, scope: SCOPE, ...more }, at);

  /** Signs Ann in with a code, and redeems it. */
  async function signInWithCode(browser: TestBrowser, at = '/adfs') {
    const { verifier, challenge } = pkce();
    const page = await browser.open(authorizeUrl(challenge, { prompt: 'select_account' }, at));
    assert.equal(page.statusCode, 200, page.body);
    const back = await browser.signIn(page, 'Ann@Example.org', PASSWORD);
    const address = new URL(back.headers.location ?? '');
    assert.equal(address.origin, LOOPBACK);
    assert.equal(address.searchParams.get('state'), 'the state');
    const code = address.searchParams.get('code') ?? '';
    const form = { grant_type: 'authorization_code', code, redirect_uri: LOOPBACK };
    const noise = { claims: '{"access_token":{}}', client_info: '1', 'x-client-SKU': 'MSAL' };
    return { verifier, form: { ...form, scope: SCOPE, ...noise }, code };
  }

  it('with a code gives tokens that name the person', async () => {
    const { verifier, form } = await signInWithCode(newBrowser());
    const wrong = await redeem({ ...form, code_verifier: 'x'.repeat(43) });
    assert.deepEqual([wrong.statusCode, wrong.json().error], [400, 'invalid_grant']);
    const reply = await redeem({ ...form, code_verifier: verifier });
    assert.equal(reply.statusCode, 200, reply.body);
    const tokens = reply.json();
    assert.equal(tokens.expires_in, 3600);
    assert.equal(tokens.scope, undefined);
    assert.deepEqual(JSON.parse(Buffer.from(tokens.client_info, 'base64url').toString()), {
      uid: ann,
      utid: HOME_TENANT,
    });
    assert.partialDeepStrictEqual(decodeJwt(tokens.access_token), {
      iss: `${ORIGIN}/adfs`,
      aud: ORIGIN,
      sub: ann,
      oid: ann,
      appid: AZURE_CLI_CLIENT,
      tid: HOME_TENANT,
      idtyp: 'user',
      upn: 'ann@example.org',
      name: 'Ann Example',
    });
    assert.partialDeepStrictEqual(decodeJwt(tokens.id_token), {
      aud: AZURE_CLI_CLIENT,
      sub: ann,
      oid: ann,
      tid: HOME_TENANT,
      preferred_username: 'ann@example.org',
      upn: 'ann@example.org',
    });
    const again = await redeem({ ...form, code_verifier: verifier });
    assert.equal(again.json().error, 'invalid_grant');
    assert.equal((await refresh(tokens.refresh_token)).json().error, 'invalid_grant');
  });

  it('needs PKCE, a registered address and a known client', async () => {
    const browser = newBrowser();
    const { challenge } = pkce();
    const plain = await browser.open(authorizeUrl(challenge, { code_challenge_method: 'plain' }));
    assert.match(plain.headers.location ?? '', /error=invalid_request/);
    const without = authorizeUrl(challenge).replace(/&code_challenge.*$/, '');
    assert.match((await browser.open(without)).headers.location ?? '', /PKCE/);
    for (const [more, error] of [
      [{ redirect_uri: 'https://evil.example/' }, 'invalid_redirect_uri'],
      [{ redirect_uri: 'http://localhost.evil.example:1/' }, 'invalid_redirect_uri'],
      [{ client_id: PORTAL_CLIENT }, 'invalid_redirect_uri'],
      [{ client_id: 'ffffffff-0000-4000-8000-000000000001' }, 'invalid_client'],
    ] as const) {
      const reply = await browser.open(authorizeUrl(challenge, more));
      assert.equal(reply.statusCode, 400);
      assert.equal(reply.headers.location, undefined);
      assert.ok(wordsOf(reply).includes(error), wordsOf(reply));
    }
  });

  it('refuses an audience that is not ours, at the client', async () => {
    const url = authorizeUrl(pkce().challenge, { scope: 'openid https://evil.example/.default' });
    const reply = await newBrowser().open(url);
    assert.match(reply.headers.location ?? '', /error=invalid_target/);
  });

  it('is remembered by the browser for a while, and asked anew for select_account', async () => {
    const browser = newBrowser();
    await signInWithCode(browser);
    const silent = await browser.open(authorizeUrl(pkce().challenge, { prompt: 'none' }));
    assert.match(silent.headers.location ?? '', /code=/);
    const stranger = await newBrowser().open(authorizeUrl(pkce().challenge, { prompt: 'none' }));
    assert.match(stranger.headers.location ?? '', /error=login_required/);
    const asked = await browser.open(authorizeUrl(pkce().challenge, { prompt: 'select_account' }));
    assert.match(wordsOf(asked), /Sign in/);
  });

  it('shows no difference between an unknown name, a wrong password and a foreign tenant', async () => {
    const at = `/adfs/stackmeter/${HOME_TENANT}`;
    const tries = [
      ['nobody@example.org', PASSWORD],
      ['ann@example.org', 'wrong'],
      ['bob@example.org', PASSWORD],
      ['', ''],
    ] as const;
    const pages = [];
    for (const [name, password] of tries) {
      const browser = newBrowser();
      const page = await browser.open(authorizeUrl(pkce().challenge, {}, at));
      const refused = await browser.signIn(page, name, password);
      pages.push(`${refused.statusCode} ${wordsOf(refused)}`);
    }
    assert.equal(new Set(pages).size, 1);
    assert.match(pages[0] ?? '', /^400 .*do not match/);
  });

  it('lets another person go on in a session that is not of the tenant', async () => {
    const browser = newBrowser();
    await signInWithCode(browser);
    const { challenge } = pkce();
    const at = `/adfs/stackmeter/${OTHER_TENANT}`;
    const page = await browser.open(authorizeUrl(challenge, {}, at));
    assert.match(wordsOf(page), /Sign in/);
    const back = await browser.signIn(page, 'bob@example.org', PASSWORD);
    assert.match(back.headers.location ?? '', /code=/);
    const silent = await browser.open(authorizeUrl(challenge, { prompt: 'none' }, at));
    assert.match(silent.headers.location ?? '', /code=/);
  });

  it('can be cancelled, which the client is told', async () => {
    const browser = newBrowser();
    const page = await browser.open(authorizeUrl(pkce().challenge));
    const back = await browser.submit(page, { cancel: 'yes' });
    assert.match(back.headers.location ?? '', /^http:\/\/localhost:8400\/?\?error=access_denied/);
  });

  it('goes on in the browser that began it only', async () => {
    const page = await newBrowser().open(authorizeUrl(pkce().challenge));
    const stolen = await newBrowser().signIn(page, 'ann@example.org', PASSWORD);
    assert.equal(stolen.statusCode, 400);
    assert.match(wordsOf(stolen), /expired or was finished/);
  });

  it('is over after signing out', async () => {
    const browser = newBrowser();
    await signInWithCode(browser);
    const asked = await browser.open('/adfs/oauth2/logout');
    assert.match(wordsOf(asked), /Do you want to sign out/);
    const done = await browser.submit(asked, { logout: 'yes' });
    assert.match(wordsOf(done), /You are signed out/);
    const silent = await browser.open(authorizeUrl(pkce().challenge, { prompt: 'none' }));
    assert.match(silent.headers.location ?? '', /error=login_required/);
    const twice = await browser.open('/adfs/oauth2/logout');
    assert.match(wordsOf(twice), /Do you want to sign out/);
    assert.doesNotMatch(twice.body, /<script/);
  });

  it('gives refresh tokens that are rotated, and revoked when an old one comes late', async () => {
    const { verifier, form } = await signInWithCode(newBrowser());
    const first = (await redeem({ ...form, code_verifier: verifier })).json();
    const second = await refresh(first.refresh_token);
    assert.equal(second.statusCode, 200, second.body);
    assert.notEqual(second.json().refresh_token, first.refresh_token);
    assert.ok(second.json().id_token);
    assert.equal((await refresh(first.refresh_token)).statusCode, 200);
    stamp.clock.advance(40_000);
    // Used again within the minute, which does not begin anew.
    assert.equal((await refresh(first.refresh_token)).statusCode, 200);
    stamp.clock.advance(21_000);
    assert.equal((await refresh(first.refresh_token)).json().error, 'invalid_grant');
    assert.equal((await refresh(second.json().refresh_token)).json().error, 'invalid_grant');
  });

  it('ends at once when a client gives its refresh token back, and at no wish of another', async () => {
    const { verifier, form } = await signInWithCode(newBrowser());
    const { refresh_token: token } = (await redeem({ ...form, code_verifier: verifier })).json();
    const revoke = (client_id: string, url = '/adfs/oauth2/revoke') =>
      stamp.post(url, { token, client_id, token_type_hint: 'refresh_token' });
    assert.equal((await revoke(PORTAL_CLIENT)).statusCode, 200);
    const next = await refresh(token);
    assert.equal(next.statusCode, 200, next.body);
    assert.equal((await revoke(AZURE_CLI_CLIENT)).statusCode, 200);
    assert.equal((await revoke(AZURE_CLI_CLIENT)).statusCode, 200);
    // What it was rotated to is of the same sign-in.
    assert.equal((await refresh(next.json().refresh_token)).json().error, 'invalid_grant');
    const { revocation_endpoint: told } = (
      await stamp.ask({ url: '/adfs/.well-known/openid-configuration' })
    ).json();
    assert.equal(told, `${ORIGIN}/adfs/oauth2/revoke`);
  });

  it('lets refresh tokens be used at every address and for every audience of ours', async () => {
    const { verifier, form } = await signInWithCode(newBrowser());
    let token = (await redeem({ ...form, code_verifier: verifier })).json().refresh_token;
    for (const at of [`/adfs/stackmeter/${HOME_TENANT}`, '/adfs/organizations']) {
      for (const audience of [ORIGIN, `${ORIGIN}/`, 'https://management.azure.com']) {
        const reply = await refresh(token, at, { scope: `openid ${audience}/.default` });
        assert.equal(reply.statusCode, 200, reply.body);
        token = reply.json().refresh_token;
        const { aud, iss } = decodeJwt(reply.json().access_token);
        assert.deepEqual([aud, iss], [audience, `${ORIGIN}${at}`]);
      }
    }
    const foreign = await refresh(token, `/adfs/stackmeter/${OTHER_TENANT}`);
    assert.deepEqual([foreign.statusCode, foreign.json().error], [400, 'invalid_grant']);
    const other = await refresh(token, '/adfs', { scope: 'https://evil.example/.default' });
    assert.equal(other.json().error, 'invalid_scope');
  });

  it('ends with the account: disabled, or another password', async () => {
    const { pool } = stamp.test.database;
    const { verifier, form } = await signInWithCode(newBrowser());
    const { refresh_token: token } = (await redeem({ ...form, code_verifier: verifier })).json();
    await disablePrincipal(pool, ann, stamp.changing);
    assert.equal((await refresh(token)).json().error, 'invalid_grant');
    const browser = newBrowser();
    const page = await browser.open(authorizeUrl(pkce().challenge));
    const refused = await browser.signIn(page, 'ann@example.org', PASSWORD);
    assert.match(wordsOf(refused), /do not match/);
    await enablePrincipal(pool, ann, stamp.changing);
    assert.equal((await refresh(token)).json().error, 'invalid_grant');
    const signedIn = newBrowser();
    const again = await signInWithCode(signedIn);
    const fresh = (await redeem({ ...again.form, code_verifier: again.verifier })).json();
    assert.equal(await setPassword(pool, ann, PASSWORD, stamp.changing), true);
    assert.equal((await refresh(fresh.refresh_token)).json().error, 'invalid_grant');
    const silent = await signedIn.open(authorizeUrl(pkce().challenge, { prompt: 'none' }));
    assert.match(silent.headers.location ?? '', /error=login_required/);
  });

  it('tells who signed in at userinfo, for a token without an audience', async () => {
    const browser = newBrowser();
    const { verifier, challenge } = pkce();
    const page = await browser.open(authorizeUrl(challenge, { scope: 'openid' }));
    const back = await browser.signIn(page, 'ann@example.org', PASSWORD);
    const code = new URL(back.headers.location ?? '').searchParams.get('code') ?? '';
    const form = { grant_type: 'authorization_code', code, redirect_uri: LOOPBACK };
    const { access_token: token } = (await redeem({ ...form, code_verifier: verifier })).json();
    const headers = { authorization: `Bearer ${token}` };
    const told = await stamp.ask({ url: '/adfs/oauth2/userinfo', headers });
    assert.partialDeepStrictEqual(told.json(), { sub: ann, upn: 'ann@example.org' });
    assert.equal((await stamp.ask({ url: '/adfs/oauth2/userinfo' })).statusCode, 401);
  });

  it('of the portal goes back to the portal', async () => {
    const redirect_uri = `${ORIGIN}/portal/callback`;
    const browser = newBrowser();
    const url = authorizeUrl(pkce().challenge, { client_id: PORTAL_CLIENT, redirect_uri });
    const page = await browser.open(url);
    const back = await browser.signIn(page, 'ann@example.org', PASSWORD);
    assert.ok(back.headers.location?.startsWith(`${redirect_uri}?code=`));
  });
});
