import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import { before, describe, it } from 'node:test';
import { withStage, withStageDatabase, type Part } from '../support/stage.ts';
import { withBrowser, withSignedIn } from './browser.ts';
import { checkFilters } from './filters.ts';
import { checkClosed, checkFirstPage } from './limits.ts';
import { PICTURES, visitAll } from './walk.ts';

/** Least pages that each sees: an area that vanished is noticed. */
const LEAST: Readonly<Record<Part, number>> = { operator: 36, partner: 12, owner: 10, reader: 8 };

const PARTS = ['operator', 'partner', 'owner', 'reader'] as const;

describe('the pages of the portal', () => {
  const browser = withBrowser();
  const test = withStageDatabase();
  describe('on a server', { concurrency: 3 }, () => {
    const stage = withStage(test);
    const signedIn = withSignedIn(browser, stage);
    const looked = new Set<string>();
    before(async () => {
      await mkdir(PICTURES, { recursive: true });
    });
    it('load little, and soon', (context) =>
      checkFirstPage({ browser, stage }, (text) => context.diagnostic(text)));
    it('answer a filter soon, and keep what was there until then', (context) =>
      checkFilters({ browser, stage, signedIn }, (text) => context.diagnostic(text)));
    for (const part of PARTS) {
      for (const language of ['en', 'fr'] as const) {
        it(`show the ${part} what is there, in ${language}`, async (context) => {
          const ground = { browser, stage, signedIn, context, looked };
          const visited = await visitAll(ground, part, language);
          assert.ok(visited.size >= LEAST[part], `${part} saw ${[...visited].join(', ')}`);
        });
      }
    }
    it('lead nobody to what is not theirs', () => checkClosed({ browser, stage, signedIn }));
  });
});
