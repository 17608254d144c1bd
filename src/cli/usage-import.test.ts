import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { withTestDatabase } from '../../test/support/database.ts';
import { systemClock } from '../platform/clock.ts';
import { runForTest, type Ran } from './test-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'stackmeter-import-'));
after(() => rmSync(folder, { recursive: true }));

const ONE = '11111111-1111-4111-8111-111111111111';
const HEADER =
  'UsageStartTime,UsageEndTime,MeterName,Quantity,location,subowner,tags,MeterId,additionalInfo,subscription,resourceUri';
const ROW = `2018-08-23T00:00:00+00:00,2018-08-24T00:00:00+00:00,VM size hours,24,local,a@one.example,,6dab500f-a4fd-49c4-956d-229bb9c8c793,,${ONE},/subscriptions/${ONE}/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/m`;

describe('usage import', () => {
  const db = withTestDatabase();
  const run = (...argv: string[]): Promise<Ran> =>
    runForTest([...argv, '--data', join(folder, 'data'), '--database-url', db.url]);

  it("refuses hours that are this stamp's own, and makes nothing known", async () => {
    const today = systemClock.now().toString().slice(0, 10);
    const tomorrow = systemClock.now().add({ hours: 24 }).toString().slice(0, 10);
    const recent = join(folder, 'recent.csv');
    writeFileSync(
      recent,
      `${HEADER}\r\n${ROW.replace('2018-08-24', tomorrow).replace('2018-08-23', today)}`,
    );
    const range = ['--reported-start', today, '--reported-end', tomorrow];
    const { err } = await run('usage', 'import', recent, '--format', 'usage-summary', ...range);
    assert.match(err, /is not before/);
    assert.match((await run('subscription', 'show', ONE)).err, /no subscription/);
  });

  it('takes several files as one: the tail of a day may be in the next', async () => {
    const [first, second] = [join(folder, 'first.csv'), join(folder, 'second.csv')];
    writeFileSync(first, `${HEADER}\r\n${ROW}`);
    writeFileSync(second, `${HEADER}\r\n${ROW.replace(',24,', ',1,')}`);
    const range = ['--reported-start', '2018-08-23', '--reported-end', '2018-08-25'];
    const importBoth = (...files: string[]): Promise<Ran> =>
      run('usage', 'import', ...files, '--format', 'usage-summary', ...range);
    const twice = await importBoth(first, `${folder}/./first.csv`);
    assert.deepEqual([twice.exitCode, /FILE.*named twice/.test(twice.err)], [1, true]);
    assert.match(
      (await run('window', 'close', '--through', '2018-09-01')).out,
      /No window that ends by then/,
    );
    const kept = await importBoth(first, second, '--keep-open');
    assert.match(kept.out, /2 records counted, 0 there already, 0 in quarantine/);
    assert.match(
      (await run('window', 'close', '--through', '2018-09-01')).out,
      /48 imported hours are open still/,
    );
    assert.match((await importBoth(first, second)).out, /2 there already[^]*50 reported windows/);
    const told = (await run('audit', 'list', '--target', '/usage')).out;
    assert.match(told, /usage\/import .*first\.csv.*"accepted":"2"[^]*"windowsClosed":"50"/);
    const days = ['--start', '2018-08-23', '--end', '2018-08-25'];
    const { out } = await run('usage', 'export', ...days);
    assert.deepEqual(
      out
        .trimEnd()
        .split('\r\n')
        .slice(1)
        .map((line) => line.split('","')[3]),
      ['24.0', '1.0'],
    );
  });
});
