import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { compute, storage, submission, withUsageStamp } from '../../../test/support/usage.ts';
import { hourOf, type SubscriptionId } from '../../kernel/index.ts';
import { closeWindows, openPresentHour } from './closer.ts';
import { recordsOfRow, type RowName } from './records.ts';
import { applyRetention } from './retention.ts';

const START = Temporal.Instant.from('2026-03-01T10:00:00Z');
const FIRST: number = hourOf(START);
const HOUR_MS = 3_600_000;

describe('the records of a row', () => {
  const stamp = withUsageStamp(START);
  let id: SubscriptionId;
  let name: RowName;

  before(async () => {
    id = await stamp.newSubscription();
    const emitter = await stamp.newEmitter();
    const engine = stamp.engine();
    await stamp.openHour();
    const quantities = ['0.1', '2', '0.000000000001'];
    const events = quantities.map((quantity) => stamp.usage(id, { meterId: compute.id, quantity }));
    const outcome = await engine.submit(
      submission(emitter, ...events, stamp.usage(id, { meterId: storage.id, quantity: '7' })),
    );
    assert.equal(outcome.accepted, 4);
    stamp.clock.advance(HOUR_MS);
    await openPresentHour(stamp);
    await closeWindows(stamp, stamp.clock.now());
    const { rows } = await stamp.database.pool.query<
      Pick<RowName, 'resourceUri' | 'location' | 'tags' | 'additionalInfo' | 'usageHour'>
    >(
      `select resource_uri as "resourceUri", location, tags, additional_info as "additionalInfo",
              usage_hour as "usageHour"
       from usage_hourly join resource using (subscription_id, resource_key) join meter using (meter)
       where meter_key = lower($1)`,
      [compute.id],
    );
    assert.equal(rows.length, 1);
    name = { ...rows[0]!, subscriptionId: id, meterId: compute.id, reportedHour: FIRST };
  });

  it('are those that it was summed up from, and no others', async () => {
    const found = await recordsOfRow(stamp.database.pool, {
      ...name,
      meterId: compute.id.toUpperCase(),
    });
    assert.ok(found.state === 'found');
    assert.deepEqual(found.records.map(({ quantity }) => quantity.toText()).toSorted(), [
      '0.000000000001',
      '0.1',
      '2',
    ]);
    assert.equal(found.more, false);
    assert.equal(new Set(found.records.map(({ recordKey }) => recordKey)).size, 3);
  });

  it('are not here when the row is not', async () => {
    for (const other of [
      { subscriptionId: '99999999-0000-4000-8000-000000000001' },
      { tags: '{"other":"tags"}' },
      { reportedHour: FIRST + 1 },
      { reportedHour: FIRST - 1 },
      { usageHour: name.usageHour - 1 },
      { meterId: 'no such meter' },
    ]) {
      const found = await recordsOfRow(stamp.database.pool, { ...name, ...other });
      assert.deepEqual(found, { state: 'elsewhere' }, JSON.stringify(other));
    }
  });

  it('are told to be gone when they are past their retention', async () => {
    stamp.clock.advance(24 * HOUR_MS);
    await openPresentHour(stamp);
    await closeWindows(stamp, stamp.clock.now());
    const later = START.add({ hours: 24 * 40 });
    await applyRetention(stamp.database, later, { recordDays: 30, hourlyDays: 400 });
    assert.deepEqual(await recordsOfRow(stamp.database.pool, name), { state: 'expired' });
  });
});
