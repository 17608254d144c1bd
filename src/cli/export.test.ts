import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { addBilledMonths } from '../../test/support/billed-months.ts';
import { withTestDatabase } from '../../test/support/database.ts';
import { SYSTEM } from '../audit/index.ts';
import { issueInvoice } from '../commerce/invoicing/index.ts';
import { silentLog, systemClock } from '../platform/index.ts';
import { runForTest, type Ran } from './test-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'stackmeter-export-'));
after(() => rmSync(folder, { recursive: true }));

describe('export', () => {
  const db = withTestDatabase();
  before(async () => {
    const { database } = db;
    const size = { count: 2, meters: 2, subscriptions: 1, resources: 3 };
    const periods = await addBilledMonths(database, systemClock, size);
    const room = { database, clock: systemClock, log: silentLog };
    const changing = { clock: systemClock, actor: SYSTEM };
    for (const period of periods) await issueInvoice(room, period, changing, { early: true });
  });

  const run = (...argv: string[]): Promise<Ran> =>
    runForTest(['export', ...argv, '--data', folder, '--database-url', db.url]);
  const runJson = async (...argv: string[]) => {
    const { exitCode, out, err } = await run(...argv, '--json');
    assert.deepEqual([exitCode, err], [0, ''], argv.join(' '));
    return JSON.parse(out);
  };

  it('adds, runs, lists and removes', async () => {
    const added = await runJson('add', '--dataset', 'focus', '--folder', 'books', '--name', 'All');
    assert.deepEqual(
      [added.dataset, added.view, added.destination],
      ['focus-1.4', 'selling', { kind: 'folder', path: 'books' }],
    );
    assert.match((await run('list')).out, /All .* selling +focus-1\.4 +csv +none +books +Enabled/);
    const done = await runJson('run', added.exportId);
    assert.deepEqual([done.state, done.partitions], ['Succeeded', ['bench']]);
    const manifest = JSON.parse(
      readFileSync(join(folder, 'exports/books/bench/manifest.json'), 'utf8'),
    );
    assert.equal(manifest.invoices.length, 2);
    assert.match((await run('run', added.exportId)).out, /nothing has changed/);
    assert.match((await run('runs', added.exportId)).out, /Succeeded +1 of 1/);
    assert.equal((await run('run', added.exportId, '--period', '1900')).exitCode, 1);
    assert.match((await run('remove', added.exportId)).out, /is gone/);
    const gone = await run('run', added.exportId);
    assert.deepEqual([gone.exitCode, /no export/.test(gone.err)], [1, true]);
  });

  it('exports once, and the files pass the check', async () => {
    const to = join(folder, 'once');
    const period = ['--period', 'bench', '--to', to];
    const { rows, manifest } = await runJson('once', '--dataset', 'focus', ...period);
    assert.equal(manifest, 'bench/manifest.json');
    const names = ['CostAndUsage', 'InvoiceDetail', 'BillingPeriod'];
    const files = names.map((name) => join(to, `bench/v000001/${name}-00001.csv`));
    const checked = await run('check', ...files, '--own');
    assert.equal(checked.exitCode, 0, checked.out + checked.err);
    const lines = files.flatMap((file) => readFileSync(file, 'utf8').trim().split('\r\n').slice(1));
    assert.equal(lines.length, rows);
    const unknown = await run('once', '--dataset', 'focus', '--period', 'x', '--to', to);
    assert.deepEqual([unknown.exitCode, /no billing period 'x'/.test(unknown.err)], [1, true]);
  });

  it('takes the key of a store from a file, and shows it nowhere', async () => {
    const secret = join(folder, 'secret');
    writeFileSync(secret, 'very-secret\n');
    const store = ['--s3', 'http://127.0.0.1:1', '--bucket', 'costs', '--access-key-id', 'me'];
    const added = await run('add', '--dataset', 'journal', ...store, '--secret-file', secret);
    assert.equal(added.exitCode, 0, added.err);
    const { out } = await run('list', '--json');
    assert.match(out, /"bucket": "costs"/);
    assert.doesNotMatch(out + added.out, /very-secret/);
    const without = await run('add', '--dataset', 'journal', ...store);
    assert.match(without.err, /secretAccessKey/);
  });
});
