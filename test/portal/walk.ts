import { join } from 'node:path';
import type { TestContext } from 'node:test';
import assert from 'node:assert/strict';
import type { Page } from 'playwright-core';
import { projectFolder } from '../../src/platform/index.ts';
import type { Part, Stage } from '../support/stage.ts';
import { scrollsSideways, violations, violationsInForcedColours } from './accessibility.ts';
import { follow, followRequests, type SignedIn, type TestBrowser } from './browser.ts';
import { figuresOf, isWritten, watch, type Watch } from './figures.ts';

/** Where pictures of all pages are put, to be looked at. */
export const PICTURES = join(projectFolder, '.artifacts', 'portal');
/** A picture of no more than this: a list goes on as it began. */
const PICTURE_HEIGHT = 2400;

const LANGUAGES = { en: 'en-GB', fr: 'fr-FR' } as const;
export type Language = keyof typeof LANGUAGES;

/** Rules about what another language and theme change; the elements are those of the first. */
const OF_TEXTS = [
  'aria-command-name',
  'button-name',
  'color-contrast',
  'document-title',
  'empty-heading',
  'empty-table-header',
  'html-lang-valid',
  'label',
  'link-in-text-block',
  'link-name',
  'select-name',
  'valid-lang',
];

/** The narrowest window in which pages do not scroll sideways: 1280 pixels at four times the size. */
const NARROW = 320;

export interface Ground {
  readonly browser: TestBrowser;
  readonly stage: Stage;
  readonly signedIn: SignedIn;
  readonly context: TestContext;
  /** What was looked at by a walk before this one, which need not be again. */
  readonly looked: Set<string>;
}

/** One page of a walk. */
interface Visited {
  readonly page: Page;
  readonly seen: Watch;
  readonly language: Language;
  /** Its kind, and whose: what operators see is not what customers see. */
  readonly name: string;
  readonly looked: Set<string>;
}

/**
 * Goes to every page that the navigation has, and to the first of each kind that these lead to: in English it is light, in
 * French dark. The owner comes to each by its address, all others by its link, which is sooner there.
 *
 * @returns kinds of the pages
 */
export async function visitAll(
  { browser, stage, signedIn, context, looked }: Ground,
  part: Part,
  language: Language,
): Promise<ReadonlySet<string>> {
  const page = await browser.open({
    locale: LANGUAGES[language],
    colorScheme: language === 'fr' ? 'dark' : 'light',
    session: await signedIn(part),
  });
  const byAddress = part === 'owner' && language === 'en';
  const seen = watch(page);
  const requests = followRequests(page);
  const kinds = new Map<string, string>([['', stage.portal]]);
  const visited = new Set<string>();
  for (;;) {
    const next = [...kinds].find(([kind]) => !visited.has(kind));
    if (next === undefined) break;
    const [kind, address] = next;
    visited.add(kind);
    await context.test(kind === '' ? 'overview' : kind, async () => {
      seen.restart();
      if (byAddress || kind === '') await page.goto(address);
      else await follow(page, address);
      await requests.settled();
      for (const link of await linksOf(page)) {
        const found = kindOf(new URL(link).pathname);
        if (!kinds.has(found)) kinds.set(found, link);
      }
      const short = kind.replaceAll(/[^a-z]+/gi, '-') || 'overview';
      const name = `${part === 'operator' ? part : 'customer'} ${kind}`;
      await takePicture(page, `${part}-${language}-${short}`);
      const problems = await problemsOf({ page, seen, language, name, looked });
      if (language === 'en') {
        await page.setViewportSize({ width: NARROW, height: 900 });
        if (await scrollsSideways(page)) problems.push(`it scrolls sideways at ${NARROW} pixels`);
        if (first(looked, `phone ${name}`)) await takePicture(page, `${part}-phone-${short}`);
        await page.setViewportSize({ width: 1280, height: 900 });
      }
      assert.deepEqual(problems, []);
    });
  }
  await page.context().close();
  return visited;
}

function first(looked: Set<string>, what: string): boolean {
  if (looked.has(what)) return false;
  looked.add(what);
  return true;
}

async function takePicture(page: Page, name: string): Promise<void> {
  // Charts are drawn once the browser has told how wide they are.
  await page.locator('main div[role="img"]:not(:has(svg))').first().waitFor({ state: 'detached' });
  const height = await page.evaluate<number>('document.documentElement.scrollHeight');
  const { width } = page.viewportSize() ?? { width: NARROW };
  await page.screenshot({
    path: join(PICTURES, `${name}.png`),
    fullPage: true,
    clip: { x: 0, y: 0, width, height: Math.min(height, PICTURE_HEIGHT) },
  });
}

async function linksOf(page: Page): Promise<string[]> {
  const links = await page
    .locator('a[href]')
    .evaluateAll((elements) => elements.map((element) => element.getAttribute('href') ?? ''));
  const { origin } = new URL(page.url());
  return links
    .map((link) => new URL(link, page.url()).href)
    .filter((link) => link.startsWith(`${origin}/portal`) && !link.includes('#'));
}

/** An address without what tells pages of one kind apart: ids, numbers, names. */
function kindOf(path: string): string {
  const parts = path.replace(/^\/portal\/?/, '').split('/');
  const isId = (part: string): boolean =>
    /^\d+$/.test(part) || (/\d|%|-/.test(part) && part.length > 3);
  return parts.map((part, at) => (at > 0 && isId(part) ? '*' : part)).join('/');
}

async function problemsOf({ page, seen, language, name, looked }: Visited): Promise<string[]> {
  const problems = [...seen.troubles()];
  const lang = await page.locator('html').getAttribute('lang');
  if (lang?.startsWith(language) !== true) problems.push(`its language is ${lang}`);
  const title = await page.locator('main h1').first().textContent();
  if (/not be shown|not found|introuvable|ne peut pas/i.test(title ?? ''))
    problems.push(`says '${title}'`);
  const answered = await seen.answered();
  for (const figure of await figuresOf(page)) {
    if (!answered.has(figure.value)) problems.push(`${figure.value} is in no answer`);
    if (!isWritten(figure, LANGUAGES[language])) {
      problems.push(`'${figure.text}' is not how ${figure.value} is written`);
    }
  }
  if (await scrollsSideways(page)) problems.push('it scrolls sideways');
  if (first(looked, `axe ${language} ${name}`)) {
    problems.push(...(await violations(page, language === 'en' ? undefined : OF_TEXTS)));
  }
  if (first(looked, `forced colours ${name}`)) {
    problems.push(...(await violationsInForcedColours(page)));
  }
  return problems;
}
