import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import {
  addStamp,
  METERS,
  reportUsage,
  type ReportingStamp,
  type UsageRow,
} from '../../../test/support/billing.ts';
import { isJsonObject, type SubscriptionId } from '../../kernel/index.ts';
import type { FullInvoice } from '../invoicing/index.ts';
import { column, grantOf } from './test-accounts.ts';
import { NOVEMBER, OCTOBER, withBilledAccounts } from './test-billed.ts';

describe('the invoices of an account', () => {
  const accounts = withBilledAccounts();
  let account: SubscriptionId;
  let other: SubscriptionId;
  let stamp: ReportingStamp;
  let october: FullInvoice;

  before(async () => {
    const { database } = accounts.test;
    account = await accounts.addPayer('Ada');
    other = await accounts.addPayer('Other');
    stamp = await addStamp(database, account, { from: OCTOBER });
    const used = (customer: SubscriptionId, usageHour: number, quantity: string): UsageRow => ({
      customer,
      subscriptionId: customer,
      meterId: METERS.baseVm,
      usageHour,
      quantity,
    });
    await reportUsage(database, stamp, OCTOBER + 1, [
      used(account, OCTOBER, '1000'),
      used(other, OCTOBER, '3'),
    ]);
    await reportUsage(database, stamp, NOVEMBER + 1, [
      used(account, NOVEMBER, '500'),
      used(other, NOVEMBER, '3'),
    ]);
    await accounts.rate();
    october = await accounts.issue(account, '202610-1');
    await reportUsage(database, stamp, NOVEMBER + 2, [used(account, OCTOBER + 5, '250')]);
    await accounts.rate();
  });

  const pathOf = (number: string): string =>
    `/subscriptions/${account}/providers/Microsoft.Billing/invoices/${number}`;

  it('are listed, newest first, with the dates of the place', async () => {
    const { status, items, text } = await accounts.billing(account, 'invoices');
    assert.equal(status, 200, text);
    assert.deepEqual(items, [
      {
        id: pathOf(october.number),
        name: october.number,
        type: 'Microsoft.Billing/invoices',
        properties: {
          invoicePeriodStartDate: '2026-10-01',
          invoicePeriodEndDate: '2026-10-31',
          billingPeriodIds: [
            `/subscriptions/${account}/providers/Microsoft.Billing/billingPeriods/202610-1`,
          ],
        },
      },
    ]);
  });

  it('stand in the billing periods, which are those of the account', async () => {
    const { items } = await accounts.billing(account, 'billingPeriods');
    assert.deepEqual(column(items, 'name'), ['202611-1', '202610-1']);
    assert.deepEqual(column(items, 'invoiceIds'), [undefined, [pathOf(october.number)]]);
    const { body } = await accounts.billing(account, 'billingPeriods/202610-1');
    assert.deepEqual(body['properties'], {
      billingPeriodStartDate: '2026-10-01',
      billingPeriodEndDate: '2026-10-31',
      invoiceIds: [pathOf(october.number)],
    });
    assert.equal((await accounts.billing(account, 'billingPeriods/202609-1')).status, 404);
  });

  it('are given one by one, and the latest by that name', async () => {
    const latest = await accounts.billing(account, 'invoices/latest');
    assert.equal(latest.body['name'], october.number);
    const one = await accounts.billing(account, `invoices/${october.number.toLowerCase()}`);
    assert.deepEqual(one.body, latest.body);
    assert.equal((await accounts.billing(account, 'invoices/X-2026-1')).code, 'InvoiceNotFound');
    const none = await accounts.billing(other, 'invoices/latest');
    assert.deepEqual([none.status, none.code], [404, 'NotFound']);
  });

  it('can be downloaded for a while, by an address alone', async () => {
    const { database } = accounts.test;
    assert.doesNotMatch(
      (await accounts.billing(account, 'invoices?$expand=downloadUrl')).text,
      /downloadUrl/,
    );
    await database.pool.query(
      `insert into invoice_document (invoice_id, kind, media_type, file_name, sha256, content, created_at)
       values ($1, 'pdf', 'application/pdf', 'invoice.pdf', '', $2, now())`,
      [october.invoiceId, Buffer.from('%PDF-1.7 of a test')],
    );
    const urlIn = (properties: unknown): string => {
      const given = isJsonObject(properties) ? properties['downloadUrl'] : undefined;
      assert.ok(isJsonObject(given));
      assert.equal(given['expiryTime'], accounts.clock.now().add({ minutes: 30 }).toString());
      return String(given['url']);
    };
    const urls = [
      urlIn((await accounts.billing(account, 'invoices/latest')).body['properties']),
      urlIn((await accounts.billing(account, `invoices/${october.number}`)).body['properties']),
      urlIn(
        (await accounts.billing(account, 'invoices?$expand=properties/DownloadUrl')).items[0]?.[
          'properties'
        ],
      ),
    ];
    assert.doesNotMatch((await accounts.billing(account, 'invoices')).text, /downloadUrl/);
    assert.equal(
      (await accounts.billing(account, 'invoices?$expand=lines')).code,
      'InvalidProperty',
    );
    const path = new URL(urls[0]!).pathname;
    assert.match(urls[0]!, /^https?:\/\/localhost/);
    const answer = await accounts.app.inject({ url: path });
    assert.equal(answer.statusCode, 200);
    assert.equal(answer.headers['content-type'], 'application/pdf');
    assert.equal(answer.body, '%PDF-1.7 of a test');
    for (const wrong of [`${path}A`, path.replace(/.\./, 'A.'), `${path.slice(0, -4)}AAAA`]) {
      assert.equal((await accounts.app.inject({ url: wrong })).statusCode, 404, wrong);
    }
    accounts.clock.advance(30 * 60_000);
    assert.equal((await accounts.app.inject({ url: path })).statusCode, 404);
  });

  it('come in pages, and are filtered by the end of their period', async () => {
    accounts.clock.advance(10 * 24 * 3_600_000);
    const november = await accounts.issue(account, '202611-1');
    const pages = await accounts.askAll(
      `/subscriptions/${account}/providers/Microsoft.Billing/invoices?api-version=2017-04-24-preview&$top=1`,
    );
    const names = pages.flatMap(({ items }) => column(items, 'name'));
    assert.deepEqual(names, [november.number, october.number]);
    // The late usage of October is on the invoice of November.
    const corrected = (await accounts.billing(account, 'invoices/latest')).body['properties'];
    assert.partialDeepStrictEqual(corrected, {
      billingPeriodIds: ['202611-1', '202610-1'].map(
        (name) => `/subscriptions/${account}/providers/Microsoft.Billing/billingPeriods/${name}`,
      ),
    });
    const filtered = async (filter: string): Promise<unknown[]> =>
      column(
        (await accounts.billing(account, `invoices?$filter=${encodeURIComponent(filter)}`)).items,
        'name',
      );
    assert.deepEqual(await filtered("invoicePeriodEndDate le '2026-10-31'"), [october.number]);
    assert.deepEqual(await filtered('invoicePeriodEndDate gt 2026-10-31'), [november.number]);
    assert.deepEqual(await filtered('invoicePeriodEndDate lt 2026-10-31'), []);
    for (const wrong of ['?$top=0', '?$top=101', '?$skiptoken=x', "?$filter=name eq 'x'"]) {
      assert.equal(
        (await accounts.billing(account, `invoices${encodeURI(wrong)}`)).code,
        'InvalidProperty',
        wrong,
      );
    }
  });

  it('are there with the credit note that takes one back, which then has its usage no more', async () => {
    accounts.clock.advance(1000);
    const latest = String((await accounts.billing(account, 'invoices/latest')).body['name']);
    const note = await accounts.void(latest);
    assert.equal((await accounts.billing(account, 'invoices/latest')).body['name'], note.number);
    const { items } = await accounts.detailsOf(account, '202611-1');
    assert.ok(column(items, 'invoiceId').every((invoice) => invoice === undefined));
  });

  it('are for who may read them, and no other account’s show', async () => {
    for (const path of ['invoices', 'invoices/latest', `invoices/${october.number}`]) {
      assert.equal(
        (await accounts.billing(account, path, grantOf('Owner', other))).status,
        403,
        path,
      );
      assert.equal(
        (await accounts.billing(account, path, grantOf('BillingReader', account))).status,
        200,
        path,
      );
    }
    const owner = grantOf('Owner', other);
    const foreign = await accounts.billing(other, `invoices/${october.number}`, owner);
    assert.equal(foreign.code, 'InvoiceNotFound');
    assert.deepEqual((await accounts.billing(other, 'invoices', owner)).items, []);
    const version = await accounts.ask(`${pathOf('latest')}?api-version=2010-01-01`);
    assert.equal(version.code, 'InvalidApiVersionParameter');
  });
});
