import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { parse } from 'csv-parse/sync';
import { Decimal, sumOf } from '../../kernel/index.ts';
import { askForRun } from './ask.ts';
import { runDueExports } from './due.ts';
import { listRuns } from './run-store.ts';
import { listExports } from './store.ts';
import { jsonOf, treeOf, withTestExports } from './test-exports.ts';

describe('what exports deliver', () => {
  const exported = withTestExports();
  before(() => exported.open());

  async function run(exportId: string, periods?: readonly string[]): Promise<void> {
    const { database, clock } = exported.story;
    await askForRun(database.pool, exportId, periods, clock.now());
    assert.deepEqual(await runDueExports(exported.room), { succeeded: 1, failed: 0, retried: 0 });
  }

  describe('an export of the journal', () => {
    it('has the postings of a seller, as many debits as credits', async () => {
      const { story } = exported;
      const { rows: roots } = await story.database.pool.query<{ account_id: string }>(
        `select account_id from billing_account where kind = 'provider'`,
      );
      const provider = { ...exported.customer, accountId: roots[0]!.account_id as never };
      const change = {
        dataset: 'journal',
        view: 'selling',
        destination: { kind: 'folder', path: 'books' },
      } as const;
      const one = await exported.add(change, provider);
      await run(one.exportId);
      const tree = treeOf(join(exported.folder, 'books'));
      const rows: Record<string, string>[] = [...tree]
        .filter(([path]) => path.endsWith('.csv'))
        .flatMap(([, bytes]) => parse<Record<string, string>>(bytes, { columns: true }));
      const sum = (column: string, of = rows): string =>
        sumOf(of.map((row) => Decimal.parse(row[column] === '' ? '0' : row[column]!)!)).toText();
      assert.ok(rows.length > 5);
      assert.equal(sum('Debit'), sum('Credit'));
      const invoice = rows.filter((row) => row['DocumentNumber'] === 'NDN-2026-000001');
      assert.equal(
        sum(
          'Debit',
          invoice.filter((row) => row['AccountCode'] === 'receivable'),
        ),
        '54.49',
      );
      const { rows: kept } = await story.database.pool.query<{ count: number }>(
        'select count(*)::int as count from ledger_posting',
      );
      assert.equal(rows.length, kept[0]?.count);
      const manifest = jsonOf(tree.get('202610/manifest.json'));
      const [total] = manifest['totals'] as Record<string, string>[];
      assert.equal(total?.['debit'], total?.['credit']);
    });
  });

  describe('an export of the journal in CSV', () => {
    it('has no formula where people typed', async () => {
      const { story } = exported;
      const { pool } = story.database;
      await pool.query(`update billing_account set name = '=1+1' where name = 'Atlas'`);
      const [one] = (await listExports(pool)).filter(({ dataset }) => dataset === 'journal');
      await run(one!.exportId, ['202610']);
      const tree = treeOf(join(exported.folder, 'books'));
      const path = [...tree.keys()].find((name) => name.startsWith('202610/v'));
      const rows: Record<string, string>[] = parse(tree.get(path!)!, { columns: true });
      const names = new Set(rows.map((row) => row['CustomerName']));
      assert.ok(names.has(`'=1+1`) && !names.has('=1+1'));
      await pool.query(`update billing_account set name = 'Atlas' where name = '=1+1'`);
    });
  });

  describe('a partition', () => {
    it('is closed in its manifest if it was when its rows were read', async () => {
      const { story, room } = exported;
      const { database, clock } = story;
      await exported.use('2026-10-03', '5');
      const one = await exported.add({
        dataset: 'focus-1.4',
        destination: { kind: 'folder', path: 'closing' },
      });
      await askForRun(database.pool, one.exportId, ['202610-1'], clock.now());
      let isClosed = false;
      const closing: typeof database = {
        ...database,
        transaction: async (work, options) => {
          if (!isClosed && options?.isolation === 'repeatable read') {
            isClosed = true;
            await exported.use('2026-11-01', '1');
            await story.work('2026-11-02T00:30Z');
            await story.work('2026-11-05T00:31Z');
          }
          return database.transaction(work, options);
        },
      };
      const report = await runDueExports({ ...room, database: closing });
      const [done] = await listRuns(database.pool, one.exportId, { limit: 1 });
      assert.equal(report.succeeded, 1, done?.problem ?? '');
      assert.equal(isClosed, true);
      const tree = treeOf(join(exported.folder, 'closing'));
      const manifest = jsonOf(tree.get('202610-1/manifest.json'));
      assert.deepEqual(manifest['partition'], { name: '202610-1', state: 'Closed' });
      await askForRun(database.pool, one.exportId, undefined, clock.now());
      await runDueExports(room);
      const [latest] = await listRuns(database.pool, one.exportId, { limit: 1 });
      assert.equal(latest?.partitions?.includes('202610-1'), false);
    });
  });
});
