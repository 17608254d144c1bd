import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { addCustomer, addStamp, hourAt, METERS, reportUsage } from '../../test/support/billing.ts';
import { withTestDatabase } from '../../test/support/database.ts';
import { findAccountBySubscription } from '../commerce/accounts/index.ts';
import { runForTest, type Ran } from './test-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'stackmeter-cli-'));
after(() => rmSync(folder, { recursive: true }));

const OCTOBER = hourAt('2026-10-01T00:00Z');
const DEARER = {
  name: 'Dearer',
  currency: 'USD',
  items: [{ meterId: METERS.baseVm, price: { kind: 'flat', unitPrice: '1' } }],
};

describe('commands of rating', () => {
  const db = withTestDatabase();
  let account = '';
  const run = (...argv: string[]): Promise<Ran> =>
    runForTest([...argv, '--data', join(folder, 'data'), '--database-url', db.url]);
  const runJson = async (...argv: string[]): Promise<unknown> => {
    const { exitCode, out, err } = await run(...argv, '--json');
    assert.deepEqual([exitCode, err], [0, ''], argv.join(' '));
    return JSON.parse(out);
  };
  const prices = join(folder, 'dearer.json');

  before(async () => {
    writeFileSync(prices, JSON.stringify(DEARER));
    const { database } = db;
    const customer = await addCustomer(database);
    const stamp = await addStamp(database, customer, { from: OCTOBER });
    await reportUsage(database, stamp, OCTOBER + 1, [
      { customer, meterId: METERS.baseVm, usageHour: OCTOBER, quantity: '100' },
      { customer, meterId: METERS.windowsVm, usageHour: OCTOBER, quantity: '10' },
    ]);
    const told = await run('rating', 'run');
    assert.deepEqual(
      [told.exitCode, told.out],
      [0, 'Rated 2 rows of 1 windows; 1 runs changed something.\n'],
    );
    account = (await findAccountBySubscription(database.pool, customer))!.accountId;
  });

  it('rating status and charges', async () => {
    const { out } = await run('rating', 'status');
    assert.equal(out, 'Usage has been rated up to 2026-10-01T02:00:00Z. All of it has a price.\n');
    assert.deepEqual(await runJson('rating', 'status'), {
      ratedUpTo: '2026-10-01T02:00:00Z',
      windowsWaiting: 0,
      rowsWaiting: 0,
      earliestWaiting: null,
      unpriced: [],
    });
    const listed = await run('rating', 'charges', '--account', account, '--period', '202610-1');
    assert.match(listed.out, /Base VM Size Hours +100 +Virtual core hours +0\.8 +0$/m);
    const charges = await runJson('rating', 'charges', '--account', account);
    assert.ok(Array.isArray(charges));
    assert.equal(charges.length, 2);
    const wrong = await run('rating', 'charges', '--account', 'nobody');
    assert.equal(wrong.exitCode, 1);
  });

  it('rating what-if changes nothing, and rerate only what is different', async () => {
    const wanted = ['rating', 'what-if', prices, '--period', '202610-1'];
    const told = await run(...wanted, '--account', account, '--price-list', 'sample');
    assert.match(told.out, / 100 +0\.8 +100 +99\.2 +USD *$/m);
    assert.match(told.out, / 10 +0\.46 +0 +-0\.46 +USD +10$/m);
    const range = ['--from', '2026-10-01T00:00Z', '--to', '2026-11-01T00:00Z'];
    const again = ['rating', 'rerate', ...range, '--reason', 'test'];
    assert.equal((await run(...again)).out, 'Nothing changed.\n');
    await db.database.pool.query(`update charge set amount = 7 where quantity = 100`);
    const changed = await run(...again, '--account', account);
    assert.match(changed.out, / 202610-1 +7\.46 +1\.26 +-6\.2$/m);
    const refused = await run('rating', 'rerate', ...range.toReversed(), '--reason', 'test');
    assert.notEqual(refused.exitCode, 0);
  });

  it('rating verify ends with 3 when something differs', async () => {
    const good = await run('rating', 'verify', '--period', '202610-1');
    assert.deepEqual([good.exitCode, good.out], [0, '1 periods were compared, 0 differences.\n']);
    await db.database.pool.query(`update charge set amount = 8 where quantity = 100`);
    const bad = await run('rating', 'verify', '--account', account);
    assert.equal(bad.exitCode, 3);
    assert.match(bad.out, /^[-0-9a-f]+ +202610-1 +[0-9]+ +amount +8 +0\.8$/m);
  });
});
