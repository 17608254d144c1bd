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
  type Answered,
} from './test-accounts.ts';

describe('usage details of an account', () => {
  const accounts = withTestAccounts();
  let account: SubscriptionId;
  /** the first hour of November */
  const november = MIDNIGHT - 24 * 22;
  const path = (parameters: Record<string, string> = {}, period = ''): string =>
    `/subscriptions/${account}/providers/${period}Microsoft.Consumption/usageDetails?${new URLSearchParams({ 'api-version': '2018-01-31', ...parameters }).toString()}`;
  const filtered = (filter: string, more = {}): Promise<Answered> =>
    accounts.ask(path({ $filter: filter, ...more }));

  before(async () => {
    account = await accounts.addAccount({ createdAt: '2026-09-15T12:00Z' });
    const registration = await accounts.addRegistration(account, { from: 0, next: MIDNIGHT + 5 });
    const meter = await accounts.addMeter('VM');
    const one = { account, registration, meter, quantity: '1' };
    await accounts.report([
      { ...one, hour: MIDNIGHT, usage: MIDNIGHT, name: 'web', group: 'Front', tags: '{"a":"b"}' },
      {
        ...one,
        hour: MIDNIGHT + 1,
        usage: MIDNIGHT + 1,
        name: 'web',
        group: 'Front',
        tags: '{"a":"b"}',
        quantity: '0.25',
      },
      {
        ...one,
        hour: MIDNIGHT + 2,
        usage: MIDNIGHT - 1,
        name: 'db',
        group: 'back',
        billable: false,
      },
      { ...one, hour: MIDNIGHT + 2, usage: MIDNIGHT - 2, name: 'db', group: 'back', quantity: '3' },
      // Used in October, reported in November.
      { ...one, hour: november + 2, usage: november - 1, name: 'db', group: 'back' },
      // Not accepted yet.
      { ...one, hour: MIDNIGHT + 5, usage: MIDNIGHT + 5, name: 'web', quantity: '100' },
    ]);
  });

  it('are of the present period, a row for each day, of what is accepted', async () => {
    const { status, items, text } = await accounts.ask(path());
    assert.equal(status, 200);
    assert.deepEqual(column(items, 'usageStart'), ['2026-11-22T00:00:00Z', '2026-11-23T00:00:00Z']);
    assert.deepEqual(column(items, 'usageEnd'), ['2026-11-22T23:59:59Z', '2026-11-23T23:59:59Z']);
    assert.match(text, /"usageQuantity":4\.0,"billableQuantity":3\.0/);
    assert.match(text, /"usageQuantity":1\.25,"billableQuantity":1\.25/);
    const { properties, ...head } = items[1]!;
    assert.ok(isJsonObject(properties));
    assert.deepEqual(head['tags'], { a: 'b' });
    const period = `/subscriptions/${account}/providers/Microsoft.Billing/billingPeriods/202611-1`;
    assert.equal(
      head['id'],
      `${period}/providers/Microsoft.Consumption/usageDetails/${String(head['name'])}`,
    );
    assert.deepEqual(properties, {
      billingPeriodId: period,
      usageStart: '2026-11-23T00:00:00Z',
      usageEnd: '2026-11-23T23:59:59Z',
      instanceName: 'web',
      instanceId: `/subscriptions/${account}/resourceGroups/Front/providers/Microsoft.Compute/virtualMachines/web`,
      instanceLocation: 'local',
      usageQuantity: 1.25,
      billableQuantity: 1.25,
      isEstimated: true,
      meterId: 'VM',
      subscriptionGuid: account,
      subscriptionName: 'account',
      product: 'VM Hours',
      consumedService: 'Microsoft.Compute',
    });
  });

  it('of a period are those used in it, whenever they were reported', async () => {
    const period = 'Microsoft.Billing/billingPeriods/202610-1/providers/';
    const { items } = await accounts.ask(path({}, period));
    assert.deepEqual(column(items, 'usageStart'), ['2026-10-31T00:00:00Z']);
    assert.deepEqual(column(items, 'isEstimated'), [false]);
    const unknown = await accounts.ask(path({}, period.replace('202610', '202501')));
    assert.equal(unknown.status, 404);
  });

  it('are expanded when asked', async () => {
    for (const $expand of [
      'meterDetails,additionalProperties',
      'properties/MeterDetails, properties/additionalProperties',
    ]) {
      const { items } = await accounts.ask(path({ $expand }));
      assert.deepEqual(column(items, 'meterDetails')[0], {
        meterName: 'VM Hours',
        meterCategory: 'Azure Stack Hub',
        meterSubCategory: '',
        meterLocation: 'Azure Stack',
        unit: '1 Hour',
      });
      const properties: unknown = JSON.parse(String(column(items, 'additionalProperties')[0]));
      assert.partialDeepStrictEqual(properties, { azureStackSubscriptionId: String(account) });
    }
    assert.equal((await accounts.ask(path({ $expand: 'prices' }))).code, 'InvalidProperty');
  });

  const uri = (): string =>
    `/subscriptions/${account}/resourcegroups/FRONT/providers/Microsoft.Compute/virtualMachines/WEB`;
  const filters: [string, () => string, string[]][] = [
    ['the resource group', () => "properties/resourceGroup eq 'front'", ['web']],
    ['the name', () => "instanceName eq 'DB'", ['db']],
    ['the resource', () => `instanceId eq '${uri()}'`, ['web']],
    ['two of them', () => `instanceName eq 'web' and resourceGroup eq 'back'`, []],
    ['a start', () => "usageStart ge '2026-11-23'", ['web']],
    ['a start before the present period', () => 'usageStart ge 2026-10-01', ['db', 'db', 'web']],
    [
      'both ends, as az asks',
      () =>
        `properties/usageEnd ge '2026-11-22T00:00:00Z' and properties/usageEnd le '2026-11-23T00:00:00Z'`,
      ['db'],
    ],
    ['a time and a name', () => "usageStart ge 2026-10-01 and instanceName eq 'web'", ['web']],
    ['nothing that is', () => 'usageStart lt 2026-11-01 and usageStart gt 2026-11-01', []],
  ];
  for (const [name, filter, expected] of filters) {
    it(`are filtered by ${name}`, async () => {
      const { items, status, text } = await filtered(filter());
      assert.equal(status, 200, text);
      assert.deepEqual(column(items, 'instanceName'), expected);
    });
  }

  it('refuse filters that cannot be', async () => {
    for (const filter of [
      "instanceName ge 'a'",
      "instanceName eq 'a' and instanceName eq 'b'",
      'usageStart ge soon',
      'usageEnd le 2026-11-01',
      "tags eq 'x'",
    ]) {
      assert.equal((await filtered(filter)).code, 'InvalidProperty', filter);
    }
  });

  it('come whole in pages', async () => {
    const filter = { $filter: 'usageStart ge 2026-10-01' };
    const whole = await accounts.ask(path(filter));
    const pages = await accounts.askAll(path({ ...filter, $top: '1' }));
    assert.equal(pages.length, 3);
    assert.deepEqual(
      pages.flatMap(({ items }) => items),
      whole.items,
    );
    const link = linkOf(pages[0]!) ?? '';
    const other = await accounts.ask(link.replace('2026-10-01', '2026-10-02'));
    assert.equal(other.code, 'InvalidProperty');
    assert.equal((await accounts.ask(path({ $top: '1001' }))).code, 'InvalidProperty');
  });

  it('are for who may read them', async () => {
    assert.equal((await accounts.ask(path(), grantOf('Owner', newId()))).status, 403);
    assert.equal((await accounts.ask(path(), grantOf('BillingReader', account))).status, 200);
    const version = await accounts.ask(path({ 'api-version': '2021-10-01' }));
    assert.equal(version.code, 'InvalidApiVersionParameter');
  });
});
