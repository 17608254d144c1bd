import assert from 'node:assert/strict';
import { hash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { parse } from 'csv-parse/sync';
import { Decimal, sumOf } from '../../kernel/index.ts';
import { askForRun } from './ask.ts';
import { runDueExports } from './due.ts';
import { exportOnce } from './once.ts';
import { folderDestination } from '../formats/index.ts';
import { listRuns } from './run-store.ts';
import { jsonOf, treeOf, withTestExports } from './test-exports.ts';

interface ManifestFile {
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly table?: string;
}

describe('exports', () => {
  const exported = withTestExports();
  before(() => exported.open());

  async function run(exportId: string, periods?: readonly string[]): Promise<void> {
    const { database, clock } = exported.story;
    await askForRun(database.pool, exportId, periods, clock.now());
    assert.deepEqual(await runDueExports(exported.room), { succeeded: 1, failed: 0, retried: 0 });
  }

  /** Checks that a manifest names whole files and nothing is there besides. */
  function checkTree(tree: ReadonlyMap<string, Buffer>): void {
    const named = [...tree.keys()].filter((path) => path.endsWith('manifest.json'));
    const files = named.flatMap((path) => jsonOf(tree.get(path))['files'] as ManifestFile[]);
    for (const { path, sha256, bytes } of files) {
      const content = tree.get(path);
      assert.ok(content, path);
      assert.deepEqual([hash('sha256', content), content.length], [sha256, bytes]);
    }
    assert.deepEqual(
      [...tree.keys()].toSorted(),
      [...files.map(({ path }) => path), ...named].toSorted(),
    );
  }

  describe('an export of FOCUS', () => {
    it('has a folder for each billing period, and its manifest names all files', async () => {
      await exported.use('2026-10-03', '5');
      const one = await exported.add({
        dataset: 'focus-1.4',
        destination: { kind: 'folder', path: 'atlas' },
      });
      await run(one.exportId);
      const tree = treeOf(join(exported.folder, 'atlas'));
      assert.deepEqual(
        [...tree.keys()],
        ['202609-1', '202610-1'].flatMap((period) => [
          `${period}/manifest.json`,
          `${period}/v000001/BillingPeriod-00001.csv`,
          `${period}/v000001/CostAndUsage-00001.csv`,
          `${period}/v000001/InvoiceDetail-00001.csv`,
          `${period}/v000001/conformance-report.json`,
        ]),
      );
      checkTree(tree);
      const manifest = jsonOf(tree.get('202609-1/manifest.json'));
      assert.deepEqual(manifest['partition'], { name: '202609-1', state: 'Closed' });
      assert.deepEqual(manifest['invoices'], [
        { InvoiceId: 'NDN-2026-000001', BilledCost: '54.49' },
      ]);
      assert.deepEqual(manifest['leftOut'], { unpricedCharges: 0 });
      const report = jsonOf(tree.get('202609-1/v000001/conformance-report.json'));
      assert.equal(report['conforms'], true);
      assert.deepEqual(jsonOf(tree.get('202610-1/manifest.json'))['partition'], {
        name: '202610-1',
        state: 'Open',
      });
    });

    it('replaces what is open, and leaves what is closed as it was', async () => {
      const [one] = await listOf();
      await exported.use('2026-10-04', '7');
      const earlier = treeOf(join(exported.folder, 'atlas'));
      await run(one!);
      const tree = treeOf(join(exported.folder, 'atlas'));
      checkTree(tree);
      for (const [path, bytes] of earlier) {
        if (path.startsWith('202609-1')) assert.deepEqual(tree.get(path), bytes, path);
      }
      const rows: string[][] = parse(tree.get('202610-1/v000002/CostAndUsage-00001.csv')!);
      const at = rows[0]!.indexOf('PricingQuantity');
      const quantities = rows.slice(1).map((row) => Decimal.parse(row[at]!)!);
      assert.equal(sumOf(quantities).toText(), '288');
      assert.equal(
        [...tree.keys()].some((path) => path.includes('202610-1/v000001')),
        false,
      );
    });

    it('is done once when two servers want to', async () => {
      const one = await exported.add({
        dataset: 'focus-1.2',
        format: 'csv.gz',
        destination: { kind: 'folder', path: 'twice' },
      });
      const { database, clock } = exported.story;
      await askForRun(database.pool, one.exportId, undefined, clock.now());
      await assert.rejects(askForRun(database.pool, one.exportId, undefined, clock.now()), {
        code: 'Conflict',
      });
      const reports = await Promise.all([1, 2, 3].map(() => runDueExports(exported.room)));
      assert.ok(reports.some(({ succeeded }) => succeeded === 1));
      const { rows } = await database.pool.query<{ versions: number }>(
        'select count(*)::int as versions from export_version where export_id = $1',
        [one.exportId],
      );
      assert.equal(rows[0]?.versions, 2);
      checkTree(treeOf(join(exported.folder, 'twice')));
    });

    it('keeps versions side by side when asked to', async () => {
      const one = await exported.add({
        dataset: 'focus-1.4',
        delivery: 'new-version',
        destination: { kind: 'folder', path: 'versions' },
      });
      await run(one.exportId, ['202609-1']);
      await run(one.exportId, ['202609-1']);
      const tree = treeOf(join(exported.folder, 'versions'));
      checkTree(tree);
      for (const version of ['v000001', 'v000002']) {
        assert.ok(tree.has(`202609-1/${version}/manifest.json`), version);
      }
      assert.deepEqual(
        tree.get('202609-1/v000001/CostAndUsage-00001.csv'),
        tree.get('202609-1/v000002/CostAndUsage-00001.csv'),
      );
    });

    it('lies as FinOps hubs look for it, in parts, and sums to the invoice', async () => {
      const one = await exported.add({
        dataset: 'focus-1.2',
        format: 'parquet',
        layout: 'finops-hub',
        destination: { kind: 'folder', path: 'ingestion' },
      });
      const { database, clock } = exported.story;
      await askForRun(database.pool, one.exportId, ['202609-1'], clock.now());
      await runDueExports({ ...exported.room, partRows: 15 });
      const tree = treeOf(join(exported.folder, 'ingestion'));
      const own = `stackmeter/${exported.customer.accountId}/${one.exportId}/202609-1`;
      const folder = `Costs/2026/09/${own}`;
      const parts = [...tree.keys()].filter((path) => path.endsWith('.parquet'));
      assert.equal(parts.length, 3);
      assert.ok(
        parts.every((path) => path.startsWith(`${folder}/${one.exportId}-202609-1-v000001__`)),
      );
      checkTree(tree);
      assert.ok(tree.has(`${folder}/manifest.json`));
      // All files of a folder are taken for costs.
      const others = [...tree.keys()].filter((path) => !path.startsWith(`${folder}/`));
      assert.deepEqual(others, [`${own}/v000001/conformance-report.json`]);
      const report = jsonOf(tree.get(others[0]!));
      assert.equal(report['conforms'], true);
      const instance = await DuckDBInstance.create(':memory:');
      const connection = await instance.connect();
      const reader = await connection.runAndReadAll(
        `select InvoiceId, sum(BilledCost)::decimal(18,2)::varchar, count(distinct x_RecordId)::int = count(*)
       from read_parquet('${join(exported.folder, 'ingestion', folder)}/*.parquet') group by 1`,
      );
      assert.deepEqual(reader.getRows(), [['NDN-2026-000001', '54.49', true]]);
      connection.closeSync();
      instance.closeSync();
    });

    it('is checked as a whole, also where a hub takes its costs alone', async () => {
      const hub = { format: 'parquet', layout: 'finops-hub', delivery: 'overwrite' } as const;
      const one = await exported.add({ dataset: 'focus-1.4', ...hub });
      await run(one.exportId, ['202609-1']);
      const tree = treeOf(join(exported.folder, one.exportId));
      const path = [...tree.keys()].find((name) => name.endsWith('/conformance-report.json'));
      const { datasets } = jsonOf(tree.get(path!));
      assert.deepEqual(
        (datasets as { isThere: boolean }[]).map(({ isThere }) => isThere),
        [true, true, true],
      );
      assert.equal([...tree.keys()].filter((name) => name.endsWith('.parquet')).length, 1);
      const kept = exported.add({ ...hub, dataset: 'focus-1.4', delivery: 'new-version' });
      await assert.rejects(kept, /counted twice/);
    });

    it('is had once without keeping anything', async () => {
      const path = join(exported.folder, 'once');
      const subject = await exported.add({ dataset: 'focus-1.4' });
      const destination = folderDestination(path, '');
      const told: number[] = [];
      const written = await exportOnce(exported.story, subject, '202609-1', destination, {
        progress: (rows) => void told.push(rows),
      });
      assert.equal(written.manifestPath, '202609-1/manifest.json');
      checkTree(treeOf(path));
      await assert.rejects(exportOnce(exported.story, subject, '199901-1', destination), {
        code: 'ExportPeriodUnknown',
      });
    });
  });

  async function listOf(): Promise<string[]> {
    const { rows } = await exported.story.database.pool.query<{ id: string }>(
      'select export_id as id from export_definition order by created_at, name',
    );
    return rows.map(({ id }) => id);
  }

  describe('an export that cannot be written', () => {
    it('is told, tried again ever later, and given up', async () => {
      const { story, room } = exported;
      const one = await exported.add({
        dataset: 'focus-1.4',
        destination: { kind: 'folder', path: 'blocked' },
      });
      writeFileSync(join(exported.folder, 'blocked'), 'a file, not a folder');
      const started = story.clock.now();
      await askForRun(story.database.pool, one.exportId, ['202609-1'], started);
      const waits: number[] = [];
      for (let attempt = 0; attempt < 5; attempt++) {
        const report = await runDueExports(room);
        const [latest] = await listRuns(story.database.pool, one.exportId, { limit: 1 });
        assert.equal(latest?.problemCode, 'ExportDestinationFailed');
        if (latest.nextAttemptAt === undefined) {
          assert.deepEqual([report.failed, latest.state], [1, 'Failed']);
          break;
        }
        assert.equal(report.retried, 1);
        waits.push(latest.nextAttemptAt.since(story.clock.now()).total('minutes'));
        story.clock.set(latest.nextAttemptAt);
      }
      assert.deepEqual(waits, [1, 5, 30, 120]);
    });

    it('is asked for a period that is not there', async () => {
      const { story, room } = exported;
      const one = await exported.add({ dataset: 'focus-1.4' });
      await askForRun(story.database.pool, one.exportId, ['190001-1'], story.clock.now());
      assert.equal((await runDueExports(room)).failed, 1);
      const [latest] = await listRuns(story.database.pool, one.exportId, { limit: 1 });
      assert.equal(latest?.problemCode, 'ExportPeriodUnknown');
    });
  });

  describe('a schedule', () => {
    it('runs an export at its time, and once', async () => {
      const { story, room } = exported;
      const now = story.clock.now();
      const one = await exported.add({
        dataset: 'focus-1.4',
        schedule: 'daily',
        destination: { kind: 'folder', path: 'daily' },
      });
      const due = one.nextRunAt!;
      assert.ok(Temporal.Instant.compare(due, now) > 0);
      assert.equal((await runDueExports(room)).succeeded, 0);
      story.clock.set(due);
      assert.equal((await runDueExports(room)).succeeded, 1);
      assert.equal((await runDueExports(room)).succeeded, 0);
      story.clock.set(due.add({ hours: 24 }));
      assert.equal((await runDueExports(room)).succeeded, 1);
      const runs = await listRuns(story.database.pool, one.exportId, { limit: 10 });
      assert.deepEqual(
        runs.map(({ cause, partitions }) => [cause, partitions]),
        [
          ['schedule', ['202610-1']],
          ['schedule', ['202609-1', '202610-1']],
        ],
      );
    });
  });
});
