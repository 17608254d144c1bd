import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { withStage, withStageDatabase } from '../support/stage.ts';
import { unseenFocus, violations } from './accessibility.ts';
import { follow, followRequests, withBrowser, withSignedIn, type Requests } from './browser.ts';

/** Pages with a dialog, and the button that opens it. */
const DIALOGS = [
  ['webhooks', /add an endpoint/i],
  ['payment-entry', /book a payment/i],
  ['tax-rates', /enter a/i],
  ['exchange-rates', /enter a/i],
  ['windows', /verify windows/i],
  ['bridge', /replace the key/i],
] as const;

/** What has the focus, by its name or its text. */
const FOCUSED = `(() => {
  const element = document.activeElement;
  return element === document.body ? '' : (element.getAttribute('aria-label') ?? element.textContent.trim());
})()`;

describe('without a pointer', () => {
  const browser = withBrowser();
  const test = withStageDatabase();
  describe('on a server', () => {
    const stage = withStage(test);
    const signedIn = withSignedIn(browser, stage);
    let page: Page;
    let requests: Requests;
    before(async () => {
      page = await browser.open({ session: await signedIn('operator') });
      requests = followRequests(page);
      await page.goto(stage.portal);
      await requests.settled();
    });
    const go = async (path: string): Promise<void> => {
      await follow(page, `${stage.portal}${path}`);
      await requests.settled();
    };

    it('whoever comes skips to the content first', async () => {
      await page.goto(stage.portal);
      await requests.settled();
      await page.keyboard.press('Tab');
      assert.equal(await page.evaluate(FOCUSED), 'Skip to the content');
      const skip = page.getByText('Skip to the content');
      assert.ok(((await skip.boundingBox())?.y ?? -1) >= 0, 'it is out of sight');
      await page.keyboard.press('Enter');
      assert.equal(await page.evaluate('document.activeElement.id'), 'content');
    });

    it('every page shows what has the focus, and is gone through from its heading to its end', async (context) => {
      const links = await page
        .locator('nav a[href]')
        .evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? ''));
      assert.ok(links.length > 25, `${links.length} pages`);
      for (const link of links) {
        await context.test(link, async () => {
          await follow(page, link);
          await requests.settled();
          await page.locator('main h1').first().focus();
          await checkTabs(page);
          assert.deepEqual(await unseenFocus(page), []);
        });
      }
    });

    it('menus open, are clean, and give the focus back', async () => {
      await go('');
      for (const name of ['Language', 'Theme', 'Account and sign out']) {
        const opener = page.getByRole('button', { name });
        await opener.focus();
        await page.keyboard.press('Enter');
        await page.getByRole('menu').waitFor();
        assert.deepEqual(await violations(page), [], name);
        await page.keyboard.press('Escape');
        await page.getByRole('menu').waitFor({ state: 'detached' });
        await assertFocus(opener, name);
      }
      const accounts = page.getByRole('combobox', { name: 'Billing account' });
      await accounts.focus();
      await page.keyboard.press('ArrowDown');
      await page.getByRole('listbox').waitFor();
      assert.deepEqual(await violations(page), [], 'accounts');
      await page.keyboard.press('Escape');
      await page.getByRole('listbox').waitFor({ state: 'detached' });
      await assertFocus(accounts, 'accounts');
    });

    for (const [path, name] of DIALOGS) {
      it(`the dialog of ${path} opens, is clean, keeps the focus and gives it back`, async () => {
        await go(path);
        const opener = page.locator('main').getByRole('button', { name }).first();
        await opener.focus();
        await page.keyboard.press('Enter');
        const dialog = page.getByRole('alertdialog');
        await dialog.waitFor();
        assert.deepEqual(await violations(page), []);
        for (let stop = 0; stop < 14; stop++) {
          await page.keyboard.press('Tab');
          const isInside = await page.evaluate<boolean>(
            `document.activeElement.closest('[role="alertdialog"]') !== null`,
          );
          assert.ok(isInside, `the focus left the dialog after ${stop + 1} steps`);
        }
        await page.keyboard.press('Escape');
        await dialog.waitFor({ state: 'detached' });
        await assertFocus(opener, path);
      });
    }

    it('another language and high contrast are chosen, and stay', async () => {
      await go('cost');
      await choose(page, 'Theme', 'High contrast');
      await requests.settled();
      assert.deepEqual(await violations(page), []);
      await choose(page, 'Language', 'Français');
      await page.getByRole('heading', { level: 1, name: 'Coûts' }).waitFor();
      assert.deepEqual(await violations(page), []);
      await page.reload();
      await page.getByRole('heading', { level: 1, name: 'Coûts' }).waitFor();
      assert.equal(await page.locator('html').getAttribute('lang'), 'fr');
    });
  });
});

const STEPS = 8;

/** Goes on by the key from what has the focus: each step leads to something else, in the order of the page. */
async function checkTabs(page: Page): Promise<void> {
  await page.evaluate('globalThis.stops = [document.activeElement]');
  for (let step = 1; step <= STEPS; step++) {
    await page.keyboard.press('Tab');
    const is = await page.evaluate<string>(`(() => {
      const element = document.activeElement;
      const last = stops.at(-1);
      // After the last one it begins anew, at the browser's own buttons or at the first link.
      if (element === document.body || element.getAttribute('href') === '#content') return 'end';
      // A date is gone through part by part.
      if (element === last && element.type === 'date') return 'on';
      stops.push(element);
      const isAfter = last.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING;
      return isAfter ? 'on' : 'back to ' + element.outerHTML.slice(0, 120);
    })()`);
    if (is === 'end') return;
    assert.equal(is, 'on', `step ${step}`);
  }
}

async function choose(page: Page, menu: string, item: string): Promise<void> {
  await page.getByRole('button', { name: menu }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitemradio', { name: item }).focus();
  await page.keyboard.press('Enter');
}

async function assertFocus(on: Locator, what: string): Promise<void> {
  const has = await on.evaluate((element) => element.matches(':focus'));
  assert.ok(has, `${what}: the focus is lost`);
}
