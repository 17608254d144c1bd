import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import type { PrincipalId } from '../../kernel/index.ts';
import { createLog, type Queryable } from '../../platform/index.ts';
import { disablePrincipal, enablePrincipal } from '../principal-store.ts';
import { AZURE_CLI_CLIENT } from './clients.ts';
import { ORIGIN, PASSWORD, withTestAuthority } from './test-authority.ts';
import { createBrowser, wordsOf, type TestBrowser } from './test-browser.ts';
import { setPassword } from './user-store.ts';

const authorizeUrl = (more: Record<string, string> = {}): string =>
  `/adfs/oauth2/authorize?${new URLSearchParams({
    client_id: AZURE_CLI_CLIENT,
    response_type: 'code',
    redirect_uri: 'http://localhost:8400',
    scope: `${ORIGIN}/.default openid`,
    code_challenge: 'x'.repeat(43),
    code_challenge_method: 'S256',
    ...more,
  }).toString()}`;

/** Waits until a statement waits for a lock. */
async function untilLocked(db: Queryable): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const { rows } = await db.query(
      "select from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()",
    );
    if (rows.length > 0) return;
    await setTimeout(25);
  }
  assert.fail('no statement waited for a lock');
}

describe('a sign-in that has begun', () => {
  const lines: string[] = [];
  const log = createLog({}, { write: (line) => void lines.push(line) });
  const stamp = withTestAuthority({ log });
  const newBrowser = (): TestBrowser => createBrowser(stamp);
  let ann: PrincipalId;

  before(async () => {
    ann = await stamp.addUser();
    await stamp.addUser({ userName: 'bob@example.org', name: 'Bob' });
  });

  it('ends when the person is disabled, also when they are let in again', async () => {
    const { pool } = stamp.test.database;
    const browser = newBrowser();
    const page = await browser.open(authorizeUrl());
    const onward = await browser.signIn(page, 'ann@example.org', PASSWORD, { follow: false });
    await disablePrincipal(pool, ann, stamp.changing);
    await enablePrincipal(pool, ann, stamp.changing);
    const late = await browser.open(onward.headers.location ?? '');
    assert.deepEqual([late.statusCode, late.headers.location], [400, undefined]);
  });

  it('ends with the password, before and while it is looked at', async () => {
    const { pool } = stamp.test.database;
    const browser = newBrowser();
    const page = await browser.open(authorizeUrl());
    const onward = await browser.signIn(page, 'ann@example.org', PASSWORD, { follow: false });
    assert.equal(onward.statusCode, 303);
    await setPassword(pool, ann, PASSWORD, stamp.changing);
    const late = await browser.open(onward.headers.location ?? '');
    assert.deepEqual([late.statusCode, late.headers.location], [400, undefined]);
    assert.match(wordsOf(late), /expired or was finished/);

    const other = newBrowser();
    const form = await other.open(authorizeUrl());
    const racing = await stamp.test.database.transaction(async (tx) => {
      await setPassword(tx, ann, PASSWORD, stamp.changing);
      // Compared with the old password, which counts until this is committed.
      const answer = other.signIn(form, 'ann@example.org', PASSWORD, { follow: false });
      await untilLocked(stamp.test.database.pool);
      return { answer };
    });
    const after = await racing.answer;
    assert.deepEqual([after.statusCode, after.headers.location], [400, undefined]);
    assert.match(wordsOf(after), /expired or was finished/);
  });

  it('of each of two people in two tabs goes on, without a page that sends itself', async () => {
    const browser = newBrowser();
    const [one, two, three] = [
      await browser.open(authorizeUrl()),
      await browser.open(authorizeUrl()),
      await browser.open(authorizeUrl()),
    ];
    const isDone = /^http:\/\/localhost:8400\/?\?code=/;
    const first = await browser.signIn(one, 'ann@example.org', PASSWORD);
    assert.match(first.headers.location ?? '', isDone);
    const second = await browser.signIn(two, 'bob@example.org', PASSWORD);
    assert.match(second.headers.location ?? '', isDone);

    // Ann's is answered, and Bob signs in once more before her browser goes on.
    const onward = await browser.signIn(three, 'ann@example.org', PASSWORD, { follow: false });
    const four = await browser.open(authorizeUrl({ prompt: 'login' }));
    await browser.signIn(four, 'bob@example.org', PASSWORD);
    const asked = await browser.open(onward.headers.location ?? '');
    assert.match(wordsOf(asked), /Somebody else is signed in/);
    assert.doesNotMatch(asked.body, /<script|onload/);
    assert.match(
      String(asked.headers['content-security-policy']),
      /form-action 'self' http:\/\/localhost:8400;/,
    );
    const done = await browser.submit(asked, { logout: 'yes' });
    assert.match(done.headers.location ?? '', isDone);
  });

  it('refuses texts that are too long, and the character that no database keeps', async () => {
    const browser = newBrowser();
    for (const more of [
      { login_hint: 'x'.repeat(2_049) },
      { nonce: 'a\0b' },
      { login_hint: '\0' },
      { scope: `openid ${ORIGIN}/${'x'.repeat(2_049)}/.default` },
    ]) {
      const reply = await browser.open(authorizeUrl(more));
      assert.deepEqual([reply.statusCode, reply.headers.location], [400, undefined]);
      const device = { client_id: AZURE_CLI_CLIENT, scope: 'openid', ...more };
      const begun = await stamp.post('/adfs/oauth2/devicecode', device);
      assert.deepEqual([begun.statusCode, begun.json().error], [400, 'invalid_request']);
    }
    const page = await browser.open(authorizeUrl({ login_hint: 'x'.repeat(2_048) }));
    assert.equal(page.statusCode, 200);
    assert.equal((await browser.signIn(page, 'a\0b', 'x')).statusCode, 400);
    const signOut = await browser.open(`/adfs/oauth2/logout?state=${'x'.repeat(2_049)}`);
    assert.equal(signOut.statusCode, 400);
  });

  it('of a device goes on too, once the other person is signed out', async () => {
    const form = { client_id: AZURE_CLI_CLIENT, scope: 'openid' };
    const device = (await stamp.post('/adfs/oauth2/devicecode', form)).json();
    const browser = newBrowser();
    const code = await browser.open(device.verification_uri_complete);
    const page = await browser.submit(await browser.submit(code, {}), {});
    const bobs = await browser.open(authorizeUrl());
    const onward = await browser.signIn(page, 'ann@example.org', PASSWORD, { follow: false });
    await browser.signIn(bobs, 'bob@example.org', PASSWORD);
    const asked = await browser.open(onward.headers.location ?? '');
    assert.match(wordsOf(asked), /Somebody else is signed in/);
    assert.match(wordsOf(await browser.submit(asked, { logout: 'yes' })), /You are signed in/);
  });

  it('is not named in the log of requests', async () => {
    const browser = newBrowser();
    const page = await browser.open(authorizeUrl());
    const uid = /\/signin\/([\w-]+)"/.exec(page.body)?.[1] ?? '';
    assert.ok(uid.length > 10);
    await browser.signIn(page, 'ann@example.org', PASSWORD);
    const answered = lines.filter((line) => line.includes('request answered'));
    for (const route of ['/signin/:uid', '/authorize/:uid']) {
      assert.ok(answered.some((line) => line.includes(`"path":"/adfs/oauth2${route}"`)));
    }
    assert.ok(answered.some((line) => line.includes('"path":"/adfs/oauth2/authorize"')));
    assert.doesNotMatch(lines.join(''), new RegExp(uid));
  });
});
