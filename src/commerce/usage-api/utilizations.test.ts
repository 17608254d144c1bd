import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import type { DirectoryTenantId, SubscriptionId } from '../../kernel/index.ts';
import { grantOf, linkOf, MIDNIGHT, newId, newTenant, withTestAccounts } from './test-accounts.ts';

describe('utilizations of a customer', () => {
  const accounts = withTestAccounts();
  const tenant: DirectoryTenantId = newTenant();
  let base: SubscriptionId;
  let customer: SubscriptionId;
  let other: SubscriptionId;
  const range = 'start_time=2026-11-21&end_time=2026-11-23T00:00:00Z';
  const path = (more = range, of = customer, whose: string = tenant): string =>
    `/v1/customers/${whose}/subscriptions/${of}/utilizations/azure?${more}`;

  before(async () => {
    base = await accounts.addAccount({ partnerId: 'p', approved: true });
    customer = await accounts.addAccount({ partnerId: 'p', tenantId: tenant });
    other = await accounts.addAccount({ partnerId: 'p', tenantId: newTenant() });
    const registration = await accounts.addRegistration(base, {
      from: MIDNIGHT - 72,
      next: MIDNIGHT + 2,
    });
    await accounts.map(registration, tenant, customer);
    const meter = await accounts.addMeter('VM');
    await accounts.report(
      Array.from({ length: 5 }, (_, n) => ({
        account: customer,
        registration,
        meter,
        hour: MIDNIGHT - 48 + n * 8,
        name: `vm${n}`,
        tags: '{"env":"prod"}',
        quantity: `0.${n + 1}`,
      })),
    );
  });

  it('are a collection of records by reported time', async () => {
    const { status, body, items } = await accounts.ask(path());
    assert.equal(status, 200);
    const { totalCount, attributes, links } = body;
    assert.deepEqual([totalCount, attributes], [5, { objectType: 'Collection' }]);
    assert.deepEqual(links, {
      self: {
        uri: `https://localhost${path().replaceAll('T00:00:00Z', encodeURIComponent('T00:00:00Z'))}`,
        method: 'GET',
        headers: [],
      },
    });
    const { instanceData, ...rest } = items[0]!;
    assert.partialDeepStrictEqual(instanceData, {
      location: 'local',
      partNumber: '',
      orderNumber: '',
      tags: { env: 'prod' },
      additionalInfo: { azureStackSubscriptionId: String(customer) },
    });
    assert.partialDeepStrictEqual(rest, {
      usageStartTime: '2026-11-21T00:00:00+00:00',
      usageEndTime: '2026-11-22T00:00:00+00:00',
      resource: {
        id: 'VM',
        name: 'VM Hours',
        category: 'Azure Stack Hub',
        subcategory: '',
        region: 'Azure Stack',
      },
      unit: '1 Hour',
      infoFields: {},
      attributes: { objectType: 'AzureUtilizationRecord' },
    });
  });

  it('come whole in pages of the size asked for', async () => {
    for (const granularity of ['daily', 'hourly']) {
      const whole = await accounts.ask(path(`${range}&granularity=${granularity}`));
      const pages = await accounts.askAll(path(`${range}&granularity=${granularity}&size=2`));
      assert.deepEqual(
        pages.map(({ body }) => body['totalCount']),
        [2, 2, 1],
      );
      assert.deepEqual(
        pages.flatMap(({ items }) => items),
        whole.items,
      );
    }
    const first = await accounts.ask(path(`${range}&size=2`));
    const link = linkOf(first) ?? '';
    assert.match(link, /seekOperation=Next/);
    assert.equal((await accounts.ask(link.replace('size=2', 'size=3'))).code, 'InvalidProperty');
    const backwards = await accounts.ask(link.replace('Next', 'Previous'));
    assert.equal(backwards.code, 'InvalidProperty');
    for (const size of ['0', '1001', 'x']) {
      assert.equal((await accounts.ask(path(`${range}&size=${size}`))).code, 'InvalidProperty');
    }
  });

  it('are sums without details', async () => {
    const { items, text } = await accounts.ask(path(`${range}&show_details=false`));
    assert.equal(items.length, 2);
    assert.match(text, /"quantity":0\.6,.*"quantity":0\.9,/);
    assert.equal(items[0]?.['instanceData'], undefined);
  });

  it('name what is missing or too early', async () => {
    const missing = await accounts.ask(path('end_time=2026-11-23'));
    assert.deepEqual([missing.status, missing.code], [400, 'InvalidProperty']);
    assert.match(missing.text, /start_time/);
    const open = 'start_time=2026-11-23T00:00:00Z&end_time=2026-11-23T05:00:00Z&granularity=hourly';
    assert.equal((await accounts.ask(path(open))).code, 'ProcessingNotCompleted');
    const future = await accounts.ask(path('start_time=2026-11-23&end_time=2026-11-24'));
    assert.equal(future.code, 'RequestEndTimeIsInFuture');
  });

  it('are for whoever may read the customer, its partner, or all', async () => {
    for (const grants of [
      grantOf('BillingReader', customer),
      grantOf('BillingReader', base),
      grantOf('Operator'),
    ]) {
      assert.equal((await accounts.ask(path(), grants)).status, 200);
    }
  });

  it('are hidden from everybody else, be there such a customer or not', async () => {
    const stranger = await accounts.addAccount({ partnerId: 'q', approved: true });
    for (const grants of [
      grantOf('Owner', other),
      grantOf('Owner', stranger),
      grantOf('Emitter', base),
      [],
    ]) {
      for (const whose of [customer, newId()]) {
        const { status, code } = await accounts.ask(path(range, whose), grants);
        assert.deepEqual([status, code], [403, 'AuthorizationFailed']);
      }
    }
  });

  it('are there for the directory of the customer alone', async () => {
    const cases = [
      path(range, customer, newTenant()),
      path(range, customer, 'x'),
      path(range, newId()),
      path(range, base),
    ];
    for (const address of cases) {
      assert.deepEqual((await accounts.ask(address)).code, 'SubscriptionNotFound', address);
    }
    const upper = await accounts.ask(path(range, customer, tenant.toUpperCase()));
    assert.equal(upper.status, 200);
  });
});
