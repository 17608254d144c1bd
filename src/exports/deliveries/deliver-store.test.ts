import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
// @ts-expect-error -- it comes without types
import S3rver from 's3rver';
import { askForRun } from './ask.ts';
import { runDueExports } from './due.ts';
import type { ExportDefinition } from './export.ts';
import { listRuns } from './run-store.ts';
import { jsonOf, treeOf, withTestExports } from './test-exports.ts';
import { withTestStore } from '../../../test/support/s3-store.ts';

describe('an export to a store that speaks S3', () => {
  const exported = withTestExports();
  const store = join(exported.folder, 'store');
  let server: { run(): Promise<{ port: number }>; close(): Promise<void> };
  let one: ExportDefinition;

  before(async () => {
    await exported.open();
    const buckets = [{ name: 'costs', configs: [] }];
    const options = { address: '127.0.0.1', port: 0, silent: true, directory: store };
    server = new S3rver({ ...options, configureBuckets: buckets });
    const { port } = await server.run();
    one = await exported.add({
      dataset: 'focus-1.4',
      format: 'csv.gz',
      destination: {
        kind: 's3',
        endpoint: `http://127.0.0.1:${port}`,
        region: 'us-east-1',
        bucket: 'costs',
        prefix: 'atlas',
        accessKeyId: 'S3RVER',
        secretAccessKey: 'S3RVER',
      },
    });
  });
  after(() => server.close());

  /** What is in the bucket, by key. */
  function objects(): Map<string, Buffer> {
    const suffix = '._S3rver_object';
    const all = [...treeOf(join(store, 'costs/atlas'))];
    return new Map(
      all.flatMap(([path, bytes]) =>
        path.endsWith(suffix) ? [[path.slice(0, -suffix.length), bytes] as const] : [],
      ),
    );
  }

  async function run(): Promise<void> {
    const { database, clock } = exported.story;
    await askForRun(database.pool, one.exportId, ['202609-1'], clock.now());
    const report = await runDueExports(exported.room);
    const [latest] = await listRuns(database.pool, one.exportId, { limit: 1 });
    assert.equal(report.succeeded, 1, latest?.problem ?? '');
  }

  it('has its manifest last, and takes away what no manifest names', async () => {
    await run();
    const first = [...objects().keys()];
    assert.equal(first.length, 5);
    assert.ok(first.every((path) => path.includes('/v000001/') || path.endsWith('/manifest.json')));
    await run();
    const second = objects();
    assert.ok([...second.keys()].every((path) => !path.includes('/v000001/')));
    const files = jsonOf(second.get('202609-1/manifest.json'))['files'] as { path: string }[];
    assert.deepEqual(
      [...second.keys()].toSorted(),
      [...files.map(({ path }) => path), '202609-1/manifest.json'].toSorted(),
    );
  });

  it('leaves nothing on this server', () => {
    assert.deepEqual([...treeOf(join(exported.folder, '.staging')).keys()], []);
  });
});

describe('an export to a store for a FinOps hub', () => {
  const exported = withTestExports();
  const hub = withTestStore();
  before(() => exported.open());

  it('has nothing of the version before beside it when the hub is told', async () => {
    const { story, room } = exported;
    const destination = { kind: 's3', ...hub.target } as const;
    const form = { format: 'parquet', layout: 'finops-hub' } as const;
    const one = await exported.add({ dataset: 'focus-1.2', ...form, destination });
    const run = async (): Promise<void> => {
      await askForRun(story.database.pool, one.exportId, ['202609-1'], story.clock.now());
      assert.equal((await runDueExports(room)).succeeded, 1);
    };
    await run();
    hub.asked.length = 0;
    await run();
    const folder = `at/las/Costs/2026/09/stackmeter/${one.accountId}/${one.exportId}/202609-1`;
    const steps = hub.asked
      .filter((line) => line.includes(`/${folder}/`))
      .map((line) => line.replace(`/costs/${folder}/${one.exportId}-`, '').replace(folder, '...'));
    assert.deepEqual(steps, [
      'PUT 202609-1-v000002__CostAndUsage-00001.parquet',
      'DELETE /costs/.../manifest.json',
      'DELETE 202609-1-v000001__CostAndUsage-00001.parquet',
      'PUT /costs/.../manifest.json',
    ]);
    const left = [...hub.objects.keys()].filter((key) => key.startsWith(folder));
    assert.equal(left.length, 2);
  });
});
