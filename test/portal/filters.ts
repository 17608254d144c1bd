import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Stage } from '../support/stage.ts';
import { followRequests, type SignedIn, type TestBrowser } from './browser.ts';

/** Milliseconds from a choice to its figures. A tenth of a second by itself; this machine runs server and tests too. */
const CHANGE_MS = 1500;

/** Notes whether the table was ever away, from now on. */
const WATCH_TABLE = `globalThis.away = 0;
  new MutationObserver(() => {
    if (document.querySelector('main table') === null) globalThis.away++;
  }).observe(document.body, { childList: true, subtree: true })`;

/**
 * Types two texts, one on the other, within one task of the page: its timers cannot end the typing in
 * between, however busy the machine is. What is rendered after a text is rendered in a microtask.
 */
const TYPE_STOR = `(async () => {
  const box = document.querySelector('input[type=search]');
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
  for (const text of ['sto', 'stor']) {
    set.call(box, text);
    box.dispatchEvent(new Event('input', { bubbles: true }));
    for (let turn = 0; turn < 10; turn++) await null;
  }
})()`;

const TOP = `Math.round(document.querySelector('main table').getBoundingClientRect().top)`;

/** A filter is answered soon, with what was there before in its place until then, and without what nobody waits for. */
export async function checkFilters(
  ground: {
    readonly browser: TestBrowser;
    readonly stage: Stage;
    readonly signedIn: SignedIn;
  },
  tell: (text: string) => void,
): Promise<void> {
  const { browser, stage, signedIn } = ground;
  const page = await browser.open({ session: await signedIn('owner') });
  const requests = followRequests(page);
  await page.goto(`${stage.portal}cost`);
  await requests.settled();
  await page.evaluate(WATCH_TABLE);
  const top = await page.evaluate<number>(TOP);
  for (const [value, name] of [
    ['resource', 'Resource'],
    ['service', 'Service'],
  ] as const) {
    const started = performance.now();
    await page.getByLabel('Group by').selectOption(value);
    await page.getByRole('columnheader', { name, exact: true }).waitFor();
    await page.locator('main [aria-busy="true"]').first().waitFor({ state: 'detached' });
    const milliseconds = performance.now() - started;
    tell(`costs by ${value}: ${Math.round(milliseconds)} ms`);
    assert.ok(milliseconds < CHANGE_MS, `${milliseconds} ms`);
    await requests.settled();
    assert.equal(await page.evaluate(TOP), top, 'the table has moved');
  }
  assert.equal(await page.evaluate('globalThis.away'), 0, 'the table was away');
  await checkSuperseded(page);
  await page.context().close();
}

/** What is typed is asked for once; what is asked for no more is given up. */
async function checkSuperseded(page: Page): Promise<void> {
  const asked: string[] = [];
  const givenUp: string[] = [];
  page.on('request', (request) => {
    const { pathname, searchParams } = new URL(request.url());
    if (pathname.endsWith('/cost-analysis')) asked.push(searchParams.get('search') ?? '');
  });
  page.on('requestfailed', (request) => {
    givenUp.push(new URL(request.url()).searchParams.get('search') ?? '');
  });
  await page.route(/cost-analysis\?.*search=stor/, async (route) => {
    await new Promise((resolve) => {
      setTimeout(resolve, 1000);
    });
    await route.continue().catch(() => undefined);
  });
  const search = page.getByRole('searchbox').first();
  const first = page.waitForRequest(/cost-analysis\?.*search=stor/);
  await page.evaluate(TYPE_STOR);
  await first;
  const last = page.waitForResponse(/cost-analysis\?.*search=disk/);
  await search.fill('disk');
  await last;
  assert.deepEqual(asked, ['stor', 'disk']);
  assert.deepEqual(givenUp, ['stor']);
}
