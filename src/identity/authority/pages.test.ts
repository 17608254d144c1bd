import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { before, describe, it } from 'node:test';
import type { LightMyRequestResponse } from 'fastify';
import { AZURE_CLI_CLIENT } from './clients.ts';
import { HOME_TENANT, ORIGIN, PASSWORD, withTestAuthority } from './test-authority.ts';
import { createBrowser, wordsOf } from './test-browser.ts';

const AUTHORIZE = `/adfs/oauth2/authorize?${new URLSearchParams({
  client_id: AZURE_CLI_CLIENT,
  response_type: 'code',
  redirect_uri: 'http://localhost:8400',
  scope: 'openid',
  code_challenge: 'x'.repeat(43),
  code_challenge_method: 'S256',
}).toString()}`;

describe('pages', () => {
  const stamp = withTestAuthority();
  before(() => stamp.addUser());

  async function everyPage(): Promise<Record<string, LightMyRequestResponse>> {
    const browser = createBrowser(stamp);
    const signIn = await browser.open(AUTHORIZE);
    const wrong = await browser.signIn(signIn, '<b>"\'&', 'wrong');
    const device = await browser.open('/adfs/oauth2/deviceauth');
    const unknown = await browser.submit(device, { user_code: 'B"><script>' });
    const { user_code: code } = (
      await stamp.post('/adfs/oauth2/devicecode', { client_id: AZURE_CLI_CLIENT, scope: 'openid' })
    ).json();
    const confirm = await browser.submit(device, { user_code: code, xsrf: xsrfOf(unknown) });
    const done = await browser.signIn(
      await browser.submit(confirm, {}),
      'ann@example.org',
      PASSWORD,
    );
    const signOut = await browser.open('/adfs/oauth2/logout');
    const signedOut = await browser.submit(signOut, { logout: 'yes' });
    const error = await browser.open('/adfs/oauth2/authorize?client_id=<script>');
    const tenant = await browser.open(`/adfs/stackmeter/nowhere/oauth2/authorize`);
    return { signIn, wrong, device, unknown, confirm, done, signOut, signedOut, error, tenant };
  }
  const xsrfOf = (page: LightMyRequestResponse): string =>
    /name="xsrf" value="([^"]+)"/.exec(page.body)?.[1] ?? '';

  it('hold no script, load nothing, and cannot be framed', async () => {
    for (const [name, page] of Object.entries(await everyPage())) {
      const policy = String(page.headers['content-security-policy']);
      assert.match(policy, /^default-src 'none'; /, name);
      assert.match(policy, /frame-ancestors 'none'/, name);
      assert.doesNotMatch(policy, /unsafe|script-src|\*/, name);
      const style = /<style>([\s\S]*)<\/style>/.exec(page.body)?.[1] ?? '';
      assert.ok(policy.includes(`'sha256-${hash('sha256', style, 'base64')}'`), name);
      assert.doesNotMatch(
        page.body,
        /<script|<img|<link|\son\w+=|style="|https?:\/\/(?!localhost:9443)/i,
        name,
      );
      assert.equal(page.headers['cache-control'], 'no-store', name);
      assert.equal(page.headers['x-frame-options'], 'DENY', name);
      assert.equal(page.headers['referrer-policy'], 'no-referrer', name);
      assert.ok(page.headers['x-ms-request-id'], name);
    }
  });

  it('can be used without seeing them: language, title, labels, told problems', async () => {
    for (const [name, page] of Object.entries(await everyPage())) {
      assert.match(page.body, /^<!doctype html>\s*<html lang="en">/, name);
      assert.match(page.body, /<meta name="viewport" content="width=device-width/, name);
      assert.equal([...page.body.matchAll(/<h1>/g)].length, 1, name);
      for (const [input] of page.body.matchAll(/<input\b[^>]*>/g)) {
        const id = /\bid="([^"]+)"/.exec(input)?.[1];
        const isHidden = input.includes('type="hidden"');
        assert.ok(isHidden || page.body.includes(`<label for="${id}">`), `${name}: ${input}`);
      }
      const ids = [...page.body.matchAll(/\bid="([^"]+)"/g)].map(([, id]) => id);
      assert.equal(new Set(ids).size, ids.length, name);
    }
    const { wrong } = await everyPage();
    assert.match(
      wrong?.body ?? '',
      /role="alert" id="problem">User name and password do not match/,
    );
    assert.match(wrong?.body ?? '', /value="&lt;b&gt;&quot;&#39;&amp;"/);
  });

  it('can be read: text stands out from what is behind it, by day and by night', async () => {
    const { signIn } = await everyPage();
    const themes = [...(signIn?.body ?? '').matchAll(/:root\{([^}]+)\}/g)];
    assert.equal(themes.length, 2);
    const pairs = [
      ['text', 'card'],
      ['text', 'back'],
      ['soft', 'card'],
      ['main', 'card'],
      ['main', 'back'],
      ['on', 'main'],
      ['bad', 'badback'],
    ] as const;
    for (const [, rules = ''] of themes) {
      const colour = (name: string) => new RegExp(`--${name}:#([0-9a-f]+)`).exec(rules)?.[1] ?? '';
      for (const [front, back] of pairs) {
        const ratio = contrast(colour(front), colour(back));
        assert.ok(ratio >= 4.5, `${front} on ${back}: ${ratio}`);
      }
      assert.ok(contrast(colour('line'), colour('card')) >= 3);
    }
  });

  it('let the browser go where the sign-in leads, and nowhere else', async () => {
    const { signIn, device } = await everyPage();
    assert.match(
      String(signIn?.headers['content-security-policy']),
      /form-action 'self' http:\/\/localhost:8400;/,
    );
    assert.match(String(device?.headers['content-security-policy']), /form-action 'self';/);
  });

  it('are in French for who asks for it: the browser, the client, or the person', async () => {
    const browser = createBrowser(stamp);
    const accepted = await browser.open(AUTHORIZE, {
      'accept-language': 'de, fr-CA;q=0.9, en;q=0.1',
    });
    assert.match(accepted.body, /<html lang="fr">/);
    assert.match(wordsOf(accepted), /Connexion pour continuer vers Azure CLI/);
    const wrong = await createBrowser(stamp).open(`${AUTHORIZE}&ui_locales=fr-FR%20en`);
    assert.match(wrong.body, /<html lang="fr">/);

    const chosen = await browser.open('/adfs/oauth2/deviceauth?user_code=BCDF-GHJK&ui_locales=fr');
    assert.match(
      chosen.body,
      /href="\/adfs\/oauth2\/deviceauth\?user_code=BCDF-GHJK&amp;ui_locales=en"/,
    );
    const later = await browser.submit(chosen, {});
    assert.match(wordsOf(later), /Ce code est inconnu/);
    const error = await browser.open('/adfs/oauth2/authorize?client_id=x');
    assert.match(wordsOf(error), /Cela n’a pas fonctionné/);
    const english = await browser.open('/adfs/oauth2/deviceauth?ui_locales=en');
    assert.match(english.body, /<html lang="en">/);
  });

  it('of a directory that is not here are told as such; programs get the error of OAuth', async () => {
    const url = `/adfs/stackmeter/dddddddd-0000-4000-8000-00000000000f/oauth2/authorize`;
    const page = await createBrowser(stamp).open(url);
    assert.deepEqual([page.statusCode, /no such directory/.test(wordsOf(page))], [404, true]);
    const program = await stamp.ask({ url });
    assert.deepEqual([program.statusCode, program.json().error], [401, 'invalid_client']);
    const token = await stamp.ask({
      method: 'POST',
      url: '/adfs/oauth2/token',
      headers: { accept: 'text/html, */*', 'content-type': 'text/plain' },
      body: 'x',
    });
    assert.deepEqual([token.statusCode, token.json().error], [415, 'invalid_request']);
    const person = await stamp.ask({
      url: '/adfs/oauth2/userinfo',
      headers: { accept: 'text/html, */*', authorization: 'Bearer x' },
    });
    assert.deepEqual([person.statusCode, person.json().error], [401, 'invalid_token']);
    const known = await createBrowser(stamp).open(`/adfs/stackmeter/${HOME_TENANT}/oauth2/logout`);
    assert.equal(known.statusCode, 200);
  });

  it('never repeat a foreign host', async () => {
    const headers = { host: 'evil.example', accept: 'text/html' };
    const page = await stamp.ask({ url: '/adfs/oauth2/deviceauth', headers });
    assert.doesNotMatch(page.body + JSON.stringify(page.headers), /evil/);
    const own = await stamp.ask({
      url: '/adfs/oauth2/deviceauth',
      headers: { accept: 'text/html' },
    });
    assert.ok(own.body.includes(`action="${ORIGIN}/adfs/oauth2/deviceauth"`));
  });

  it('slow down who guesses passwords, whatever the name, and let the owner in again', async () => {
    const attempt = async (name: string, password: string) => {
      const browser = createBrowser(stamp);
      return browser.signIn(await browser.open(AUTHORIZE), name, password);
    };
    stamp.clock.advance(3_700_000);
    for (let guess = 0; guess < 10; guess++) {
      assert.equal((await attempt('nobody@example.org', `guess ${guess}`)).statusCode, 400);
    }
    const eleventh = await attempt('nobody@example.org', 'guess');
    assert.equal(eleventh.statusCode, 429);
    assert.match(wordsOf(eleventh), /Try again in 1 second\./);
    stamp.clock.advance(1_001);
    const back = await attempt('ann@example.org', PASSWORD);
    assert.match(back.headers.location ?? '', /code=/);
  });
});

/** Contrast of two colours as WCAG 2 counts it. */
function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].toSorted((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
}

function luminance(colour: string): number {
  const digits = colour.length === 3 ? colour.replace(/./g, '$&$&') : colour;
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
    const share = Number.parseInt(digits.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
