import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { before, describe, it, type TestContext } from 'node:test';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { projectFolder } from '../../src/platform/index.ts';
import { withTestDatabase } from '../support/database.ts';
import { withStage, type Part, type Stage } from '../support/stage.ts';
import { signIn, withBrowser, withPages, type TestBrowser } from './browser.ts';
import { checkClosed, checkFirstPage } from './limits.ts';
import { figuresOf, isWritten, watch, type Watch } from './figures.ts';

/** Where pictures of all pages are put, to be looked at. */
const PICTURES = join(projectFolder, '.artifacts', 'portal');

/** Least pages that each sees: an area that vanished is noticed. */
const LEAST: Readonly<Record<Part, number>> = { operator: 36, partner: 12, owner: 10, reader: 8 };

const PARTS = ['operator', 'partner', 'owner', 'reader'] as const;
const LANGUAGES = { en: 'en-GB', fr: 'fr-FR' } as const;
type Language = keyof typeof LANGUAGES;

describe('the pages of the portal', () => {
  withPages();
  const browser = withBrowser();
  const test = withTestDatabase();
  describe('on a server', { concurrency: 2 }, () => {
    const stage = withStage(test);
    before(async () => {
      await mkdir(PICTURES, { recursive: true });
    });
    it('load little, and soon', (context) =>
      checkFirstPage({ browser, stage }, (text) => context.diagnostic(text)));
    it('lead nobody to what is not theirs', () => checkClosed({ browser, stage }));
    for (const part of PARTS) {
      for (const language of ['en', 'fr'] as const) {
        it(`show the ${part} what is there, in ${language}`, async (context) => {
          await visitAll({ browser, stage, context }, part, language);
        });
      }
    }
  });
});

interface Ground {
  readonly browser: TestBrowser;
  readonly stage: Stage;
  readonly context: TestContext;
}

/** Goes to every page that the navigation has, and to the first of each kind that these lead to. */
async function visitAll(
  { browser, stage, context }: Ground,
  part: Part,
  language: Language,
): Promise<void> {
  const page = await browser.open({
    locale: LANGUAGES[language],
    colorScheme: language === 'fr' ? 'dark' : 'light',
  });
  const seen = watch(page);
  await signIn(page, stage.portal, stage.person(part));
  const kinds = new Map<string, string>([['', stage.portal]]);
  const visited = new Set<string>();
  for (;;) {
    const next = [...kinds].find(([kind]) => !visited.has(kind));
    if (next === undefined) break;
    const [kind, address] = next;
    visited.add(kind);
    await context.test(kind === '' ? 'overview' : kind, async () => {
      seen.restart();
      await page.goto(address);
      await settled(page);
      const name = `${part}-${language}-${kind.replaceAll(/[^a-z]+/gi, '-') || 'overview'}`;
      await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
      for (const link of await linksOf(page)) {
        const found = kindOf(new URL(link).pathname);
        if (!kinds.has(found)) kinds.set(found, link);
      }
      assert.deepEqual(await problemsOf(page, { seen, language }), []);
    });
  }
  assert.ok(visited.size >= LEAST[part], `${part} saw ${[...visited].join(', ')}`);
}

/** Until nothing loads any more and the page has its heading. */
async function settled(page: Page): Promise<void> {
  await page.waitForLoadState('networkidle');
  await page.locator('main h1').first().waitFor();
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
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
  return parts
    .map((part, at) => (at > 0 && /\d|%|-/.test(part) && part.length > 3 ? '*' : part))
    .join('/');
}

async function problemsOf(
  page: Page,
  { seen, language }: { readonly seen: Watch; readonly language: Language },
): Promise<string[]> {
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
  const wide = await page.evaluate<boolean>(
    'document.documentElement.scrollWidth > document.documentElement.clientWidth',
  );
  if (wide) problems.push('it scrolls sideways');
  return [...problems, ...(await violations(page))];
}

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** What a check of accessibility objects to. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate<Violation[]>('axe.run().then(({ violations }) => violations)');
  return found.map(({ id, nodes }) => {
    const places = nodes.map(({ html }) => html.slice(0, 160)).join(' | ');
    return `axe ${id}: ${places.slice(0, 500)}`;
  });
}
