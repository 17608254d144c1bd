import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import {
  addCustomer,
  addStamp,
  hourAt,
  METERS,
  newSubscriptionId,
  reportUsage,
} from '../../test/support/billing.ts';
import { withTestDatabase } from '../../test/support/database.ts';
import { runAdapters } from '../exports/adapters/index.ts';
import { systemClock } from '../platform/index.ts';
import { runForTest, type Ran } from './test-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'stackmeter-adapter-'));
after(() => rmSync(folder, { recursive: true }));
const WINDOW = '2026-11-20T10:00:00Z';

describe('adapter', () => {
  const db = withTestDatabase();
  before(async () => {
    const customer = await addCustomer(db.database, { name: 'Acme' });
    const stamp = await addStamp(db.database, customer, { from: hourAt(WINDOW) });
    const usage = { customer, meterId: METERS.baseVm, usageHour: hourAt(WINDOW) };
    await reportUsage(db.database, stamp, hourAt(WINDOW), [
      { ...usage, quantity: '1.2345678901234567' },
      { ...usage, quantity: '2', subscriptionId: newSubscriptionId() },
    ]);
  });

  const run = (...argv: string[]): Promise<Ran> =>
    runForTest([...argv, '--data', folder, '--database-url', db.url]);
  const runJson = async (...argv: string[]) => {
    const { exitCode, out, err } = await run(...argv, '--json');
    assert.deepEqual([exitCode, err], [0, ''], argv.join(' '));
    return JSON.parse(out);
  };
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };

  it('is added, shows what it would send, and is paused, resumed and removed', async () => {
    const key = file('key', 'sk_live_secret\n');
    const added = await run('adapter', 'add', 'stripe', '--secret', key, '--start', WINDOW);
    assert.equal(added.exitCode, 0, added.err);
    assert.doesNotMatch(added.out, /sk_live/);
    const [listed] = await runJson('adapter', 'list');
    const id = String(listed.adapterId);
    assert.deepEqual([listed.kind, listed.state, listed.lagHours], ['stripe', 'Enabled', 1]);
    const dry = await runJson('adapter', 'dry-run', id, WINDOW);
    assert.deepEqual([dry.events.length, dry.held.length], [0, 2]);
    const { meterId, customerSubscriptionId } = dry.held[0];
    const settings = {
      url: 'https://127.0.0.1:1',
      meters: { [meterId]: 'vm' },
      customers: { [customerSubscriptionId]: 'cus_1' },
    };
    const names = file('settings.json', JSON.stringify(settings));
    const change = ['adapter', 'add', 'stripe', '--adapter', id, '--settings', names];
    assert.match((await run(...change)).err, /again for another url or ca/);
    assert.equal((await run(...change, '--secret', key)).exitCode, 0);
    const mapped = await runJson('adapter', 'dry-run', id, WINDOW);
    // The other one has more digits than Stripe takes.
    const counts = [mapped.events.length, mapped.unfit.length, mapped.held.length];
    assert.deepEqual(counts, [1, 1, 0]);
    await runAdapters({ database: db.database, clock: systemClock, exportFolder: folder });
    const [dead, ...others] = await runJson('adapter', 'dead-letters', id);
    assert.deepEqual([dead.quantity, others.length], ['1.2345678901234567', 0]);
    assert.match((await run('adapter', 'dead-letters', id)).out, /takes whole numbers/);
    assert.match((await run('adapter', 'list')).out, /there is no answer/);
    assert.match((await run('adapter', 'replay', id)).out, /^1 event is due again/);
    assert.match((await run('adapter', 'pause', id)).out, /is paused/);
    assert.equal((await runJson('adapter', 'list'))[0].state, 'Disabled');
    assert.equal((await runJson('adapter', 'resume', id)).state, 'Enabled');
    assert.match((await run('adapter', 'remove', id)).out, /is gone/);
    assert.deepEqual(await runJson('adapter', 'list'), []);
  });

  it('says what is wrong', async () => {
    for (const argv of [
      ['add', 'fax'],
      ['add', 'csv', '--settings', file('bad.json', '{')],
      ['add', 'csv', '--adapter', newSubscriptionId()],
      ['add', 'stripe', '--secret', '-', '--settings', '-'],
      ['dry-run', newSubscriptionId(), WINDOW],
      ['dry-run', newSubscriptionId(), 'yesterday'],
      ['replay', newSubscriptionId()],
      ['remove', 'nothing'],
    ]) {
      const { exitCode, err } = await run('adapter', ...argv);
      assert.notEqual(exitCode, 0, argv.join(' '));
      assert.notEqual(err, '');
    }
  });
});
