import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import type { ServerResponse } from 'node:http';
import { systemClock } from '../../platform/index.ts';
import { withTestStore } from '../../../test/support/s3-store.ts';
import { askForRun } from './ask.ts';
import { createExportRunner, runDueExports } from './due.ts';
import type { ExportDefinition } from './export.ts';
import { listRuns, type ExportRun } from './run-store.ts';
import { findExport } from './store.ts';
import { treeOf, withTestExports } from './test-exports.ts';

describe('exports that are due', () => {
  const exported = withTestExports();
  const store = withTestStore();
  let slow: ExportDefinition;
  let quick: ExportDefinition;
  const held: ServerResponse[] = [];

  before(async () => {
    await exported.open();
    slow = await exported.add({
      dataset: 'focus-1.4',
      destination: { kind: 's3', ...store.target },
    });
    quick = await exported.add({
      dataset: 'focus-1.4',
      destination: { kind: 'folder', path: 'quick' },
    });
  });
  after(() => {
    for (const response of held) response.destroy();
  });

  /** From now on the store takes requests and says nothing. */
  function hang(): void {
    store.answer = (_request, response) => held.push(response) > 0;
  }

  async function ask({ exportId }: ExportDefinition): Promise<void> {
    const { database, clock } = exported.story;
    await askForRun(database.pool, exportId, ['202609-1'], clock.now());
  }

  async function latest({ exportId }: ExportDefinition): Promise<ExportRun> {
    const [run] = await listRuns(exported.story.database.pool, exportId, { limit: 1 });
    assert.ok(run);
    return run;
  }

  async function until(what: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await what())) await systemClock.sleep(20);
  }

  it('do not wait for a store that is slow, and none holds a transaction open for it', async () => {
    hang();
    const { story, room } = exported;
    const { pool } = story.database;
    await ask(slow);
    const running = runDueExports({ ...room, patienceMs: 4000 });
    const count = held.length;
    await until(() => held.length > count);
    const { rows } = await pool.query<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid() and xact_start is not null`,
    );
    assert.equal(rows[0]?.count, 0);
    await askForRun(pool, quick.exportId, undefined, story.clock.now());
    assert.equal((await runDueExports(room)).succeeded, 1);
    assert.equal((await latest(slow)).state, 'Running');
    assert.equal((await running).retried, 1);
    assert.match((await latest(slow)).problem ?? '', /the store does not answer/);
    assert.equal(treeOf(`${exported.folder}/.staging`).size, 0);
  });

  it('are tried again later when an attempt has taken too long', async () => {
    const { story, room } = exported;
    story.clock.set((await latest(slow)).nextAttemptAt!);
    assert.equal((await runDueExports({ ...room, attemptMs: 500 })).retried, 1);
    assert.match((await latest(slow)).problem ?? '', /not done after/);
  });

  it('are gone on with after a stop, which waits for no store', async () => {
    const { story, room } = exported;
    story.clock.set((await latest(slow)).nextAttemptAt!);
    const { attempts } = await latest(slow);
    const count = held.length;
    const runner = createExportRunner({
      ...room,
      clock: { ...systemClock, now: () => story.clock.now() },
    });
    runner.start();
    await until(() => held.length > count);
    const started = systemClock.monotonicMs();
    await runner.stop();
    assert.ok(systemClock.monotonicMs() - started < 5000);
    const left = await latest(slow);
    assert.deepEqual([left.state, left.attempts], ['Running', attempts]);
    store.answer = () => false;
    assert.equal((await runDueExports(room)).succeeded, 1);
    assert.ok(store.objects.has('at/las/202609-1/manifest.json'));
  });

  it('are put off when the connection is lost that kept others away', async () => {
    hang();
    const { story, room } = exported;
    await ask(slow);
    const count = held.length;
    const running = runDueExports(room);
    await until(() => held.length > count);
    await story.database.pool.query(
      `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and classid = 7328`,
    );
    store.answer = () => false;
    for (const response of held.splice(0)) response.destroy();
    await running;
    const run = await latest(slow);
    assert.equal(run.state === 'Succeeded' || run.attempts === 0, true);
    await runDueExports(room);
    assert.equal((await latest(slow)).state, 'Succeeded');
  });

  it('take their turn when they are scheduled while another run is under way', async () => {
    hang();
    const { story, room } = exported;
    const daily = await exported.add({
      dataset: 'focus-1.4',
      schedule: 'daily',
      destination: { kind: 's3', ...store.target, prefix: 'daily' },
    });
    await ask(daily);
    const running = runDueExports(room);
    const count = held.length;
    await until(() => held.length > count);
    const due = daily.nextRunAt!;
    story.clock.set(due);
    await runDueExports(room);
    const { pool } = story.database;
    assert.equal(String((await findExport(pool, daily.exportId))?.nextRunAt), String(due));
    store.answer = () => false;
    for (const response of held.splice(0)) response.destroy();
    await running;
    story.clock.set(due.add({ hours: 1 }));
    await runDueExports(room);
    await runDueExports(room);
    const causes = (await listRuns(pool, daily.exportId, { limit: 5 })).map(
      ({ cause, state }) => `${cause} ${state}`,
    );
    assert.deepEqual(causes, ['schedule Succeeded', 'request Succeeded']);
    const next = (await findExport(pool, daily.exportId))?.nextRunAt;
    assert.equal(String(next), String(due.add({ hours: 24 })));
  });
});
