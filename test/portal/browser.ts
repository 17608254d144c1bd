import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { after, before } from 'node:test';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import type { DemoPerson } from '../../src/demo/index.ts';
import { projectFolder } from '../../src/platform/index.ts';

/** Where distributions put it. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Nothing but what a page asks for: no look for updates, no second protocol. */
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Milliseconds that a page has until something wanted is there. */
const PATIENCE = 20_000;

/** A browser of one test file. */
export interface TestBrowser {
  /** Somebody's browser, with nothing in it. */
  open(options?: OpenOptions): Promise<Page>;
}

export interface OpenOptions {
  readonly locale?: 'en-GB' | 'fr-FR';
  readonly colorScheme?: 'light' | 'dark';
  readonly width?: number;
}

/**
 * A real browser, for the tests below the call.
 *
 * @throws Error where there is none: these tests are part of all tests
 */
export function withBrowser(): TestBrowser {
  let browser: Browser | undefined;
  const contexts: BrowserContext[] = [];
  before(async () => {
    const executablePath = PLACES.find((place) => existsSync(place));
    if (executablePath === undefined) {
      throw new Error('There is no Chromium on this machine: apt-get install chromium');
    }
    browser = await chromium.launch({ executablePath, args: ARGUMENTS });
  });
  after(async () => {
    for (const context of contexts) await context.close();
    await browser?.close();
  });
  return {
    open: async ({ locale = 'en-GB', colorScheme = 'light', width = 1280 } = {}) => {
      if (browser === undefined) throw new Error('The browser is there from the first test on.');
      const context = await browser.newContext({
        locale,
        colorScheme,
        viewport: { width, height: 900 },
        // Its certificate is its own.
        ignoreHTTPSErrors: true,
        reducedMotion: 'reduce',
        acceptDownloads: true,
      });
      contexts.push(context);
      context.setDefaultTimeout(PATIENCE);
      return context.newPage();
    },
  };
}

/** Builds the pages, where their sources have changed; the server reads them at its start. */
export function withPages(): void {
  before(() => promisify(execFile)('sh', [join(projectFolder, 'bin', 'build-portal')]));
}

/** Signs somebody in as people do: address, name, password. Ends on the page that was asked for. */
export async function signIn(
  page: Page,
  address: string,
  { userName, password }: Pick<DemoPerson, 'userName' | 'password'>,
): Promise<void> {
  await page.goto(address);
  await page.locator('input[type="password"]').waitFor();
  await page.locator('input:not([type="hidden"]):not([type="password"])').first().fill(userName);
  await page.locator('input[type="password"]').fill(password);
  await page.locator('button[type="submit"], input[type="submit"]').first().click();
  await page.waitForURL(
    (url) => url.pathname.startsWith('/portal') && !url.pathname.endsWith('/callback'),
  );
}
