import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { hourNumber, parseResourceUri } from '../../../kernel/index.ts';
import { amount, fortnightOfRecords, nameOf, stamp, start } from './fixture.ts';
import { toCloudEvent } from './record.ts';
import { recordsReportedIn, resourcesIn, simulatedStamp } from './simulator.ts';

const fortnight = fortnightOfRecords();

describe('the simulated stamp', () => {
  it('has three customer directories beside the own one, eight subscriptions beside the default one', () => {
    assert.equal(stamp.directories.length, 4);
    assert.equal(stamp.subscriptions.length, 9);
    const [provider, ...customers] = stamp.subscriptions;
    assert.equal(provider?.displayName, 'Default Provider Subscription');
    assert.equal(provider?.tenantId, stamp.directories[0]?.tenantId);
    assert.equal(new Set(customers.map((one) => one.tenantId)).size, 3);
    assert.equal(new Set(stamp.subscriptions.map((one) => one.subscriptionId)).size, 9);
    assert.ok(
      customers.every((one) => one.delegatedProviderSubscriptionId === provider?.subscriptionId),
    );
    assert.ok(stamp.subscriptions.every((one) => /^[^@ ]+@[a-z-]+\.example$/.test(one.owner)));
  });

  it('has about 400 resources at any time, for any seed', () => {
    for (const seed of ['demo', 'a', '2', 'winter']) {
      const other = simulatedStamp(seed, 'local', start);
      for (let hour = 0; hour < 24 * 90; hour += 331) {
        const live = resourcesIn(other, hourNumber(start + hour));
        assert.ok(live.length > 370 && live.length < 450, `${live.length} resources`);
        assert.equal(new Set(live.map((uri) => uri.toLowerCase())).size, live.length);
      }
    }
  });

  it('gives the same records again, in any order, and from any start', () => {
    const hour = fc.integer({ min: 3, max: 2_000 });
    const late = simulatedStamp('demo', 'local', hourNumber(start - 700));
    fc.assert(
      fc.property(hour, (offset) => {
        const reported = hourNumber(start + offset);
        const records = recordsReportedIn(simulatedStamp('demo', 'local', start), reported);
        assert.deepEqual(recordsReportedIn(stamp, reported), records);
        assert.deepEqual(recordsReportedIn(late, reported), records);
      }),
      { numRuns: 20 },
    );
  });

  it('differs from seed to seed', () => {
    const other = simulatedStamp('other', 'local', start);
    assert.notEqual(other.subscriptions[1]?.subscriptionId, stamp.subscriptions[1]?.subscriptionId);
    const ids = new Set(fortnight.map((record) => record.source));
    assert.ok(recordsReportedIn(other, start).every((record) => !ids.has(record.source)));
  });

  it('never gives two records the same id', () => {
    assert.ok(fortnight.length > 400_000);
    assert.equal(
      new Set(fortnight.map((record) => `${record.source} ${record.id}`)).size,
      fortnight.length,
    );
  });

  it('writes records as an emitter does', () => {
    const subscriptions = new Set(stamp.subscriptions.map((one) => one.subscriptionId));
    for (const record of fortnight.slice(0, 40_000)) {
      assert.notEqual(nameOf(record), '');
      const value = amount(record);
      assert.equal(value.toText(), record.quantity);
      assert.ok(!value.isNegative() && !value.isZero());
      assert.ok(subscriptions.has(record.subscriptionId));
      assert.equal(parseResourceUri(record.resourceUri)?.subscriptionId, record.subscriptionId);
      assert.equal(record.location, 'local');
      assert.match(record.usageStartTime, /^\d{4}-\d\d-\d\dT\d\d:00:00\+00:00$/);
      const length = Temporal.Instant.from(record.usageStartTime).until(record.usageEndTime);
      assert.equal(length.total('hours'), 1);
    }
  });

  it('has no use from before its start', () => {
    const first = '2026-03-02T00:00:00+00:00';
    assert.ok(fortnight.every((record) => record.usageStartTime >= first));
    assert.ok(fortnight.some((record) => record.usageStartTime === first));
  });

  it('makes CloudEvents of records', () => {
    const [record] = fortnight;
    assert.ok(record);
    const { id, source, ...data } = record;
    const event = toCloudEvent(record);
    assert.deepEqual(event.data, data);
    assert.equal(event.type, 'stackmeter.usage');
    assert.equal(event.specversion, '1.0');
    assert.deepEqual([event.id, event.source], [id, source]);
  });
});
