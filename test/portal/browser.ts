import { existsSync } from 'node:fs';
import { after, before } from 'node:test';
import {
  chromium,
  type Browser,
  type BrowserContext,
  type Page,
  type Request,
} from 'playwright-core';
import type { DemoPerson } from '../../src/demo/index.ts';
import type { Part, Stage } from '../support/stage.ts';

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

/** Milliseconds without a request after which a page has what it wanted. */
const QUIET = 80;

/** A browser of one test file. */
export interface TestBrowser {
  /** Somebody's browser, with nothing in it, or with a session. */
  open(options?: OpenOptions): Promise<Page>;
}

export interface OpenOptions {
  readonly locale?: 'en-GB' | 'fr-FR';
  readonly colorScheme?: 'light' | 'dark';
  readonly width?: number;
  /** What the tab remembers, as {@link SignedIn} gives it. */
  readonly session?: string;
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
    browser = await launchBrowser();
  });
  after(async () => {
    for (const context of contexts) await context.close();
    await browser?.close();
  });
  return {
    open: async (options) => {
      if (browser === undefined) throw new Error('The browser is there from the first test on.');
      const page = await openPage(browser, options);
      contexts.push(page.context());
      return page;
    },
  };
}

/** @throws Error where there is none on this machine */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = PLACES.find((place) => existsSync(place));
  if (executablePath === undefined) {
    throw new Error('There is no Chromium on this machine: apt-get install chromium');
  }
  return chromium.launch({ executablePath, args: ARGUMENTS });
}

/** Somebody's first page in a browser. */
export async function openPage(
  browser: Browser,
  { locale = 'en-GB', colorScheme = 'light', width = 1280, session }: OpenOptions = {},
): Promise<Page> {
  const context = await browser.newContext({
    locale,
    colorScheme,
    viewport: { width, height: 900 },
    // Its certificate is its own.
    ignoreHTTPSErrors: true,
    reducedMotion: 'reduce',
    acceptDownloads: true,
  });
  context.setDefaultTimeout(PATIENCE);
  if (session !== undefined) {
    const taken = `'stackmeter.tokens' in sessionStorage`;
    const put = `sessionStorage.setItem('stackmeter.tokens', ${JSON.stringify(session)})`;
    await context.addInitScript(`if (location.protocol === 'https:' && !(${taken})) ${put};`);
  }
  return context.newPage();
}

/** The session of somebody who signed in, to be given to another browser. */
export type SignedIn = (part: Part) => Promise<string>;

/** Signs each in once, with the pages for it: whoever comes later takes up the session. */
export function withSignedIn(browser: TestBrowser, stage: Stage): SignedIn {
  const sessions = new Map<Part, Promise<string>>();
  const begin = async (part: Part): Promise<string> => {
    const page = await browser.open();
    await signIn(page, stage.portal, stage.person(part));
    const session = await page.evaluate<string>(`sessionStorage.getItem('stackmeter.tokens')`);
    await page.context().close();
    return session;
  };
  return (part) => {
    const session = sessions.get(part) ?? begin(part);
    sessions.set(part, session);
    return session;
  };
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

/** Follows what a page asks for, from now on. */
export interface Requests {
  /** Until the page has its heading, and nothing loads any more. */
  settled(): Promise<void>;
}

export function followRequests(page: Page): Requests {
  const open = new Set<Request>();
  let last = performance.now();
  const end = (request: Request): void => {
    open.delete(request);
    last = performance.now();
  };
  page.on('request', (request) => {
    open.add(request);
    last = performance.now();
  });
  page.on('requestfinished', end);
  page.on('requestfailed', end);
  return {
    settled: async () => {
      const begun = performance.now();
      await page.locator('main h1').first().waitFor();
      const isQuiet = (): boolean =>
        open.size === 0 && performance.now() - Math.max(last, begun) >= QUIET;
      while (!isQuiet()) {
        if (performance.now() - begun > PATIENCE) throw new Error(`${page.url()} loads for ever`);
        await page.waitForTimeout(20);
      }
      await page.locator('main [aria-busy="true"]').first().waitFor({ state: 'detached' });
      await page
        .locator('main [role="progressbar"][class*="fui-Spinner"]')
        .first()
        .waitFor({ state: 'detached' });
    },
  };
}

/** Goes to another page of the portal as its links do, without loading everything anew. */
export async function follow(page: Page, address: string): Promise<void> {
  await page.evaluate(
    `history.pushState({}, '', ${JSON.stringify(address)});
     dispatchEvent(new PopStateEvent('popstate', { state: {} }))`,
  );
}
