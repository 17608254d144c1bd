import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { isJsonObject, type SubscriptionId } from '../../kernel/index.ts';
import {
  column,
  grantOf,
  linkOf,
  MIDNIGHT,
  newId,
  withTestAccounts,
  type TestAccounts,
} from './test-accounts.ts';

describe('the billing periods of an account', () => {
  const accounts: TestAccounts = withTestAccounts();
  let account: SubscriptionId;
  const path = (more = '', of = account): string =>
    `/subscriptions/${of}/providers/Microsoft.Billing/billingPeriods${more}${more.includes('?') ? '&' : '?'}api-version=2018-03-01-preview`;

  before(async () => {
    account = await accounts.addAccount({ createdAt: '2026-09-15T12:00Z' });
  });

  it('run from its making to the present month, newest first', async () => {
    const { status, items } = await accounts.ask(path());
    assert.equal(status, 200);
    assert.deepEqual(column(items, 'name'), ['202611-1', '202610-1', '202609-1']);
    assert.deepEqual(items[1], {
      id: `/subscriptions/${account}/providers/Microsoft.Billing/billingPeriods/202610-1`,
      type: 'Microsoft.Billing/billingPeriods',
      name: '202610-1',
      properties: {
        billingPeriodStartDate: '2026-10-01',
        billingPeriodEndDate: '2026-10-31',
      },
    });
  });

  it('begin with the first usage when that was earlier, however late it was reported', async () => {
    const early = await accounts.addAccount({ createdAt: '2026-10-15T12:00Z' });
    const registration = await accounts.addRegistration(early, { from: 0, next: MIDNIGHT });
    const meter = await accounts.addMeter('VM');
    const one = { account: early, registration, meter, quantity: '1' };
    await accounts.report([
      { ...one, hour: MIDNIGHT - 50 },
      { ...one, hour: MIDNIGHT - 10, usage: MIDNIGHT - 24 * 80 },
    ]);
    const { items } = await accounts.ask(path('', early));
    assert.deepEqual(column(items, 'name'), ['202611-1', '202610-1', '202609-1']);
  });

  it('do not begin with what was never accepted', async () => {
    const early = await accounts.addAccount({ createdAt: '2026-10-15T12:00Z' });
    const registration = await accounts.addRegistration(early, { from: 0, next: MIDNIGHT });
    const one = {
      account: early,
      registration,
      meter: await accounts.addMeter('VM'),
      quantity: '1',
    };
    await accounts.report([
      { ...one, hour: MIDNIGHT - 1 },
      { ...one, hour: MIDNIGHT, usage: 0 },
      { ...one, hour: MIDNIGHT, usage: MIDNIGHT - 1 },
    ]);
    const { items } = await accounts.ask(path('', early));
    assert.deepEqual(column(items, 'name'), ['202611-1', '202610-1']);
  });

  it('come in pages', async () => {
    const pages = await accounts.askAll(path('?$top=2'));
    assert.deepEqual(
      pages.map(({ items }) => items.length),
      [2, 1],
    );
    const link = linkOf(pages[0]!) ?? '';
    for (const other of [link.replace('top=2', 'top=1'), link.replace(/token=../, 'token=AA')]) {
      assert.deepEqual((await accounts.ask(other)).code, 'InvalidProperty');
    }
    for (const top of ['0', '101', 'x']) {
      assert.equal((await accounts.ask(path(`?$top=${top}`))).code, 'InvalidProperty');
    }
  });

  it('are filtered', async () => {
    const filter = encodeURIComponent("billingPeriodEndDate lt '2026-10-31'");
    const { items } = await accounts.ask(path(`?$filter=${filter}`));
    assert.deepEqual(column(items, 'name'), ['202609-1']);
  });

  it('are there by name', async () => {
    const { body } = await accounts.ask(path('/202609-1'));
    assert.ok(isJsonObject(body['properties']));
    assert.equal(body['properties']['billingPeriodEndDate'], '2026-09-30');
    for (const name of ['202608-1', '202612-1', 'x']) {
      assert.equal((await accounts.ask(path(`/${name}`))).status, 404, name);
    }
  });

  it('are for who may read them, in versions that there are', async () => {
    const stranger = await accounts.ask(path(), grantOf('Owner', newId()));
    assert.equal(stranger.status, 403);
    assert.equal((await accounts.ask(path(), grantOf('BillingReader', account))).status, 200);
    assert.equal((await accounts.ask(path('', newId()))).code, 'SubscriptionNotFound');
    const older = await accounts.ask(path().replace('2018-03-01', '2017-04-24'));
    assert.equal(older.status, 200);
    const unknown = await accounts.ask(path().replace('2018-03-01', '2010-01-01'));
    assert.equal(unknown.code, 'InvalidApiVersionParameter');
  });
});
