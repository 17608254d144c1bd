import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseDirectoryTenantId, parsePrincipalId } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import { EmitterActivity } from './emitter-activity.ts';

const CALLER = {
  kind: 'client',
  principalId: parsePrincipalId('11111111-0000-4000-8000-000000000001')!,
  tenantId: parseDirectoryTenantId('dddddddd-0000-4000-8000-000000000001')!,
} as const;

const heardAt = (time: string, records: number) => ({
  caller: CALLER,
  spelling: 1,
  reportedHour: 490_000,
  records,
  lastAt: Temporal.Instant.from(time),
});

/** What is written: times and numbers of records. */
function recorder(work: () => void) {
  const written: [string, string][] = [];
  const db = {
    query: (_text: string, values: readonly (readonly unknown[])[]) => {
      work();
      if (values.length > 1) written.push([String(values[5]), String(values[4])]);
      return Promise.resolve({ rows: [], rowCount: 0 });
    },
  };
  return { db: db as unknown as Queryable, written };
}

describe('what was heard of an emitter', () => {
  it('keeps the latest time when writing fails while it is heard again', async () => {
    const activity = new EmitterActivity();
    activity.note([heardAt('2026-03-01T10:00:00Z', 1)]);
    const failing = recorder(() => {
      activity.note([heardAt('2026-03-01T10:05:00Z', 2)]);
      throw new Error('no');
    });
    await assert.rejects(activity.save(failing.db), /no/);
    const saving = recorder(() => undefined);
    await activity.save(saving.db);
    assert.deepEqual(saving.written, [['2026-03-01T10:05:00Z', '3']]);
  });

  it('keeps the latest time whatever the order in which batches end', async () => {
    const activity = new EmitterActivity();
    activity.note([heardAt('2026-03-01T10:05:00Z', 1)]);
    activity.note([heardAt('2026-03-01T10:00:00Z', 1)]);
    const saving = recorder(() => undefined);
    await activity.save(saving.db);
    assert.deepEqual(saving.written, [['2026-03-01T10:05:00Z', '2']]);
  });
});
