import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { withTestDatabase } from '../../test/support/database.ts';
import { systemClock } from '../platform/clock.ts';
import {
  newSigningKey,
  readRegistrationToken,
  windowName,
  writeActivationKey,
} from '../reporting/index.ts';
import { runForTest, type Ran } from './test-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'stackmeter-bridge-cli-'));
after(() => rmSync(folder, { recursive: true }));
const ID = '9c000000-0000-4000-8000-000000000001';
const OTHER = '9c000000-0000-4000-8000-000000000002';

describe('activation and bridge at the command line', () => {
  const db = withTestDatabase();
  const run = (...argv: string[]): Promise<Ran> =>
    runForTest([...argv, '--data', folder, '--database-url', db.url]);
  const keyFor = async (token: string, changes: object = {}): Promise<string> => {
    const { cloudId, thumbprint } = await readRegistrationToken(token, systemClock.now());
    const key = {
      registrationId: ID,
      resourceId: `/subscriptions/${ID}/r`,
      cloudId,
      clientId: ID,
      thumbprint,
      commerceUrl: 'https://127.0.0.1:9',
      tokenEndpoint: 'https://127.0.0.1:9/token',
      ca: 'none',
      billingModel: 'Development',
      usageReporting: true,
      marketplaceSyndication: false,
      expiration: undefined,
      nextWindow: '2026-01-01T00Z',
      ...changes,
    } as const;
    return writeActivationKey(key, newSigningKey());
  };

  it('tell what is missing before the stamp is activated', async () => {
    assert.match((await run('activation', 'show')).out, /not activated[^]*Activation Required/);
    for (const verb of ['send', 'rotate', 'dry-run']) {
      const { exitCode, err } = await run('bridge', verb);
      assert.deepEqual([exitCode, /not activated/.test(err)], [1, true], verb);
    }
    assert.match((await run('activation', 'remove')).err, /not activated/);
    assert.match((await run('bridge', 'status')).out, /cloudId/);
  });

  it('make a token, apply the key, report, and end it', async () => {
    const file = join(folder, 'token');
    const from = ['--from', '2026-01-01T00:00:00Z'];
    const made = await run(
      'activation',
      'token',
      '--billing-model',
      'Development',
      ...from,
      '--out',
      file,
    );
    assert.deepEqual([made.exitCode, made.err], [0, '']);
    const token = readFileSync(file, 'utf8').trim();
    const stated = await readRegistrationToken(token, systemClock.now());
    assert.deepEqual(
      [windowName(stated.fromWindow), stated.usageReporting],
      ['2026-01-01T00Z', true],
    );
    const quiet = await run(
      'activation',
      'token',
      '--reporting',
      'off',
      '--asset-tag',
      'a',
      '--json',
    );
    const other = await readRegistrationToken(
      JSON.parse(quiet.out).registrationToken,
      systemClock.now(),
    );
    assert.deepEqual([other.usageReporting, other.assetTag], [false, 'a']);
    const custom = ['--billing-model', 'Custom', '--asset-tag', 'a', '--json'];
    const on = await run('activation', 'token', ...custom, '--reporting', 'on', '--marketplace');
    const wished = await readRegistrationToken(
      JSON.parse(on.out).registrationToken,
      systemClock.now(),
    );
    assert.deepEqual([wished.usageReporting, wished.marketplaceSyndication], [true, true]);
    const key = join(folder, 'key');
    writeFileSync(key, await keyFor(token));
    assert.match((await run('activation', 'apply', key)).out, /is activated as/);
    assert.match((await run('activation', 'apply', key)).out, /is still activated as/);
    assert.match((await run('activation', 'show')).out, /Billing model: +Development/);
    const shown = JSON.parse((await run('activation', 'show', '--json')).out);
    assert.equal(shown.activation.state, 'Active');
    const sent = await run('bridge', 'send');
    assert.deepEqual([sent.exitCode, /did not answer/.test(sent.out)], [3, true]);
    const status = JSON.parse((await run('bridge', 'status', '--json')).out);
    assert.deepEqual([status.progress.failures, status.lag.windows], [1, 0]);
    assert.match((await run('bridge', 'rotate')).err, /did not answer/);
    assert.match((await run('bridge', 'dry-run')).out, /0 windows with 0 rows are due/);
    assert.match((await run('bridge', 'dry-run', '--window', 'x')).err, /--window/);
    const later = await run('bridge', 'release', '--through', '2026-01-01T05Z');
    assert.match(later.out, /6 hours from 2026-01-01T00Z to 2026-01-01T05Z have no usage/);
    const second = { registrationId: OTHER, resourceId: `/subscriptions/${OTHER}/r` };
    writeFileSync(key, await keyFor(token, second));
    const instead = await run('activation', 'apply', key);
    assert.match(instead.out, /is activated as .*0002.*, instead of .*0001\/r\. 6 closed windows/);
    assert.match((await run('activation', 'remove')).out, /Every closed window had been reported/);
  });

  it('refuse what is no key, no file and no time', async () => {
    const file = join(folder, 'wrong');
    writeFileSync(file, 'x');
    assert.match((await run('activation', 'apply', file)).err, /cannot be used/);
    assert.match((await run('activation', 'apply', `${file}-not-there`)).err, /cannot be read/);
    assert.match((await run('activation', 'token', '--from', 'x')).err, /--from/);
    const out = await run('activation', 'token', '--out', join(folder, 'not', 'there'));
    assert.match(out.err, /--out.*cannot be written/);
  });
});
