import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Decimal, hourNumber } from '../../../kernel/index.ts';
import { coresOf } from './families/machine-types.ts';
import { amount, fortnightOfRecords, hourAt, nameOf, stamp, start, typeOf } from './fixture.ts';
import { recordsReportedIn, resourcesIn, simulatedStamp } from './simulator.ts';

const fortnight = fortnightOfRecords();

describe('emitters of the simulated stamp', () => {
  it('give each VM hour its hours and exactly one of Windows and Base cores', () => {
    const hours = new Map<string, { hours: Decimal[]; cores: Decimal[]; size: number }>();
    for (const record of fortnight) {
      if (typeOf(record) !== 'Microsoft.Compute/virtualMachines') continue;
      const { resourceUri, tags, additionalInfo, usageStartTime } = record;
      const key = JSON.stringify([resourceUri, tags, additionalInfo, usageStartTime]);
      const info: unknown = JSON.parse(additionalInfo);
      assert.ok(typeof info === 'object' && info !== null && 'ServiceType' in info);
      assert.deepEqual(Object.keys(info), [
        'ServiceType',
        'ImageType',
        'Publisher',
        'Offer',
        'Sku',
      ]);
      const size = coresOf(String(info.ServiceType));
      assert.ok(size);
      const found = hours.get(key) ?? { hours: [], cores: [], size };
      (nameOf(record) === 'VM size hours' ? found.hours : found.cores).push(amount(record));
      hours.set(key, found);
    }
    let fractions = 0;
    for (const [key, { hours: lengths, cores, size }] of hours) {
      assert.equal(lengths.length, 1, key);
      assert.equal(cores.length, 1, key);
      const [length, used] = [lengths[0], cores[0]];
      assert.ok(length && used);
      assert.ok(used.equals(length.multiply(Decimal.fromBigInt(BigInt(size)))), key);
      if (!length.equals(Decimal.fromBigInt(1n))) fractions++;
    }
    assert.ok(hours.size > 20_000);
    assert.ok(fractions > 100, `${fractions} part hours`);
  });

  it('hand over with the lag of their family', () => {
    const lags = new Map<string, Map<number, number>>();
    for (let hour = 24; hour < 24 * 8; hour++) {
      const reported = hourNumber(start + hour);
      for (const record of recordsReportedIn(stamp, reported)) {
        const lag = reported - hourAt(record.usageStartTime);
        const family = nameOf(record).endsWith('Capacity') ? 'capacity' : typeOf(record);
        const counts = lags.get(family) ?? new Map<number, number>();
        lags.set(family, counts.set(lag, (counts.get(lag) ?? 0) + 1));
      }
    }
    const lagsOf = (family: string): number[] =>
      [...(lags.get(family)?.keys() ?? [])].toSorted((a, b) => a - b);
    assert.deepEqual(lagsOf('capacity'), [1]);
    assert.deepEqual(lagsOf('Microsoft.Compute/virtualMachines'), [1, 2]);
    assert.deepEqual(lagsOf('Microsoft.Compute/disks'), [0]);
    for (const family of lags.keys()) {
      if (!family.startsWith('Microsoft.Compute') && family !== 'capacity') {
        assert.deepEqual(lagsOf(family), [0, 1], family);
      }
    }
    const machines = lags.get('Microsoft.Compute/virtualMachines');
    const late = (machines?.get(2) ?? 0) * 6;
    const all = (machines?.get(1) ?? 0) + (machines?.get(2) ?? 0);
    assert.ok(
      late > all * 0.8 && late < all * 1.2,
      'about a sixth of the machines comes two hours late',
    );
  });

  it('count a disk that lives the whole month as exactly one', () => {
    for (const [month, hours] of [
      ['2026-02-01T00:00Z', 672],
      ['2026-05-01T00:00Z', 744],
    ] as const) {
      const from = hourAt(month);
      const tierNames = /^[SP]\d+$/;
      const sums = new Map<string, { sum: Decimal; hours: number }>();
      const whole = simulatedStamp('demo', 'local', from);
      for (let hour = 0; hour < hours; hour++) {
        for (const record of recordsReportedIn(whole, hourNumber(from + hour))) {
          if (!tierNames.test(nameOf(record))) continue;
          const found = sums.get(record.resourceUri) ?? { sum: Decimal.zero, hours: 0 };
          sums.set(record.resourceUri, {
            sum: found.sum.add(amount(record)),
            hours: found.hours + 1,
          });
        }
      }
      const before = new Set(resourcesIn(whole, hourNumber(from - 1)));
      const after = resourcesIn(whole, hourNumber(from + hours));
      const complete = after.filter((uri) => before.has(uri) && sums.get(uri)?.hours === hours);
      assert.ok(complete.length > 60, `${complete.length} disks`);
      for (const uri of complete) assert.equal(sums.get(uri)?.sum.toText(), '1', uri);
      const one = Decimal.fromBigInt(1n);
      assert.ok([...sums.values()].every((disk) => disk.sum.compare(one) <= 0));
    }
  });

  it('write URIs, tags and additionalInfo each in their own way', () => {
    const seen = new Set<string>();
    for (const record of fortnight) {
      const type = typeOf(record);
      const group = record.resourceUri.split('/')[4] ?? '';
      if (type === 'Microsoft.Storage/storageAccounts') {
        assert.match(record.resourceUri, /\/resourcegroups\//);
        assert.match(record.meterId, /^[0-9A-F-]{36}$/);
        assert.equal(record.additionalInfo, '');
      } else {
        assert.match(record.resourceUri, /\/resourceGroups\//);
      }
      if (type === 'Microsoft.Compute/disks') {
        assert.equal(group, group.toUpperCase());
        assert.equal(record.additionalInfo, '');
        assert.match(record.meterId, /^[0-9a-f-]{36}$/);
      }
      if (type === 'Microsoft.Network/publicIPAddresses') {
        assert.match(record.additionalInfo, /^(InUse|Deleted)$/);
        assert.match(record.meterId, /^[0-9A-F]{32}$/);
        assert.equal(record.quantity, '1');
        seen.add(record.additionalInfo);
      }
      if (type === 'Microsoft.Web/sites') {
        assert.match(record.additionalInfo, /^\{"AppServicePlanUri":"\/subscriptions\//);
      }
      if (type === 'Microsoft.Compute/virtualMachines') {
        assert.ok(record.tags === 'null' || record.tags.startsWith('{'));
      } else {
        assert.ok(record.tags === '' || record.tags.startsWith('{'));
      }
      seen.add(type).add(nameOf(record));
    }
    for (const wanted of [
      'Deleted',
      'InUse',
      'Microsoft.Compute/snapshots',
      'Web Process',
      '1 Core',
    ]) {
      assert.ok(seen.has(wanted), `nothing seen of ${wanted}`);
    }
  });

  it('charge the workers of App Service to the default provider subscription, and nothing else', () => {
    const provider = stamp.subscriptions[0]?.subscriptionId;
    for (const record of fortnight) {
      assert.equal(record.subscriptionId === provider, nameOf(record) === 'App Service');
    }
  });

  it('follow the day and the week', () => {
    const requests = new Map<string, Decimal>();
    for (const record of fortnight) {
      if (nameOf(record) !== 'TableTransactions') continue;
      if (!record.resourceUri.includes('portplanning')) continue;
      const hour = record.usageStartTime.slice(0, 13);
      requests.set(hour, (requests.get(hour) ?? Decimal.zero).add(amount(record)));
    }
    const at = (hour: string): Decimal => requests.get(hour) ?? Decimal.zero;
    assert.ok(at('2026-03-04T10').compare(at('2026-03-04T02')) > 0, 'busier by day than by night');
    assert.ok(
      at('2026-03-04T10').compare(at('2026-03-08T10')) > 0,
      'busier on Wednesday than on Sunday',
    );
  });
});
