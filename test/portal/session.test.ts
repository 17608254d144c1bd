import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { withStage, withStageDatabase } from '../support/stage.ts';
import { signIn, withBrowser } from './browser.ts';

const KEY = 'stackmeter.tokens';

/** What a tab remembers of its tokens. */
interface Remembered {
  readonly access: string;
  readonly refresh: string;
}

async function tokensOf(page: Page): Promise<Remembered | undefined> {
  return page.evaluate<Remembered | undefined>(
    `JSON.parse(sessionStorage.getItem('${KEY}') ?? 'null') ?? undefined`,
  );
}

/** As if the hour of the token were over: the next request renews it. */
async function age(page: Page): Promise<void> {
  await page.evaluate(
    `sessionStorage.setItem('${KEY}', JSON.stringify({ ...JSON.parse(sessionStorage.getItem('${KEY}')), expiresAt: 0 }))`,
  );
}

async function isSignedIn(page: Page): Promise<void> {
  await page.locator('main h1').first().waitFor();
  await page.locator('main data').first().waitFor();
  assert.equal(new URL(page.url()).pathname, '/portal/');
}

describe('a session', () => {
  const browser = withBrowser();
  const test = withStageDatabase();
  describe('on a server', () => {
    const stage = withStage(test);

    it('of a tab that was duplicated is one of its own, so that both go on', async () => {
      const page = await browser.open();
      await signIn(page, stage.portal, stage.person('owner'));
      await isSignedIn(page);
      // As a browser duplicates it: with what the tab remembers, in the same browser.
      const copied = await page.evaluate<string>('JSON.stringify({ ...sessionStorage })');
      const copy = await page.context().newPage();
      await copy.addInitScript(
        `if (sessionStorage.length === 0) Object.assign(sessionStorage, ${copied});`,
      );
      await copy.goto(stage.portal);
      await isSignedIn(copy);
      assert.notEqual((await tokensOf(copy))?.refresh, (await tokensOf(page))?.refresh);
      for (const tab of [page, copy, page, copy]) {
        await age(tab);
        await tab.reload();
        await isSignedIn(tab);
        // The minute in which an older token is taken once more is over.
        await stage.server.database.pool.query(
          `update authority_artifact set consumed_at = consumed_at - interval '2 minutes'`,
        );
      }
    });

    it('goes on when it is renewed while the authority has no time', async () => {
      const page = await browser.open();
      await signIn(page, stage.portal, stage.person('owner'));
      await isSignedIn(page);
      let refused = 0;
      await page.route(/\/oauth2\/(?:v2\.0\/)?token$/, async (route) => {
        if (refused++ > 0) return route.continue();
        return route.fulfill({
          status: 429,
          headers: { 'retry-after': '1', 'content-type': 'application/json' },
          body: '{"error":"temporarily_unavailable"}',
        });
      });
      await age(page);
      const before = (await tokensOf(page))?.access;
      await page.reload();
      await isSignedIn(page);
      assert.equal(refused, 2);
      assert.notEqual((await tokensOf(page))?.access, before);
    });

    it('that was ended is over at the authority too', async () => {
      const page = await browser.open();
      await signIn(page, stage.portal, stage.person('owner'));
      await isSignedIn(page);
      const kept = await tokensOf(page);
      assert.ok(kept);
      const { clientId, endpoint } = await page.evaluate<{ clientId: string; endpoint: string }>(
        `(async () => {
          const { issuer, clientId } = await (await fetch('/portal/configuration.json')).json();
          const authority = await (await fetch(issuer + '/.well-known/openid-configuration')).json();
          return { clientId, endpoint: authority.token_endpoint };
        })()`,
      );
      await page.getByRole('button', { name: 'Account and sign out' }).click();
      const revoked = page.waitForResponse(/\/revoke$/);
      await page.getByRole('menuitem', { name: 'Sign out' }).click();
      assert.equal((await revoked).status(), 200);
      const answer = await page.context().request.post(endpoint, {
        form: {
          grant_type: 'refresh_token',
          client_id: clientId,
          refresh_token: kept.refresh,
        },
      });
      assert.deepEqual([answer.status(), (await answer.json()).error], [400, 'invalid_grant']);
    });
  });
});
