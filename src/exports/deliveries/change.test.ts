import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { SYSTEM } from '../../audit/index.ts';
import { withTestStore } from '../../../test/support/s3-store.ts';
import { askForRun } from './ask.ts';
import { putExport, removeExport } from './change.ts';
import { runDueExports } from './due.ts';
import type { ExportChange } from './export-fields.ts';
import type { ExportDefinition } from './export.ts';
import { ExportLocks } from './locks.ts';
import { filesOfRun } from './run-files.ts';
import { beginRun, endRun, findRun, listRuns, retryRun } from './run-store.ts';
import { findExport, listExports } from './store.ts';
import { treeOf, withTestExports } from './test-exports.ts';
import { ownFolderBytes } from './version-store.ts';

type Store = Extract<ExportChange['destination'], { kind: 's3' }>;

describe('changes of exports', () => {
  const exported = withTestExports();
  const store = withTestStore();
  before(() => exported.open());

  /** As somebody who may do so on the account alone, unless said otherwise. */
  async function put(
    change: ExportChange,
    present?: ExportDefinition,
    mayChooseFolder = false,
  ): Promise<ExportDefinition> {
    const { story, customer } = exported;
    const named = { exportId: present?.exportId ?? randomUUID(), accountId: customer.accountId };
    const changing = { clock: story.clock, actor: SYSTEM, mayChooseFolder };
    return story.database.transaction(async (tx) => {
      const locked = present && (await findExport(tx, present.exportId, { lock: true }));
      return putExport(tx, named, locked, change, changing);
    });
  }

  async function remove({ exportId }: ExportDefinition): Promise<void> {
    const { story } = exported;
    const changing = { clock: story.clock, actor: SYSTEM };
    await story.database.transaction((tx) => removeExport(tx, exportId, changing));
  }

  async function run({ exportId }: ExportDefinition, periods?: readonly string[]): Promise<string> {
    const { pool } = exported.story.database;
    const { runId } = await askForRun(pool, exportId, periods, exported.story.clock.now());
    await runDueExports(exported.room);
    const done = await findRun(pool, exportId, runId);
    assert.equal(done?.state, 'Succeeded', done?.problem ?? '');
    return runId;
  }

  const storeAt = (endpoint: string, more: Partial<Store> = {}): { destination: Store } => {
    const { accessKeyId, secretAccessKey, region } = store.target;
    const key = { accessKeyId, secretAccessKey, region };
    return {
      destination: { kind: 's3', endpoint, bucket: 'costs', prefix: 'x', ...key, ...more },
    };
  };

  describe('where files go', () => {
    const dataset = 'focus-1.4';

    it('is the public internet for tenants, and anywhere for the operator', async () => {
      for (const endpoint of [
        store.target.endpoint,
        'https://127.0.0.1:9443',
        'https://10.0.0.1',
        'https://169.254.169.254/latest',
        'https://[::1]',
        'http://localhost:9000',
      ]) {
        const field = /destination\.endpoint/;
        await assert.rejects(put({ dataset, ...storeAt(endpoint) }), field, endpoint);
      }
      const inner = await put({ dataset, ...storeAt(store.target.endpoint) }, undefined, true);
      await run(inner, ['202609-1']);
      assert.equal(store.objects.size, 5);
      const renamed = await put({ ...storeAt(store.target.endpoint, { prefix: 'y' }) }, inner);
      assert.equal(renamed.reach, 'network');
      const other = storeAt(store.target.endpoint, { bucket: 'other' });
      await assert.rejects(put(other, inner), /destination\.endpoint/);
      await remove(inner);
    });

    it('is not reached by a name that stands for an inner address', async () => {
      const { port } = new URL(store.target.endpoint);
      const inward = storeAt(`https://localhost:${port}`, { prefix: 'z' });
      const made = await put({ dataset, ...storeAt(`https://localhost:${port}`) });
      // Nor by the operator's hand, who changes something else of it.
      const one = await put({ ...inward }, made, true);
      assert.equal(one.reach, 'public');
      const { pool } = exported.story.database;
      await askForRun(pool, one.exportId, ['202609-1'], exported.story.clock.now());
      const asked = store.asked.length;
      assert.equal((await runDueExports(exported.room)).retried, 1);
      assert.equal(store.asked.length, asked);
      await remove(one);
    });

    it('is that of one export alone', async () => {
      const first = await put({ dataset, ...storeAt('https://s3.example.org', { prefix: 'a/b' }) });
      for (const [endpoint, prefix] of [
        ['https://s3.example.org', 'a/b'],
        ['https://s3.example.org/', 'a'],
        ['https://S3.example.org:443', 'a/b/c'],
        ['https://s3.example.org', ''],
      ] as const) {
        const taken = put({ dataset, ...storeAt(endpoint, { prefix }) });
        await assert.rejects(taken, { code: 'Conflict' }, `${endpoint} ${prefix}`);
      }
      const beside = await put({
        dataset,
        ...storeAt('https://s3.example.org', { prefix: 'a/bc' }),
      });
      await remove(first);
      await remove(beside);
      for (const path of ['adapters', 'Adapters/x']) {
        const reserved = put({ dataset, destination: { kind: 'folder', path } }, undefined, true);
        await assert.rejects(reserved, { code: 'Conflict' }, path);
      }
    });

    it('is looked up among all exports, however many there are', async () => {
      const { pool } = exported.story.database;
      const one = await put({ dataset });
      await pool.query(
        `insert into export_definition select gen_random_uuid(), account_id, name, view, dataset, format, layout,
           delivery, schedule, granularity, destination_kind, 'many/' || n, 'folder:/many/' || n || '/', reach, secret,
           state, next_run_at, created_at + n * interval '1 second'
         from export_definition, generate_series(1, 1001) n where export_id = $1`,
        [one.exportId],
      );
      const path = 'many/1001';
      const taken = exported.add({ dataset, destination: { kind: 'folder', path } });
      await assert.rejects(taken, /within that of another|the most that there are/);
      assert.ok((await listExports(pool)).length > 1001);
      await assert.rejects(put({ dataset }), /has 50 exports/);
      await pool.query(`delete from export_definition where destination like 'many/%'`);
      await remove(one);
    });

    it('goes with the export where it is its own, and only there', async () => {
      const one = await put({ dataset });
      await run(one, ['202609-1']);
      const folder = join(exported.folder, one.exportId);
      assert.equal(existsSync(folder), true);
      await remove(one);
      const again = { exportId: one.exportId, accountId: one.accountId };
      const changing = { clock: exported.story.clock, actor: SYSTEM, mayChooseFolder: false };
      const making = exported.story.database.transaction((tx) =>
        putExport(tx, again, undefined, { dataset }, changing),
      );
      await assert.rejects(making, { code: 'Conflict' });
      await runDueExports(exported.room);
      assert.equal(existsSync(folder), false);
      const kept = await exported.add({ dataset, destination: { kind: 'folder', path: 'kept' } });
      await run(kept, ['202609-1']);
      await remove(kept);
      await runDueExports(exported.room);
      assert.equal(existsSync(join(exported.folder, 'kept/202609-1/manifest.json')), true);
    });
  });

  describe('the form', () => {
    it('is not changed while it is delivered, and all else is', async () => {
      const { pool } = exported.story.database;
      const one = await put({ dataset: 'focus-1.4' });
      const locks = new ExportLocks(pool);
      assert.equal(await locks.take(one.exportId), true);
      for (const change of [{ format: 'parquet' }, { dataset: 'focus-1.2' }] as const) {
        await assert.rejects(put(change, one), { code: 'Conflict' });
      }
      assert.equal((await put({ name: 'renamed', schedule: 'daily' }, one)).name, 'renamed');
      await locks.give(one.exportId);
      assert.equal((await put({ format: 'parquet' }, one)).format, 'parquet');
      await remove(one);
    });

    it('begins anew what was to be tried again', async () => {
      const { database, clock } = exported.story;
      const one = await put({ dataset: 'focus-1.4' });
      const asked = await askForRun(database.pool, one.exportId, ['202609-1'], clock.now());
      await beginRun(database.pool, asked.runId, ['202609-1']);
      const problem = { code: 'ExportDestinationFailed', message: 'no' };
      await retryRun(database.pool, asked.runId, clock.now().add({ hours: 2 }), problem);
      await put({ format: 'ndjson' }, one);
      const [first, second] = await listRuns(database.pool, one.exportId, { limit: 2 });
      const byState = new Map([first, second].map((each) => [each?.state, each]));
      assert.equal(byState.get('Failed')?.problemCode, 'ExportChanged');
      assert.deepEqual(byState.get('Queued')?.wanted, ['202609-1']);
      assert.equal((await runDueExports(exported.room)).succeeded, 1);
      await remove(one);
    });

    it('is delivered anew where it has changed, also what is closed', async () => {
      const { pool } = exported.story.database;
      const one = await put({ dataset: 'focus-1.4' });
      const first = await run(one);
      await put({ format: 'ndjson' }, one);
      const second = await run(one);
      const tree = treeOf(join(exported.folder, one.exportId));
      const kinds = [...tree.keys()].filter((path) => path.startsWith('202609-1/v'));
      assert.ok(kinds.length > 0 && kinds.every((path) => path.startsWith('202609-1/v000002/')));
      assert.equal(kinds.filter((path) => path.endsWith('.ndjson')).length, 3);
      assert.equal((await filesOfRun(pool, { runId: first })).length, 0);
      // Where it was, it stays; what is listed is what can be read.
      await put({ destination: { kind: 'folder', path: 'moved' } }, one, true);
      const third = await run(one);
      assert.deepEqual(treeOf(join(exported.folder, one.exportId)), tree);
      assert.ok(treeOf(join(exported.folder, 'moved')).has('202609-1/manifest.json'));
      assert.equal((await filesOfRun(pool, { runId: second })).length, 0);
      assert.ok((await filesOfRun(pool, { runId: third })).length > 0);
      // Back again nothing is missing.
      await put({ destination: { kind: 'folder', path: one.exportId } }, one);
      const fourth = await findRun(pool, one.exportId, await run(one));
      assert.deepEqual(fourth?.partitions, []);
      await remove(one);
    });
  });

  describe('an export that is disabled', () => {
    it('is not done, neither what waits nor what is asked for', async () => {
      const { database, clock } = exported.story;
      const one = await put({ dataset: 'focus-1.4' });
      const { runId } = await askForRun(database.pool, one.exportId, undefined, clock.now());
      await put({ state: 'Disabled' }, one);
      const done = await runDueExports(exported.room);
      assert.deepEqual(done, { succeeded: 0, failed: 0, retried: 0 });
      const ended = await findRun(database.pool, one.exportId, runId);
      assert.deepEqual([ended?.state, ended?.problemCode], ['Failed', 'ExportDisabled']);
      await assert.rejects(askForRun(database.pool, one.exportId, undefined, clock.now()), {
        code: 'ExportDisabled',
      });
      assert.equal(existsSync(join(exported.folder, one.exportId)), false);
      await remove(one);
    });
  });

  describe('a run that is over', () => {
    it('stays what it came to', async () => {
      const { database, clock } = exported.story;
      const { pool } = database;
      const one = await put({ dataset: 'focus-1.4' });
      const runId = await run(one, ['202609-1']);
      const problem = { code: 'InternalServerError', message: 'late' };
      assert.equal(await endRun(pool, runId, clock.now(), problem), false);
      assert.equal(await beginRun(pool, runId, ['202610-1']), undefined);
      await retryRun(pool, runId, clock.now(), problem);
      const still = await findRun(pool, one.exportId, runId);
      assert.deepEqual([still?.state, still?.problem], ['Succeeded', undefined]);
      await remove(one);
    });
  });

  describe('the room of an account', () => {
    it('has a limit for folders of their own, and what goes beyond leaves nothing', async () => {
      const { story, room } = exported;
      const { pool } = story.database;
      const full = await put({ dataset: 'focus-1.4' });
      await run(full, ['202609-1']);
      const one = await put({ dataset: 'focus-1.4', delivery: 'new-version' });
      const tryIt = async (quotaBytes: number): Promise<string | undefined> => {
        const asked = await askForRun(pool, one.exportId, ['202609-1'], story.clock.now());
        await runDueExports({ ...room, quotaBytes });
        const done = await findRun(pool, one.exportId, asked.runId);
        return done?.problemCode ?? done?.state;
      };
      await runDueExports(room);
      const used = await ownFolderBytes(pool, exported.customer.accountId);
      assert.ok(used > 0);
      assert.equal(await tryIt(used), 'ExportQuotaExceeded');
      // Some files are written before there is no more room.
      assert.equal(await tryIt(Math.floor(1.5 * used)), 'ExportQuotaExceeded');
      assert.deepEqual(treeOf(join(exported.folder, one.exportId)).size, 0);
      await remove(full);
      await runDueExports(room);
      assert.equal(await tryIt(used), 'Succeeded');
      const { runId } = await askForRun(pool, one.exportId, ['202609-1'], story.clock.now());
      await pool.query(
        `with made as (
           insert into export_run (run_id, export_id, cause, state, created_at, finished_at)
           select gen_random_uuid(), $1, 'request', 'Succeeded', now(), now() from generate_series(1, 200)
           returning run_id, export_id)
         insert into export_version (export_id, partition, version, run_id, state, mark, closed, form, place, files,
           manifest_path, manifest)
         select export_id, '202609-1', 100 + row_number() over (), run_id, 'Delivered', '', true, '', '', '[]', 'x', '{}'
         from made`,
        [one.exportId],
      );
      await runDueExports(room);
      const refused = await findRun(pool, one.exportId, runId);
      assert.match(refused?.problem ?? '', /versions of 202609-1/);
      await remove(one);
    });
  });
});
