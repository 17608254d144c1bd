import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { gateBefore } from '../../../test/support/gate.ts';
import { compute, storage, submission, withUsageStamp } from '../../../test/support/usage.ts';
import { SYSTEM } from '../../audit/index.ts';
import { addRoleAssignment } from '../../identity/index.ts';
import type { Database } from '../../platform/index.ts';
import { setSubscriptionState } from '../directory/index.ts';
import type { Outcome } from './batch.ts';
import type { UsageEvent } from './event.ts';

const NOW = Temporal.Instant.from('2026-03-01T11:00:00Z');

function codes({ quarantined }: Outcome): string[] {
  return quarantined.map(({ code }) => code);
}

async function countedQuantity(database: Database, subscriptionId: string): Promise<string> {
  const { rows } = await database.pool.query<{ total: string }>(
    'select trim_scale(coalesce(sum(quantity), 0))::text as total from usage_record where subscription_id = $1',
    [subscriptionId],
  );
  return rows[0]!.total;
}

describe('the intake', () => {
  const stamp = withUsageStamp(NOW);
  const changing = { clock: stamp.clock, actor: SYSTEM };
  before(async () => {
    // The first is the root of the tree, which stays as it is.
    await stamp.newSubscription();
    await stamp.openHour();
  });

  describe('a subscription', () => {
    it('is refused by every engine from the moment it is disabled', async () => {
      const [emitter, id] = [await stamp.newEmitter(), await stamp.newSubscription()];
      const engines = [stamp.engine(), stamp.engine()];
      for (const engine of engines) {
        assert.equal((await engine.submit(submission(emitter, stamp.usage(id)))).accepted, 1);
      }
      await setSubscriptionState(stamp.database.pool, id, 'Disabled', changing);
      for (const engine of engines) {
        const outcome = await engine.submit(submission(emitter, stamp.usage(id)));
        assert.deepEqual(codes(outcome), ['SubscriptionNotActive']);
      }
      await setSubscriptionState(stamp.database.pool, id, 'Enabled', changing);
      for (const engine of engines) {
        assert.equal((await engine.submit(submission(emitter, stamp.usage(id)))).accepted, 1);
      }
      assert.equal(await countedQuantity(stamp.database, id), '5');
    });

    it('is refused in every state but those of an active one', async () => {
      const emitter = await stamp.newEmitter();
      for (const state of ['Disabled', 'Deleting', 'PartiallyDeleted', 'Deleted'] as const) {
        const id = await stamp.newSubscription();
        const taken = async (): Promise<string[]> =>
          codes(await stamp.engine().submit(submission(emitter, stamp.usage(id))));
        for (const active of ['Warned', 'PastDue', 'Enabled'] as const) {
          await setSubscriptionState(stamp.database.pool, id, active, changing);
          assert.deepEqual(await taken(), [], active);
        }
        const way =
          state === 'PartiallyDeleted' || state === 'Deleted' ? (['Deleting'] as const) : [];
        for (const step of [...way, state]) {
          await setSubscriptionState(stamp.database.pool, id, step, changing);
        }
        assert.deepEqual(await taken(), ['SubscriptionNotActive'], state);
      }
    });

    it('that is disabled between the check and the write of a batch is refused', async () => {
      const [emitter, id, other] = [
        await stamp.newEmitter(),
        await stamp.newSubscription(),
        await stamp.newSubscription(),
      ];
      const gate = gateBefore(stamp.database, 'intake-join-hour');
      const engine = stamp.engine({ database: gate.database });
      await engine.submit(submission(emitter, stamp.usage(id)));
      const checked = gate.close();
      const slow = engine.submit(submission(emitter, stamp.usage(id)));
      await checked;
      await setSubscriptionState(stamp.database.pool, id, 'Disabled', changing);
      // Another batch makes the engine read the directory anew while the first still has what it was checked by.
      assert.equal((await engine.submit(submission(emitter, stamp.usage(other)))).accepted, 1);
      gate.open();
      assert.deepEqual(codes(await slow), ['SubscriptionNotActive']);
      assert.equal(await countedQuantity(stamp.database, id), '1.25');
    });

    it('that nobody made is unknown', async () => {
      const id = 'bbbbbbbb-0000-4000-8000-000000000000';
      const outcome = await stamp
        .engine()
        .submit(submission(await stamp.newEmitter(), stamp.usage(id)));
      assert.deepEqual(codes(outcome), ['UnknownSubscription']);
    });
  });

  describe('an emitter', () => {
    it('may emit for the providers and the subscription that its roles name', async () => {
      const [id, other] = [await stamp.newSubscription(), await stamp.newSubscription()];
      const ofProvider = await stamp.newEmitter({ providers: ['Microsoft.compute'] });
      const ofSubscription = await stamp.newEmitter({ scope: `/subscriptions/${id}` });
      const reader = await stamp.newEmitter({ role: 'Reader' });
      const both = [stamp.usage(id), stamp.usage(id, { meterId: storage.id })];
      const engine = stamp.engine();
      const first = await engine.submit(submission(ofProvider, ...both));
      assert.deepEqual(
        first.quarantined.map(({ index, code }) => [index, code]),
        [[1, 'NotPermittedToEmit']],
      );
      const second = await engine.submit(
        submission(ofSubscription, stamp.usage(id), stamp.usage(other)),
      );
      assert.deepEqual(
        second.quarantined.map(({ index, code }) => [index, code]),
        [[1, 'NotPermittedToEmit']],
      );
      assert.deepEqual(codes(await engine.submit(submission(reader, stamp.usage(id)))), [
        'NotPermittedToEmit',
      ]);
    });

    it('may emit more from the moment it is given a role, on every engine', async () => {
      const [id, other] = [await stamp.newSubscription(), await stamp.newSubscription()];
      const emitter = await stamp.newEmitter({ scope: `/subscriptions/${id}` });
      const engines = [stamp.engine(), stamp.engine()];
      for (const engine of engines) {
        assert.deepEqual(codes(await engine.submit(submission(emitter, stamp.usage(other)))), [
          'NotPermittedToEmit',
        ]);
      }
      const { principalId, tenantId: principalTenantId } = emitter;
      await addRoleAssignment(
        stamp.database.pool,
        {
          principalId,
          principalTenantId,
          principalType: 'ServicePrincipal',
          role: 'Emitter',
          scope: `/subscriptions/${other}`,
        },
        { clock: stamp.clock, actor: SYSTEM },
      );
      for (const engine of engines) {
        assert.equal((await engine.submit(submission(emitter, stamp.usage(other)))).accepted, 1);
      }
    });
  });

  describe('a meter', () => {
    it('keeps the case in which it was emitted, and is one meter in any', async () => {
      const [emitter, id] = [await stamp.newEmitter(), await stamp.newSubscription()];
      const spelled = [compute.id.toUpperCase(), compute.id.toLowerCase()];
      const events = spelled.map((meterId) => stamp.usage(id, { meterId }));
      assert.equal((await stamp.engine().submit(submission(emitter, ...events))).accepted, 2);
      const { rows } = await stamp.database.pool.query<{ spelled: string[]; meters: bigint }>(
        `select array_agg(s.spelled order by s.spelled) as spelled, count(distinct s.meter) as meters
       from usage_record r join meter_spelling s using (spelling) where r.subscription_id = $1`,
        [id],
      );
      assert.deepEqual(rows[0], { spelled: spelled.toSorted(), meters: 1n });
    });

    it('that nobody knows keeps its record aside, whatever characters are in it', async () => {
      const [emitter, id] = [await stamp.newEmitter(), await stamp.newSubscription()];
      const strange = ['nothing', 'x\u0000y', '\ud800', 'x'.repeat(100_000)];
      const events = strange.map((meterId) =>
        stamp.usage(id, { meterId, id: `strange ${meterId}`, source: `s\u0000` }),
      );
      const outcome = await stamp.engine().submit(submission(emitter, ...events, stamp.usage(id)));
      assert.deepEqual(
        codes(outcome),
        strange.map(() => 'UnknownMeter'),
      );
      assert.equal(outcome.accepted, 1);
    });
  });

  describe('counts-once', () => {
    it('holds within one batch, and between batches', async () => {
      const [emitter, id] = [await stamp.newEmitter(), await stamp.newSubscription()];
      const [one, two] = [stamp.usage(id), stamp.usage(id)];
      const altered = { ...one, quantity: '2' };
      const engine = stamp.engine();
      const first = await engine.submit(submission(emitter, one, two, one, altered));
      assert.deepEqual(
        [first.accepted, first.duplicates, codes(first)],
        [2, 1, ['RecordConflict']],
      );
      assert.equal(first.quarantined[0]?.index, 3);
      const again = await stamp
        .engine()
        .submit(submission(emitter, altered, one, two, stamp.usage(id)));
      assert.deepEqual(
        [again.accepted, again.duplicates, codes(again)],
        [1, 2, ['RecordConflict']],
      );
      assert.equal(await countedQuantity(stamp.database, id), '3.75');
    });

    it('holds for submissions that are committed together and come at the same time', async () => {
      const [emitter, id] = [await stamp.newEmitter(), await stamp.newSubscription()];
      const events = Array.from({ length: 50 }, () => stamp.usage(id));
      const engines = [stamp.engine(), stamp.engine()];
      const outcomes = await Promise.all(
        Array.from({ length: 12 }, (_, i) =>
          engines[i % 2]!.submit(
            submission(emitter, ...(i % 3 === 0 ? events.toReversed() : events)),
          ),
        ),
      );
      assert.equal(
        outcomes.reduce((sum, { accepted }) => sum + accepted, 0),
        50,
      );
      assert.equal(
        outcomes.reduce((sum, { duplicates }) => sum + duplicates, 0),
        550,
      );
      assert.equal(await countedQuantity(stamp.database, id), '62.5');
    });

    it('tells a repeat from the same id with anything else altered', async () => {
      const [emitter, id, other] = [
        await stamp.newEmitter(),
        await stamp.newSubscription(),
        await stamp.newSubscription(),
      ];
      const record = stamp.usage(id);
      const engine = stamp.engine();
      await engine.submit(submission(emitter, record));
      const alterations: Partial<UsageEvent>[] = [
        { usageStartTime: '2026-03-01T08:00:00.000001Z' },
        { usageEndTime: '2026-03-01T08:59:00Z' },
        { quantity: '1.2500001' },
        { tags: '{"a":"b"}' },
        { location: 'Local' },
        { additionalInfo: 'x' },
        { meterId: storage.id },
        { ...stamp.usage(other), id: record.id },
      ];
      for (const change of alterations) {
        const outcome = await engine.submit(submission(emitter, { ...record, ...change }));
        assert.deepEqual(codes(outcome), ['RecordConflict'], JSON.stringify(change));
      }
      const sameThings: Partial<UsageEvent>[] = [
        { usageStartTime: '2026-03-01T09:00:00+01:00' },
        { quantity: '1.250' },
        { subscriptionId: id.toUpperCase() },
        { meterId: compute.id.toUpperCase() },
      ];
      for (const change of sameThings) {
        const outcome = await engine.submit(submission(emitter, { ...record, ...change }));
        assert.deepEqual([outcome.duplicates, codes(outcome)], [1, []], JSON.stringify(change));
      }
      assert.equal(await countedQuantity(stamp.database, id), '1.25');
      assert.equal(await countedQuantity(stamp.database, other), '0');
      const elsewhere = await engine.submit(submission(emitter, { ...record, source: 'other' }));
      assert.equal(elsewhere.accepted, 1);
    });
  });

  describe('room for requests', () => {
    it('is bounded: beyond it the caller is sent away for a while', () => {
      const engine = stamp.engine({ queueBytes: 1000 });
      const first = engine.reserve(600);
      const refused = { code: 'ServiceUnavailable', status: 503, headers: { 'retry-after': '1' } };
      assert.throws(() => engine.reserve(401), refused);
      const second = engine.reserve(400);
      assert.throws(() => second.growTo(401), refused);
      assert.equal(engine.counters.rejectedBusy, 2);
      first.release();
      first.release();
      second.growTo(5000);
      assert.equal(engine.reservedBytes, 5000);
      second.release();
      assert.equal(engine.reservedBytes, 0);
      engine.reserve(1_000_000).release();
    });

    it('is not taken by one caller alone', () => {
      const engine = stamp.engine({ queueBytes: 1000 });
      const refused = { code: 'ServiceUnavailable' };
      const first = engine.reserve(500, 'greedy');
      const second = engine.reserve(250, 'greedy');
      assert.throws(() => engine.reserve(1, 'greedy'), refused);
      assert.throws(() => second.growTo(251), refused);
      const other = engine.reserve(250, 'other');
      assert.throws(() => other.growTo(251), refused);
      first.release();
      engine.reserve(500, 'greedy').release();
      second.release();
      other.release();
      assert.equal(engine.reservedBytes, 0);
    });
  });
});
