import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, it } from 'node:test';
import { withTestDatabase } from '../../test/support/database.ts';
import { hourOf, isJsonObject } from '../kernel/index.ts';
import { systemClock } from '../platform/index.ts';
import {
  newStampKey,
  readActivationKey,
  writeRegistrationToken,
  type RegistrationToken,
} from '../reporting/index.ts';
import { runForTest, type Ran } from './test-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'stackmeter-cli-'));
after(() => rmSync(folder, { recursive: true }));

describe('commands of registration', () => {
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
  const addPartner = async (...more: string[]): Promise<string> => {
    const csp = ['--name', 'Partner', '--kind', 'CSP', '--partner', 'p1', '--multitenancy'];
    const made = await runJson('commerce-subscription', 'add', ...csp, ...more);
    return String(made['subscriptionId']);
  };
  const token = async (cloudId: string, more: Partial<RegistrationToken> = {}): Promise<string> => {
    const file = join(folder, `${randomUUID()}.token`);
    const stated: RegistrationToken = {
      cloudId,
      billingModel: 'PayAsYouUse',
      usageReporting: true,
      marketplaceSyndication: true,
      agreementNumber: undefined,
      assetTag: undefined,
      fromWindow: hourOf(systemClock.now()),
      ...more,
    };
    const text = await writeRegistrationToken(stated, newStampKey(), systemClock.now());
    writeFileSync(file, `${text}\n`);
    return file;
  };
  const register = async (subscription: string, name: string): Promise<string> => {
    const cloudId = randomUUID();
    const options = ['--subscription', subscription, '--name', name];
    await runJson('registration', 'put', '--token', await token(cloudId), ...options);
    return cloudId;
  };

  it('commerce-subscription add, list, show and change', async () => {
    const id = randomUUID();
    const tenant = randomUUID();
    assert.equal(await addPartner('--id', id, '--tenant', tenant), id);
    await refused(
      'Conflict',
      'commerce-subscription',
      'add',
      '--name',
      'x',
      '--kind',
      'MSDN',
      '--id',
      id,
    );
    await refused(
      'InvalidProperty',
      'commerce-subscription',
      'add',
      '--name',
      'x',
      '--kind',
      'Free',
    );
    await refused(
      'InvalidProperty',
      'commerce-subscription',
      'add',
      '--name',
      'x',
      '--kind',
      'CSP',
    );
    const listed = (await run('commerce-subscription', 'list')).out;
    assert.match(listed, new RegExp(`^${id} +Partner +CSP +p1 +approved +Enabled$`, 'm'));
    const change = ['commerce-subscription', 'change', id, '--name', 'Other'];
    const changed = await run(...change, '--multitenancy', 'refused', '--state', 'Disabled');
    assert.equal(changed.out, `The subscription ${id} (Other) is changed.\n`);
    const shown = await runJson('commerce-subscription', 'show', id);
    assert.deepEqual(
      [shown['displayName'], shown['multitenancyApproved'], shown['state'], shown['tenantId']],
      ['Other', false, 'Disabled', tenant],
    );
    assert.match((await run('commerce-subscription', 'show', id)).out, /^kind: +CSP$/m);
    await refused('SubscriptionNotFound', 'commerce-subscription', 'show', randomUUID());
    await refused('SubscriptionNotFound', 'commerce-subscription', 'change', randomUUID());
    await refused('InvalidProperty', 'commerce-subscription', 'show', 'x');
  });

  it('registration put, list, show and activation-key: two files for a stamp without a line', async () => {
    const id = await addPartner();
    const cloudId = randomUUID();
    const put = ['registration', 'put', '--subscription', id, '--token'];
    const made = await run(...put, await token(cloudId));
    const resource = `/subscriptions/${id}/resourceGroups/azurestack/providers/Microsoft.AzureStack/registrations/AzureStack-${cloudId}`;
    assert.equal(made.out, `The stamp ${cloudId} is registered:\n${resource}\n`);
    const off = await run(...put, await token(cloudId, { usageReporting: false }));
    assert.match(off.out, /is registered again:\n.*\nUsage is not reported/);
    assert.equal((await runJson(...put, await token(cloudId)))['created'], false);
    await refused('InvalidRegistrationToken', ...put, join(import.meta.dirname, 'index.ts'));
    const noFile = await run(...put, join(folder, 'none'));
    assert.match(noFile.err, /of --token is not valid: the file cannot be read/);
    const listed = await run('registration', 'list', '--subscription', id);
    assert.match(
      listed.out,
      new RegExp(`^AzureStack-${cloudId} .* PayAsYouUse +on +Registered$`, 'm'),
    );
    const shown = await runJson('registration', 'show', resource);
    const { periods, properties } = shown;
    assert.equal(Array.isArray(periods) ? periods.length : 0, 1);
    const registrationId = isJsonObject(properties) ? String(properties['registrationId']) : '';
    const words = (await run('registration', 'show', registrationId)).out;
    assert.match(words, new RegExp(`^Stamp: +${cloudId}$`, 'm'));
    assert.match(words, /^FROM +NEXT +BEGAN +ENDED$/m);
    await refused('NotFound', 'registration', 'show', 'none');

    const key = ['registration', 'activation-key', `azurestack-${cloudId}`];
    await refused('ServerNotRunning', ...key);
    await refused('InvalidProperty', ...key, '--url', 'http://commerce.example');
    const url = ['--url', 'https://commerce.example:8443/'];
    const file = join(folder, 'activation.key');
    const told = await run(...key, ...url, '--out', file);
    assert.equal(told.out, `The activation key is in ${file}.\n`);
    const read = await readActivationKey(readFileSync(file, 'utf8'));
    assert.deepEqual(
      [read.registrationId, read.commerceUrl, read.cloudId],
      [registrationId, 'https://commerce.example:8443', cloudId],
    );
    assert.match(read.ca, /BEGIN CERTIFICATE/);
    const noPlace = await run(...key, ...url, '--out', folder);
    assert.match(noPlace.err, /of --out is not valid: the file cannot be written/);
    const printed = await readActivationKey((await run(...key, ...url)).out);
    assert.equal(printed.registrationId, registrationId);
    assert.equal(typeof (await runJson(...key, ...url))['activationKey'], 'string');
  });

  it('registration activation-key names an address that other machines reach', async () => {
    const cloudId = await register(await addPartner(), 'reached');
    const data = join(folder, 'data');
    // As a server does that runs on the folder.
    const lock = new DatabaseSync(join(data, 'server.lock'));
    lock.exec('begin exclusive');
    try {
      const baseUrl = 'https://localhost:9443';
      const publish = (more: object): void =>
        writeFileSync(join(data, 'server.json'), JSON.stringify({ baseUrl, pid: 1, ...more }));
      publish({ publicUrl: 'https://commerce.example:8443' });
      const key = await readActivationKey(
        (await run('registration', 'activation-key', 'reached')).out,
      );
      assert.deepEqual([key.commerceUrl, key.cloudId], ['https://commerce.example:8443', cloudId]);
      publish({});
      const refusal = await run('registration', 'activation-key', 'reached');
      assert.match(
        refusal.err,
        /of --url is not valid: it has to be given, since the server listens on all/,
      );
    } finally {
      lock.close();
      rmSync(join(data, 'server.json'));
    }
  });

  it('registration expire, move and remove', async () => {
    const [id, mate] = [await addPartner(), await addPartner()];
    await register(id, 'one');
    await register(id, 'two');
    const over = await run('registration', 'expire', 'one', '--at', '2026-01-01T00:00:00Z');
    assert.match(over.out, /registrations\/one ends at 2026-01-01T00:00:00Z\.$/m);
    assert.match((await run('registration', 'list')).out, /^one .* Expired$/m);
    assert.match((await run('registration', 'expire', 'one')).out, / ends at 2/);
    assert.match((await run('registration', 'expire', 'one', '--never')).out, /ends never/);
    await refused(
      'InvalidProperty',
      'registration',
      'expire',
      'one',
      '--never',
      '--at',
      '2027-01-01',
    );
    const move = ['registration', 'move', 'one', 'two', '--group', 'b'];
    assert.equal((await run(...move)).out.split('\n').length, 3);
    await refused('SubscriptionNotFound', ...move, '--subscription', randomUUID());
    const both = await runJson(...move, '--subscription', mate);
    assert.match(JSON.stringify(both), new RegExp(`/subscriptions/${mate}/resourceGroups/b/`));
    await register(id, 'one');
    await refused('InvalidProperty', 'registration', 'remove', 'one');
    const one = `/subscriptions/${mate}/resourceGroups/b/providers/Microsoft.AzureStack/registrations/one`;
    const left =
      /\nUsage from the window \d{4}-\d\d-\d\dT\d\dZ on stays on the stamp and is not reported\.\n$/;
    const removed = (await run('registration', 'remove', one)).out;
    assert.equal(removed.startsWith(`The registration ${one} is removed.\n`), true);
    assert.match(removed, left);
    await refused('NotFound', 'registration', 'remove', one);
    const told = await runJson('registration', 'remove', 'two');
    assert.match(JSON.stringify(told['properties']), /"status":"Removed"/);
    assert.match(String(told['nextWindow']), /^\d{4}-\d\d-\d\dT\d\dZ$/);
    const ended = await runJson('registration', 'expire', 'one');
    assert.match(JSON.stringify(ended['properties']), /"status":"Expired"/);
    const off = ['--token', await token(randomUUID(), { usageReporting: false })];
    await run('registration', 'put', ...off, '--subscription', id, '--name', 'off');
    const quiet = await run('registration', 'remove', 'off');
    assert.match(quiet.out, /removed\.\nIt reported no usage\.\n$/);
    assert.match((await run('registration', 'list', '--all')).out, /^one .* Removed$/m);
  });

  it('customer map, list and remove', async () => {
    const id = await addPartner();
    await register(id, 'mapping');
    const tenant = randomUUID();
    const customer = await addPartner('--tenant', tenant);
    const other = await addPartner();
    const mapped = await run('customer', 'map', 'mapping', customer.toUpperCase());
    assert.match(
      mapped.out,
      new RegExp(`^The usage of the directory ${tenant} goes to ${customer} from `),
    );
    const later = '2099-01-01T00:00:00Z';
    await run('customer', 'map', 'mapping', other, '--tenant', randomUUID());
    const plan = ['--tenant', tenant, '--from', later, '--shared'];
    const planned = await runJson('customer', 'map', 'mapping', other, ...plan);
    assert.deepEqual(
      [planned['effectiveFrom'], planned['shared'], planned['version']],
      [later, true, 2],
    );
    const foreign = ['--tenant', randomUUID(), '--from', later];
    await refused('InvalidProperty', 'customer', 'map', 'mapping', customer, ...foreign);
    const listed = await run('customer', 'list', 'mapping');
    assert.equal(listed.out.split('\n').filter((line) => line.startsWith(other)).length, 2);
    assert.match(listed.out, new RegExp(`^${other} +${tenant} +2 +shared +${later}$`, 'm'));
    assert.match(JSON.stringify(await runJson('customer', 'list', 'mapping')), /"present":\{/);
    await refused('InvalidProperty', 'customer', 'map', 'mapping', other);
    const unread = await run('customer', 'map', 'mapping', 'x');
    assert.match(unread.err, /The value 'x' of CUSTOMER is not valid/);
    await register(id, 'mate');
    const inherited = (await run('customer', 'list', 'mate')).out;
    assert.match(inherited, new RegExp(`^${other} .* shared .* [0-9a-f-]{36}$`, 'm'));
    assert.match(JSON.stringify(await runJson('customer', 'list', 'mate')), /"inheritedFrom":"/);
    await refused('InvalidCustomerSubscriptionId', 'customer', 'map', 'mapping', randomUUID());
    const removed = await run('customer', 'remove', 'mapping', customer);
    assert.equal(removed.out, `The customer subscription ${customer} is not mapped any more.\n`);
    await refused('CustomerSubscriptionNotFound', 'customer', 'remove', 'mapping', customer);
    assert.deepEqual(await runJson('customer', 'remove', 'mapping', other), {
      customerSubscriptionId: other,
    });
  });
});
