import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { compute, submission, withUsageStamp } from '../../../test/support/usage.ts';

const NOW = Temporal.Instant.from('2026-03-01T11:00:00Z');
const RECORDS = 60;
const HOURS_OF_MONTH = 31 * 24;

describe('records of a month', () => {
  const stamp = withUsageStamp(NOW);
  before(() => stamp.openHour());

  it('are cut into hours, more than one statement carries, and add up to themselves', async () => {
    const [emitter, id] = [await stamp.newEmitter(), await stamp.newSubscription()];
    const month = {
      usageStartTime: '2026-01-01T00:00:00Z',
      usageEndTime: '2026-02-01T00:00:00Z',
      quantity: '100.01',
    };
    const records = Array.from({ length: RECORDS }, () => stamp.usage(id, month));
    const engine = stamp.engine();
    const first = await engine.submit(submission(emitter, ...records));
    assert.deepEqual([first.accepted, first.duplicates], [RECORDS, 0]);
    const second = await engine.submit(submission(emitter, ...records));
    assert.deepEqual([second.accepted, second.duplicates], [0, RECORDS]);
    const { rows } = await stamp.database.pool.query<{ parts: bigint; total: string }>(
      'select count(*) as parts, trim_scale(sum(quantity))::text as total from usage_record where subscription_id = $1',
      [id],
    );
    assert.equal(rows[0]!.parts, BigInt(RECORDS * HOURS_OF_MONTH));
    assert.equal(rows[0]!.total, '6000.6');
  });

  it('make no number for a spelling that its sender may not emit', async () => {
    const id = await stamp.newSubscription();
    const stranger = await stamp.newEmitter({ providers: ['Microsoft.Web'] });
    const spelled = compute.id.toUpperCase();
    const outcome = await stamp
      .engine()
      .submit(submission(stranger, stamp.usage(id, { meterId: spelled })));
    assert.deepEqual(
      outcome.quarantined.map(({ code }) => code),
      ['NotPermittedToEmit'],
    );
    const { rows } = await stamp.database.pool.query(
      'select from meter_spelling where spelled = $1',
      [spelled],
    );
    assert.equal(rows.length, 0);
  });
});
