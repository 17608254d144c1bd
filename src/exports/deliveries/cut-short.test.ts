import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { SYSTEM } from '../../audit/index.ts';
import { withTestStore } from '../../../test/support/s3-store.ts';
import { askForRun } from './ask.ts';
import { putExport } from './change.ts';
import { runDueExports } from './due.ts';
import type { ExportChange } from './export-fields.ts';
import { withTestExports } from './test-exports.ts';

describe('a run that was cut short and never gone on with', () => {
  const exported = withTestExports();
  const hub = withTestStore();
  before(() => exported.open());

  it('leaves nothing in a hub once another is delivered', async () => {
    const { story } = exported;
    const room = { ...exported.room, partRows: 20 };
    const destination = { kind: 's3', ...hub.target } as const;
    const form = { format: 'parquet', layout: 'finops-hub' } as const;
    const one = await exported.add({ dataset: 'focus-1.2', ...form, destination });
    const ask = () => askForRun(story.database.pool, one.exportId, ['202609-1'], story.clock.now());
    const change = (said: ExportChange) =>
      story.database.transaction((tx) =>
        putExport(tx, one, one, said, { clock: story.clock, actor: SYSTEM, mayChooseFolder: true }),
      );
    await ask();
    const stopped = new AbortController();
    hub.answer = (request) => {
      if (request.url?.includes('-00002.parquet') === true) stopped.abort();
      return false;
    };
    await runDueExports(room, stopped.signal);
    hub.answer = () => false;
    await change({ state: 'Disabled' });
    await change({ state: 'Enabled' });
    await ask();
    assert.equal((await runDueExports(room)).succeeded, 1);
    const data = [...hub.objects.keys()].filter((key) => key.endsWith('.parquet'));
    assert.deepEqual(
      data.filter((key) => !key.includes('v000002')),
      [],
    );
    assert.ok(data.length > 0);
  });
});
