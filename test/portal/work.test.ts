import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, describe, it } from 'node:test';
import type { Page } from 'playwright-core';
import { systemClock } from '../../src/platform/index.ts';
import { withStage, withStageDatabase } from '../support/stage.ts';
import { violations } from './accessibility.ts';
import { follow, followRequests, withBrowser, withSignedIn, type Requests } from './browser.ts';
import { watch, type Watch } from './figures.ts';

/** Milliseconds until what the server does by itself is done. */
const PATIENCE = 60_000;

describe('work with the portal', () => {
  const browser = withBrowser();
  const test = withStageDatabase();
  describe('on a server', () => {
    const stage = withStage(test);
    const signedIn = withSignedIn(browser, stage);
    let page: Page;
    let seen: Watch;
    let requests: Requests;
    before(async () => {
      page = await browser.open({ session: await signedIn('operator') });
      page.setDefaultTimeout(PATIENCE);
      seen = watch(page);
      requests = followRequests(page);
      await page.goto(stage.portal);
    });
    const go = async (path: string): Promise<void> => {
      seen.restart();
      await follow(page, `${stage.portal}${path}`);
      await requests.settled();
    };
    /** Field by its label. */
    const fill = (label: string | RegExp, text: string): Promise<void> =>
      page.getByLabel(label).first().fill(text);
    const press = (name: string | RegExp): Promise<void> =>
      page.locator('main').getByRole('button', { name }).first().click();
    const isClean = async (): Promise<void> => {
      await requests.settled();
      assert.deepEqual([...seen.troubles(), ...(await violations(page))], []);
    };
    const heading = (name: string): Promise<void> =>
      page.getByRole('heading', { level: 1, name, exact: true }).waitFor();

    it('sets a budget, changes it, and takes it away', async () => {
      await go('new-budget');
      await press('Save');
      await page.locator('[aria-invalid="true"]:focus').waitFor();
      await fill(/^Name/, 'cloud-2026');
      await fill(/^Amount in EUR/, '100.50');
      await press('Save');
      await heading('cloud-2026');
      await page.getByText('€100.50').first().waitFor();
      // It was asked for, to see that there is none of this name.
      seen.restart();
      await isClean();
      await page.getByRole('link', { name: 'Change', exact: true }).click();
      await fill(/^Amount in EUR/, '250');
      await press('Save');
      await heading('cloud-2026');
      await page.getByText('€250.00').first().waitFor();
      await go('budgets');
      await page.getByRole('link', { name: 'cloud-2026' }).waitFor();
      await isClean();
      await page.getByRole('link', { name: 'cloud-2026' }).click();
      await heading('cloud-2026');
      await press('Delete');
      await page.getByRole('alertdialog').getByRole('button', { name: 'Delete' }).click();
      await heading('Budgets');
      await page.getByRole('link', { name: 'cloud-2026' }).waitFor({ state: 'detached' });
    });

    it('makes an export, changes it, runs it, and takes its files', async () => {
      await go('new-export');
      await fill(/^Name/, 'FOCUS for finance');
      await press('Create');
      await heading('FOCUS for finance');
      await page.getByRole('link', { name: 'Change', exact: true }).click();
      await heading('Change FOCUS for finance');
      await requests.settled();
      await fill(/^Name/, 'Costs for finance');
      await page.getByLabel('When', { exact: true }).selectOption({ label: 'Every month' });
      await press('Save');
      await heading('Costs for finance');
      await page.getByText('Every month').waitFor();
      await isClean();
      await press('Run now');
      await page.getByText('Done', { exact: true }).first().waitFor();
      await page.locator('main table a[href*="/runs/"]').first().click();
      await page.getByRole('heading', { name: 'Files' }).waitFor();
      const file = page.getByRole('button', { name: /\.csv$/ }).first();
      await file.waitFor();
      await isClean();
      const download = page.waitForEvent('download');
      await file.click();
      const rows = (await readFile(await (await download).path(), 'utf8')).split('\n');
      assert.match(rows[0] ?? '', /BilledCost/);
      assert.ok(rows.length > 10, `${rows.length} rows`);
    });

    it('makes an adapter of files, and sees what it delivered', async () => {
      await go('new-adapter');
      await fill(/^Name/, 'Files for billing');
      await page.getByLabel('Kind').selectOption({ label: 'CSV files' });
      await fill('Usage from', daysAgo(1));
      await press('Create');
      await heading('Files for billing');
      await page.getByText('Running', { exact: true }).waitFor();
      await page.locator('main table').getByText('Delivered').first().waitFor();
      await fill(/^Window/, `${daysAgo(1)}T05:00`);
      await press('Show');
      await page.getByText(/events? would be sent/).waitFor();
      await isClean();
      await press('Pause');
      await page.getByRole('alertdialog').getByRole('button', { name: 'Pause' }).click();
      await page.getByText('Paused', { exact: true }).waitFor();
      await press('Resume');
      await page.getByText('Running', { exact: true }).waitFor();
    });

    it('sees what another side refuses, and sends it again', async () => {
      await go('new-adapter');
      await fill(/^Name/, 'Refusing');
      // It takes no JSON, and says so.
      await fill(/^Address/, `${stage.server.baseUrl}/adfs/oauth2/token`);
      await fill(/^Certificate authority/, await readFile(stage.server.caFile, 'utf8'));
      await fill('Usage from', daysAgo(1));
      await press('Create');
      await page.getByText(/whsec_/).waitFor();
      await page.getByRole('link', { name: 'Go to Refusing' }).click();
      await heading('Refusing');
      const again = page.getByRole('button', { name: 'Send them again' });
      await reloadedUntil(page, async () => (await again.count()) > 0);
      await isClean();
      await press('Send them again');
      await page.getByRole('alertdialog').getByRole('button', { name: 'Send them again' }).click();
      await page.getByText('The events are on their way again.').waitFor();
    });

    it('sees what is held for want of names, and gives them', async () => {
      await go('new-adapter');
      await fill(/^Name/, 'Lago');
      await page.getByLabel('Kind').selectOption({ label: 'Lago events' });
      await press('Create');
      await page.getByText(/^It has to be given, and again/).waitFor();
      await fill(/^API key/, 'lago-key');
      await fill(/^Address/, stage.server.baseUrl);
      await fill(/^Certificate authority/, await readFile(stage.server.caFile, 'utf8'));
      await fill('Usage from', daysAgo(1));
      await press('Create');
      await heading('Lago');
      const held = page.getByText(/events are held for want of a name/);
      await reloadedUntil(page, async () => (await held.count()) > 0);
      await isClean();
      await fill(/^Window/, `${daysAgo(1)}T05:00`);
      await press('Show');
      await page.getByText(/not mapped and would be held/).waitFor();
      await page.getByRole('link', { name: 'Change', exact: true }).click();
      await heading('Change Lago');
      // The key stays with who vouches for the address.
      await fill(/^Certificate authority/, '');
      await press('Save');
      await page.getByText(/^It has to be given, and again/).waitFor();
      await fill(/^Certificate authority/, await readFile(stage.server.caFile, 'utf8'));
      await fill(/^API key/, 'lago-key');
      await fill(/^Meters/, 'no name');
      await press('Save');
      await page.getByText('Each line has an id, =, and a name; no id twice.').waitFor();
      await fill(/^Meters/, 'fab6eb84-500b-4a09-a8ca-7358f8bbaea5 = vm_hours');
      await press('Save');
      await heading('Lago');
      await go('adapters');
      await page.getByRole('link', { name: 'Lago' }).waitFor();
      await isClean();
    });

    it('sees what another side would not take, with why', async () => {
      const { rows } = await stage.server.database.pool.query<{ id: string }>(
        'select distinct customer_subscription_id::text as id from reported_usage',
      );
      await go('new-adapter');
      await fill(/^Name/, 'Stripe');
      await page.getByLabel('Kind').selectOption({ label: 'Stripe meter events' });
      await fill(/^API key/, 'stripe-key');
      await fill(/^Address/, stage.server.baseUrl);
      // GB hours of blobs, of which there are never whole ones.
      await fill(/^Meters/, '09f8879e-87e9-4305-a572-4b7be209f857 = blob_hours');
      await fill(/^Customers/, rows.map(({ id }, at) => `${id} = cus_${at}`).join('\n'));
      await press('Create');
      await heading('Stripe');
      await requests.settled();
      await fill(/^Window/, `${daysAgo(1)}T05:00`);
      await press('Show');
      await page
        .getByText(/would not be sent, because/)
        .first()
        .waitFor();
      await page
        .getByText(/^Stripe takes whole numbers/)
        .first()
        .waitFor();
      await isClean();
    });
  });
});

function daysAgo(days: number): string {
  return systemClock
    .now()
    .subtract({ hours: 24 * days })
    .toString()
    .slice(0, 10);
}

/** Looks again, as somebody who waits does. */
async function reloadedUntil(page: Page, isThere: () => Promise<boolean>): Promise<void> {
  const begun = performance.now();
  while (!(await isThere())) {
    assert.ok(performance.now() - begun < PATIENCE, 'it does not come');
    await page.waitForTimeout(1000);
    await page.reload();
    await page.locator('main h1').first().waitFor();
    await page.locator('main [aria-busy="true"]').first().waitFor({ state: 'detached' });
  }
}
