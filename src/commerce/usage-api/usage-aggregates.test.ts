import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { Decimal, isJsonObject, type SubscriptionId } from '../../kernel/index.ts';
import { commerceUsage } from './usage-aggregates.ts';
import {
  column,
  grantOf,
  linkOf,
  MIDNIGHT,
  newId,
  newTenant,
  TODAY,
  withTestAccounts,
  type Answered,
  type NewRow,
} from './test-accounts.ts';

const VERSION = 'api-version=2015-06-01-preview';
const time = (hour: number): string =>
  Temporal.Instant.fromEpochMilliseconds(hour * 3_600_000).toString();

describe('usage aggregates of an account', () => {
  const accounts = withTestAccounts();
  let account: SubscriptionId;
  let registration: number;
  let vm: number;
  const path = (from: number, to: number, more = '', of = account): string =>
    `/subscriptions/${of}/providers/Microsoft.Commerce/UsageAggregates?${VERSION}&reportedStartTime=${time(from)}&reportedEndTime=${time(to)}${more}`;
  const hourly = '&aggregationGranularity=Hourly';

  before(async () => {
    account = await accounts.addAccount();
    registration = await accounts.addRegistration(account, {
      from: MIDNIGHT - 72,
      next: MIDNIGHT + 10,
    });
    vm = await accounts.addMeter('VM');
  });

  it('sums hours to days of usage, each reported day apart, to the last digit', async () => {
    const day = MIDNIGHT - 48;
    const rows: NewRow[] = Array.from({ length: 24 }, (_, hour) => ({
      account,
      registration,
      hour: day + hour + 1,
      usage: day + hour,
      meter: vm,
      quantity: '0.1000000000000000001',
    }));
    await accounts.report(rows);
    const { status, items, text, body } = await accounts.ask(path(day, MIDNIGHT));
    assert.equal(status, 200);
    assert.equal(body['nextLink'], undefined);
    assert.deepEqual(column(items, 'name'), [
      'Daily_BRSDT_20261121_0000',
      'Daily_BRSDT_20261122_0000',
    ]);
    assert.deepEqual(column(items, 'usageStartTime'), Array(2).fill('2026-11-21T00:00:00+00:00'));
    assert.deepEqual(column(items, 'usageEndTime'), Array(2).fill('2026-11-22T00:00:00+00:00'));
    assert.match(text, /"quantity":2\.3000000000000000023,/);
    assert.match(text, /"quantity":0\.1000000000000000001,/);
    const byHour = await accounts.ask(path(day, MIDNIGHT, hourly));
    assert.equal(byHour.items.length, 24);
    assert.equal(column(byHour.items, 'name')[0], 'Hourly_BRSDT_20261121_0100');
    const onlyFirst = await accounts.ask(path(day, day + 24));
    assert.equal(onlyFirst.items.length, 1);
  });

  it('writes a row as public Azure does, and from where its usage came', async () => {
    const other = await accounts.addAccount();
    const number = await accounts.addRegistration(other, { from: MIDNIGHT - 24, next: MIDNIGHT });
    const subscriptionId = newId();
    const one = {
      account: other,
      registration: number,
      hour: MIDNIGHT - 1,
      meter: vm,
      subscriptionId,
    };
    await accounts.report([
      { ...one, quantity: '2', tags: '{"env":"prod"}', info: '{"ServiceType":"D1", "n":1.10}' },
    ]);
    const { items, text } = await accounts.ask(path(MIDNIGHT - 24, MIDNIGHT, '', other));
    const [row] = items;
    assert.match(text, /"quantity":2\.0,/);
    assert.equal(
      row?.['id'],
      `/subscriptions/${other}/providers/Microsoft.Commerce/UsageAggregates/Daily_BRSDT_20261122_0000`,
    );
    assert.equal(row['type'], 'Microsoft.Commerce/UsageAggregate');
    const { properties } = row;
    assert.ok(isJsonObject(properties));
    const { instanceData, ...rest } = properties;
    assert.deepEqual(rest, {
      subscriptionId: other,
      usageStartTime: '2026-11-22T00:00:00+00:00',
      usageEndTime: '2026-11-23T00:00:00+00:00',
      meterName: 'VM Hours',
      meterCategory: 'Azure Stack Hub',
      meterRegion: 'Azure Stack',
      unit: '1 Hour',
      meterId: 'VM',
      quantity: 2,
      infoFields: {},
    });
    const { rows } = await accounts.test.database.pool.query<{ id: string }>(
      'select registration_id as id from registration where registration_number = $1',
      [number],
    );
    assert.deepEqual(JSON.parse(String(instanceData)), {
      'Microsoft.Resources': {
        resourceUri: `/subscriptions/${subscriptionId}/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/a`,
        location: 'local',
        tags: { env: 'prod' },
        additionalInfo: {
          ServiceType: 'D1',
          n: 1.1,
          azureStackSubscriptionId: subscriptionId,
          azureStackRegistrationId: rows[0]?.id,
        },
        partNumber: '',
        orderNumber: '',
      },
    });
    assert.ok(String(instanceData).includes('"n":1.10'), 'the digits are those that were emitted');
  });

  it('sums over resources and reported windows without details, a row for each meter and usage window', async () => {
    const other = await accounts.addAccount();
    const number = await accounts.addRegistration(other, { from: MIDNIGHT - 72, next: MIDNIGHT });
    const one = { account: other, registration: number, meter: vm };
    const renamed = await accounts.addMeter('VM', { name: 'Renamed' });
    const inDays = await accounts.addMeter('VM', { unit: '1 Day' });
    const day = MIDNIGHT - 48;
    await accounts.report([
      { ...one, hour: day + 1, name: 'a', quantity: '1' },
      { ...one, hour: day + 2, name: 'b', quantity: '0.5' },
      { ...one, hour: day + 24, usage: day + 23, name: 'a', quantity: '0.25', meter: renamed },
      { ...one, hour: day + 24, usage: day + 23, name: 'a', quantity: '7', meter: inDays },
      { ...one, hour: day + 25, name: 'a', quantity: '3' },
    ]);
    const { items } = await accounts.ask(path(day, MIDNIGHT, '&showDetails=false', other));
    assert.deepEqual(
      items.map((_, at) =>
        ['usageStartTime', 'unit', 'quantity', 'meterName', 'name'].map(
          (name) => column(items, name)[at],
        ),
      ),
      [
        ['2026-11-21T00:00:00+00:00', '1 Day', 7, 'VM Hours', 'Daily_BRSDT_20261121_0000'],
        ['2026-11-21T00:00:00+00:00', '1 Hour', 1.75, 'Renamed', 'Daily_BRSDT_20261121_0000'],
        ['2026-11-22T00:00:00+00:00', '1 Hour', 3, 'VM Hours', 'Daily_BRSDT_20261121_0000'],
      ],
    );
    assert.deepEqual(column(items, 'instanceData'), [undefined, undefined, undefined]);
  });

  describe('in pages', () => {
    let paged: SubscriptionId;
    let written: NewRow[];
    before(async () => {
      paged = await accounts.addAccount();
      const first = await accounts.addRegistration(paged, { from: MIDNIGHT - 72, next: MIDNIGHT });
      const second = await accounts.addRegistration(paged, { from: MIDNIGHT - 72, next: MIDNIGHT });
      const disk = await accounts.addMeter('Disk');
      written = Array.from({ length: 2300 }, (_, n) => ({
        account: paged,
        registration: n % 2 === 0 ? first : second,
        hour: MIDNIGHT - 49 + (n % 3) * 24,
        usage: MIDNIGHT - 50 + (n % 2) * 24,
        name: `r${Math.floor(n / 12)}`,
        tags: n % 12 < 6 ? '' : `{"n":"${n % 12}"}`,
        meter: n % 4 < 2 ? vm : disk,
        quantity: `0.${1000 + n}1`,
      })).filter(({ hour, usage }) => usage <= hour);
      await accounts.report(uniqueRows(written));
      written = uniqueRows(written);
    });

    for (const [name, more] of [
      ['hours', hourly],
      ['days', ''],
    ] as const) {
      it(`gives all ${name} once, whatever the page`, async () => {
        const pages = await accounts.askAll(path(MIDNIGHT - 72, MIDNIGHT, more, paged));
        assert.ok(pages.length > 1);
        assert.ok(pages.slice(0, -1).every(({ items }) => items.length === 1000));
        const rows = pages.flatMap(({ items }) => items.map((item) => JSON.stringify(item)));
        assert.equal(new Set(rows).size, rows.length);
        assert.equal(sumOf(pages), sumOfRows(written));
      });
    }

    it('gives the same sum without details', async () => {
      const pages = await accounts.askAll(
        path(MIDNIGHT - 72, MIDNIGHT, '&showDetails=false', paged),
      );
      assert.equal(sumOf(pages), sumOfRows(written));
    });

    it('refuses a token of another question, altered, or of another account', async () => {
      const link = linkOf(await accounts.ask(path(MIDNIGHT - 72, MIDNIGHT, hourly, paged))) ?? '';
      assert.ok(link.startsWith('https://localhost'));
      const others = [
        link.replace('Hourly', 'Daily'),
        link.replace('showDetails=true', 'showDetails=false'),
        link.replace(String(paged), String(account)),
        link.replace('2026-11-20', '2026-11-21'),
        link.replace(/continuationToken=../, 'continuationToken=AA'),
      ];
      for (const other of others) {
        assert.notEqual(other, link);
        const { status, code, text } = await accounts.ask(other);
        assert.deepEqual([status, code], [400, 'InvalidProperty'], other);
        assert.match(text, /continuationToken/);
      }
    });
  });

  it('answers 202 until every registration that books has reported all of the range', async () => {
    const other = await accounts.addAccount();
    await accounts.addRegistration(other, { from: MIDNIGHT, next: MIDNIGHT + 8 });
    assert.equal((await accounts.ask(path(MIDNIGHT, MIDNIGHT + 8, hourly, other))).status, 200);
    const late = await accounts.ask(path(MIDNIGHT, MIDNIGHT + 10, hourly, other));
    assert.deepEqual([late.status, late.code], [202, 'ProcessingNotCompleted']);
    assert.match(late.text, /hour 2026-11-23T08:00:00\+00:00/);
    const lagging = await accounts.addAccount();
    await accounts.addRegistration(lagging, { from: MIDNIGHT - 72, next: MIDNIGHT - 30 });
    const daily = await accounts.ask(path(MIDNIGHT - 24, MIDNIGHT, '', lagging));
    assert.deepEqual([daily.status, daily.code], [202, 'ProcessingNotCompleted']);
    assert.match(daily.text, /day 2026-11-22T00:00:00\+00:00/);
    assert.equal((await accounts.ask(path(MIDNIGHT - 72, MIDNIGHT - 48, '', lagging))).status, 200);
  });

  it('waits for a registration that books by a mapping, and not for one that no longer reports', async () => {
    const base = await accounts.addAccount({ partnerId: 'p', approved: true });
    const customer = await accounts.addAccount({ partnerId: 'p' });
    const range = path(MIDNIGHT - 24, MIDNIGHT, '', customer);
    assert.equal((await accounts.ask(range)).status, 200);
    const number = await accounts.addRegistration(base, {
      from: MIDNIGHT - 72,
      next: MIDNIGHT - 9,
    });
    await accounts.map(number, newTenant(), customer);
    assert.equal((await accounts.ask(range)).code, 'ProcessingNotCompleted');
    await accounts.test.database.pool.query(
      `update reporting_period set ended_at = now(), end_reason = 'ReportingOff' where registration_number = $1`,
      [number],
    );
    assert.equal((await accounts.ask(range)).status, 200);
  });

  it('shows nothing of a window that was begun and never accepted', async () => {
    const other = await accounts.addAccount();
    const number = await accounts.addRegistration(other, {
      from: MIDNIGHT - 24,
      next: MIDNIGHT - 5,
      ended: true,
    });
    const one = { account: other, registration: number, meter: vm, quantity: '1' };
    await accounts.report([
      { ...one, hour: MIDNIGHT - 6 },
      { ...one, hour: MIDNIGHT - 5 },
    ]);
    for (const more of ['', hourly, '&showDetails=false']) {
      const { items } = await accounts.ask(path(MIDNIGHT - 24, MIDNIGHT, more, other));
      assert.deepEqual(column(items, 'quantity'), [1], more);
    }
  });

  it('refuses what is wrong by name', async () => {
    const cases: [string, number, string][] = [
      [path(MIDNIGHT, MIDNIGHT + 11, hourly), 400, 'RequestEndTimeIsInFuture'],
      [path(MIDNIGHT - 24, MIDNIGHT - 1), 400, 'InvalidProperty'],
      [path(MIDNIGHT, MIDNIGHT), 400, 'InvalidProperty'],
      [path(MIDNIGHT - 24, MIDNIGHT, '&showDetails=perhaps'), 400, 'InvalidProperty'],
      [
        path(MIDNIGHT - 24, MIDNIGHT, '&aggregationGranularity=weekly'),
        400,
        'InvalidAggregationGranularity',
      ],
      [path(MIDNIGHT - 24, MIDNIGHT).replace(VERSION, 'a=b'), 400, 'NoApiVersion'],
      [
        path(MIDNIGHT - 24, MIDNIGHT).replace('2015-06-01', '2015-07-01'),
        400,
        'InvalidApiVersionParameter',
      ],
      [path(MIDNIGHT - 24, MIDNIGHT, '', newId()), 404, 'SubscriptionNotFound'],
      [path(MIDNIGHT - 24, MIDNIGHT).replace(account, 'mine'), 404, 'SubscriptionNotFound'],
    ];
    for (const [address, status, code] of cases) {
      const answered = await accounts.ask(address);
      assert.deepEqual([answered.status, answered.code], [status, code], address);
    }
  });

  it('tells who has no role on the account nothing, be it there or not', async () => {
    const strange = grantOf('Owner', newId());
    for (const whose of [account, newId()]) {
      const { status, code } = await accounts.ask(
        path(MIDNIGHT - 24, MIDNIGHT, '', whose),
        strange,
      );
      assert.deepEqual([status, code], [403, 'AuthorizationFailed']);
    }
    const own = await accounts.ask(
      path(MIDNIGHT - 24, MIDNIGHT),
      grantOf('BillingReader', account),
    );
    assert.equal(own.status, 200);
  });

  it('says which subscriptions are its own, for a path that is shared', async () => {
    const usage = commerceUsage(accounts.api);
    assert.equal(await usage.serves(account.toUpperCase()), true);
    assert.equal(await usage.serves(newId()), false);
    assert.equal(await usage.serves('x'), false);
    assert.equal(TODAY * 24, MIDNIGHT);
  });
});

function uniqueRows(rows: readonly NewRow[]): NewRow[] {
  const byKey = new Map(
    rows.map((row) => [
      [row.registration, row.hour, row.usage, row.name, row.tags, row.meter].join('|'),
      row,
    ]),
  );
  return [...byKey.values()];
}

/** Of the text, since a parsed number may have lost digits. */
function sumOf(pages: readonly Answered[]): string {
  let sum = Decimal.zero;
  for (const { text } of pages) {
    for (const [, quantity = ''] of text.matchAll(/"quantity":([0-9.]+)/g)) {
      sum = sum.add(Decimal.parse(quantity) ?? Decimal.zero);
    }
  }
  return sum.toText();
}

function sumOfRows(rows: readonly NewRow[]): string {
  return rows.reduce((sum, row) => sum.add(Decimal.parse(row.quantity)!), Decimal.zero).toText();
}
