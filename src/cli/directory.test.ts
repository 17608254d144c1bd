import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { withTestDatabase } from '../../test/support/database.ts';
import { isJsonObject } from '../kernel/index.ts';
import { runForTest, type Ran } from './test-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'stackmeter-cli-'));
after(() => rmSync(folder, { recursive: true }));

describe('commands of the directory', () => {
  const db = withTestDatabase();
  const run = (...argv: string[]): Promise<Ran> =>
    runForTest([...argv, '--data', join(folder, 'data'), '--database-url', db.url]);
  const runJson = async (...argv: string[]): Promise<Record<string, unknown>> => {
    const { exitCode, out, err } = await run(...argv, '--json');
    assert.deepEqual([exitCode, err], [0, ''], argv.join(' '));
    const value: unknown = JSON.parse(out);
    return isJsonObject(value) ? value : { value };
  };
  const refused = async (code: string, ...argv: string[]): Promise<void> => {
    const { exitCode, err } = await run(...argv, '--json');
    assert.equal(exitCode, 1, argv.join(' '));
    assert.match(err, new RegExp(`"${code}"`), argv.join(' '));
  };
  const newSubscription = async (...argv: string[]): Promise<string> => {
    const owner = ['--name', 'Web', '--owner', 'c@two.example'];
    return String((await runJson('subscription', 'add', ...owner, ...argv))['subscriptionId']);
  };

  it('plan add, list and remove', async () => {
    const made = await runJson('plan', 'add', 'compute', '--quota', 'q1', '--quota', 'q2');
    assert.deepEqual(made, {
      name: 'compute',
      displayName: 'compute',
      description: '',
      resourceGroup: 'system.local',
      subscriptionCount: 0,
      quotaIds: ['q1', 'q2'],
    });
    await refused('Conflict', 'plan', 'add', 'COMPUTE');
    await refused('InvalidProperty', 'plan', 'add', 'a/b');
    await runJson('plan', 'add', 'other');
    assert.match((await run('plan', 'list')).out, /^compute +compute +0 +q1, q2$/m);
    assert.equal((await run('plan', 'remove', 'other')).out, 'The plan other is removed.\n');
    await refused('NotFound', 'plan', 'remove', 'other');
  });

  it('offer add, set-state, list and remove', async () => {
    const gold = ['offer', 'add', 'gold', '--name', 'Gold', '--plan', 'compute'];
    const made = await runJson(...gold, '--most-per-account', '1');
    assert.deepEqual([made['state'], made['basePlans']], ['Private', ['compute']]);
    assert.equal(made['id'], '/delegatedProviders/default/offers/gold');
    await refused('Conflict', ...gold);
    await refused('InvalidProperty', 'offer', 'add', 'x', '--plan', 'none');
    assert.equal((await runJson('offer', 'set-state', 'gold', 'public'))['state'], 'Public');
    await refused('InvalidProperty', 'offer', 'set-state', 'gold', 'Open');
    await newSubscription('--offer', 'gold');
    assert.match((await run('offer', 'list')).out, /^gold +Gold +Public +compute +1 /m);
    await refused('Conflict', 'offer', 'remove', 'gold');
    await refused('Conflict', 'plan', 'remove', 'compute');
    const another = ['subscription', 'add', '--name', 'x', '--owner', 'c@two.example'];
    await refused('Conflict', ...another, '--offer', 'gold');
    await refused('InvalidProperty', ...another, '--offer', 'none');
    await runJson('offer', 'add', 'unused');
    assert.equal((await run('offer', 'remove', 'unused')).out, 'The offer unused is removed.\n');
  });

  it('tenant add, list and remove', async () => {
    const id = '33333333-3333-4333-8333-333333333333';
    const made = await runJson('tenant', 'add', 'guests.example', '--id', id);
    assert.deepEqual(made, {
      tenantId: id,
      name: 'guests.example',
      resourceGroup: 'system.local',
      location: 'local',
    });
    await refused('Conflict', 'tenant', 'add', 'guests.example');
    assert.match((await run('tenant', 'list')).out, new RegExp(`^${id}  guests.example$`, 'm'));
    await refused('Conflict', 'tenant', 'remove', 'stamp.example');
    await run('tenant', 'remove', 'guests.example');
    await refused('NotFound', 'tenant', 'remove', 'guests.example');
  });

  it('subscription move', async () => {
    const provider = await newSubscription();
    const [one, two] = [await newSubscription(), await newSubscription()];
    const to = ['--provider-subscription', provider];
    const moved = await runJson('subscription', 'move', one, two, ...to);
    assert.deepEqual(moved, { provider, subscriptions: [one, two] });
    const shown = await runJson('subscription', 'show', two);
    assert.equal(shown['delegatedProviderSubscriptionId'], provider);
    await refused('Conflict', 'subscription', 'move', provider, '--provider-subscription', one);
    assert.match((await run('subscription', 'move', one)).out, new RegExp(`^${one} is under `));
  });

  it('subscription set-state keeps to the order of states, and all is in the audit trail', async () => {
    const id = await newSubscription();
    await refused('Conflict', 'subscription', 'set-state', id, 'Deleted');
    for (const state of ['Deleting', 'PartiallyDeleted', 'Deleting', 'Deleted']) {
      assert.equal((await runJson('subscription', 'set-state', id, state))['state'], state);
    }
    await refused('Conflict', 'subscription', 'set-state', id, 'Enabled');
    const events = (await run('audit', 'list', '--target', `/subscriptions/${id}`)).out;
    assert.equal(events.match(/subscriptions\/write/g)?.length, 5);
    assert.equal((await run('audit', 'verify')).exitCode, 0);
  });
});
