import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import type { Stage } from '../support/stage.ts';
import { follow, followRequests, signIn, type SignedIn, type TestBrowser } from './browser.ts';

/** Bytes of scripts that the first page may load, compressed as they are sent. */
const SCRIPT_BYTES = 350_000;

/** Milliseconds from the address to a first page with its figures, on a machine that also runs the server and tests. */
const FIRST_PAGE_MS = 6000;

interface Loaded {
  readonly name: string;
  readonly encodedBodySize: number;
}

/** What the first page weighs, and how long somebody who has signed in before waits for it. */
export async function checkFirstPage(
  { browser, stage }: { readonly browser: TestBrowser; readonly stage: Stage },
  tell: (text: string) => void,
): Promise<void> {
  const page = await browser.open();
  await signIn(page, stage.portal, stage.person('operator'));
  await page.locator('main data').first().waitFor();
  const scripts = (await loaded(page)).filter(({ name }) => name.endsWith('.js'));
  const bytes = scripts.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
  assert.ok(scripts.length > 0 && scripts.every(({ encodedBodySize }) => encodedBodySize > 0));
  tell(`scripts of the first page: ${scripts.length} files, ${bytes} bytes compressed`);
  assert.ok(bytes <= SCRIPT_BYTES, `${bytes} bytes of scripts, ${SCRIPT_BYTES} at most`);
  const started = performance.now();
  await page.reload();
  await page.locator('main data').first().waitFor();
  const milliseconds = performance.now() - started;
  tell(`first page: ${Math.round(milliseconds)} ms`);
  assert.ok(milliseconds < FIRST_PAGE_MS, `${milliseconds} ms`);
}

async function loaded(page: Page): Promise<readonly Loaded[]> {
  return page.evaluate<Loaded[]>(
    `performance.getEntriesByType('resource').map(({ name, encodedBodySize }) => ({ name, encodedBodySize }))`,
  );
}

/** Addresses that one person came to lead another, who may not see what is there, to nothing. */
export async function checkClosed({
  browser,
  stage,
  signedIn,
}: {
  readonly browser: TestBrowser;
  readonly stage: Stage;
  readonly signedIn: SignedIn;
}): Promise<void> {
  const { rows } = await stage.server.database.pool.query<{ path: string }>(
    `select 'invoices/' || number as path from invoice
       where account_id <> (select account_id from billing_account where name = 'Cliniques des Alpes SA')
     union all
     select 'accounts/' || account_id from billing_account where name <> 'Cliniques des Alpes SA'
     union all
     select 'subscriptions/' || subscription_id from subscription where owner not like '%@alpine-clinics.example'`,
  );
  assert.ok(rows.length > 5);
  const page = await browser.open({ session: await signedIn('reader') });
  const requests = followRequests(page);
  await page.goto(stage.portal);
  const asked = new Map<string, number>();
  page.on('response', (response) => {
    const { pathname } = new URL(response.url());
    if (!pathname.startsWith('/portal')) asked.set(pathname, response.status());
  });
  const others = [...rows.map(({ path }) => path), ...FOR_OPERATORS];
  for (const path of others) {
    asked.clear();
    await follow(page, `${stage.portal}${path}`);
    await requests.settled();
    const text = await page.locator('main').innerText();
    assert.match(text, /not found|no such|not there|there is no/i, path);
    assert.equal(await page.locator('main data').count(), 0, path);
    for (const [address, status] of asked) {
      const isOther = path.includes('/') && address.includes(path.slice(path.indexOf('/')));
      if (isOther) assert.ok(status >= 400, `${address} answered ${status}`);
    }
  }
}

const FOR_OPERATORS = ['audit', 'quarantine', 'principals', 'ledger', 'mail', 'windows'];
