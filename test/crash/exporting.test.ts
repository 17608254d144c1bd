import assert from 'node:assert/strict';
import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { hash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { SYSTEM } from '../../src/audit/index.ts';
import { readAccountTree } from '../../src/commerce/accounts/index.ts';
import { issueInvoice } from '../../src/commerce/invoicing/index.ts';
import {
  askForRun,
  putExport,
  runDueExports,
  type ExportRun,
} from '../../src/exports/deliveries/index.ts';
import { silentLog, systemClock } from '../../src/platform/index.ts';
import { addBilledMonths } from '../support/billed-months.ts';
import { withTestDatabase } from '../support/database.ts';
import type { ExportingOrder } from './exporting-process.ts';
import { chooseSeed, seededRandom } from './random.ts';

/** Set it to the seed that a failed run printed to have the same kills after the same waits. */
const SEED_VARIABLE = 'STACKMETER_TEST_CRASH_SEED';
const PROGRAM = join(import.meta.dirname, 'exporting-process.ts');

const ACCOUNTS = 60;
const PERIODS = 6;
const RESOURCES = 16;
const PART_ROWS = 160;
const WORKERS = 2;
/** Kills of each worker, after which it is let go on to the end. */
const KILLS = 12;

/** A process of Stackmeter; what it says of an error is kept. */
function start(order: ExportingOrder): {
  readonly child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly said: () => string;
} {
  const child = spawn(process.execPath, [PROGRAM, JSON.stringify(order)], { stdio: 'pipe' });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  return { child, said: () => said };
}

/** All files below a folder, by path, with the sum of what they hold. */
function treeOf(folder: string): Map<string, string> {
  if (!existsSync(folder)) return new Map();
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  return new Map(
    paths.toSorted().map((path) => [path, hash('sha256', readFileSync(join(folder, path)))]),
  );
}

/** Every manifest that can be seen names files that are there, and whole. @returns how many there are */
function checkManifests(folder: string): number {
  if (!existsSync(folder)) return 0;
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const manifests = names.filter((path) => path.endsWith('/manifest.json'));
  for (const path of manifests) {
    const { files } = JSON.parse(readFileSync(join(folder, path), 'utf8')) as {
      files: { path: string; sha256: string }[];
    };
    for (const file of files) {
      assert.equal(hash('sha256', readFileSync(join(folder, file.path))), file.sha256, file.path);
    }
  }
  return manifests.length;
}

describe('exporting by two workers that are killed', () => {
  const test = withTestDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'stackmeter-exporting-'));
  const quiet = mkdtempSync(join(tmpdir(), 'stackmeter-exported-'));
  after(() => {
    rmSync(folder, { recursive: true, force: true });
    rmSync(quiet, { recursive: true, force: true });
  });
  let run: ExportRun;

  before(async () => {
    const { database } = test;
    const { pool } = database;
    const periods = await addBilledMonths(database, systemClock, {
      count: ACCOUNTS,
      meters: 3,
      subscriptions: 1,
      resources: RESOURCES,
    });
    await pool.query(
      `update billing_period set name = to_char(period % ${PERIODS} + 1, '"2026"FM00') || '-1'`,
    );
    const changing = { clock: systemClock, actor: SYSTEM };
    const room = { database, clock: systemClock, log: silentLog };
    for (const period of periods) await issueInvoice(room, period, changing, { early: true });
    const { root } = await readAccountTree(pool);
    const named = { exportId: randomUUID(), accountId: root.accountId };
    const change = {
      dataset: 'focus-1.4',
      view: 'selling',
      destination: { kind: 'folder', path: 'out' },
    } as const;
    const { exportId } = await database.transaction((tx) =>
      putExport(tx, named, undefined, change, { ...changing, mayChooseFolder: true }),
    );
    run = await askForRun(pool, exportId, undefined, systemClock.now());
  });

  it('leaves what an undisturbed run leaves, byte for byte', async (t) => {
    const seed = chooseSeed(process.env[SEED_VARIABLE]);
    t.diagnostic(`seed ${seed}`);
    const { database, url } = test;
    const { pool } = database;
    const order = { databaseUrl: url, exportFolder: folder, partRows: PART_ROWS };
    let killed = 0;
    let beforeLast = 0;
    const work = async (worker: number): Promise<void> => {
      const random = seededRandom(seed + worker);
      for (let kill = 0; kill < KILLS; kill++) {
        const { child } = start(order);
        const ended = once(child, 'exit');
        await once(child.stdout, 'data');
        await systemClock.sleep(random.between(20, 400));
        if (child.kill('SIGKILL')) killed += 1;
        await ended;
        beforeLast = Math.max(beforeLast, checkManifests(join(folder, 'out')));
      }
      const { child, said } = start(order);
      child.stdout.resume();
      const [code] = (await once(child, 'exit')) as [number | null];
      assert.equal(code, 0, said());
    };
    await Promise.all(Array.from({ length: WORKERS }, (_, worker) => work(worker)));
    t.diagnostic(
      `killed ${killed} times; ${beforeLast} of ${PERIODS} periods were delivered by then`,
    );
    assert.ok(killed >= (WORKERS * KILLS) / 2, `only ${killed} kills before all was done`);
    const disturbed = treeOf(folder);
    assert.equal(checkManifests(join(folder, 'out')), PERIODS);

    await pool.query('delete from export_run');
    await pool.query(
      `insert into export_run (run_id, export_id, cause, state, next_attempt_at, created_at)
       values ($1, $2, 'request', 'Queued', $3, $3)`,
      [run.runId, run.exportId, run.createdAt.toString()],
    );
    const room = { database, clock: systemClock, exportFolder: quiet, partRows: PART_ROWS };
    assert.equal((await runDueExports(room)).succeeded, 1);
    assert.deepEqual(disturbed, treeOf(quiet));
    const parts = [...disturbed.keys()].filter((path) => path.includes('CostAndUsage-'));
    t.diagnostic(`${disturbed.size} files, ${parts.length} of costs`);
    const lines = parts.reduce(
      (sum, path) => sum + readFileSync(join(folder, path), 'utf8').split('\r\n').length - 2,
      0,
    );
    assert.ok(lines >= ACCOUNTS * 3 * RESOURCES, `${lines} rows`);
  });
});
