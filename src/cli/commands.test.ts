import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { withTestDatabase } from '../../test/support/database.ts';
import { systemClock } from '../platform/clock.ts';
import { runForTest, type Ran } from './test-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'stackmeter-cli-'));
after(() => rmSync(folder, { recursive: true }));

const ONE = '11111111-1111-4111-8111-111111111111';
const TWO = '22222222-2222-4222-8222-222222222222';

/** A usage summary: the machine of one, a meter that nobody knows of the other, two days. */
const HISTORY = [
  'UsageStartTime,UsageEndTime,MeterName,Quantity,location,subowner,tags,MeterId,additionalInfo,subscription,resourceUri',
  `2018-08-23T00:00:00+00:00,2018-08-24T00:00:00+00:00,VM size hours,24,local,a@one.example,,6dab500f-a4fd-49c4-956d-229bb9c8c793,,${ONE},/subscriptions/${ONE}/resourceGroups/g/providers/Microsoft.Compute/virtualMachines/m`,
  `2018-08-23T00:00:00+00:00,2018-08-24T00:00:00+00:00,Copies,0.1,local,b@two.example,,copies,,${TWO},/subscriptions/${TWO}/resourceGroups/g/providers/Example.Backup/vaults/v`,
  `2018-08-24T00:00:00+00:00,2018-08-25T00:00:00+00:00,Copies,"1E-05",local,b@two.example,"{""a"":""b""}",copies,,${TWO},/subscriptions/${TWO}/resourceGroups/g/providers/Example.Backup/vaults/v`,
].join('\r\n');

const RANGE = ['--reported-start', '2018-08-23', '--reported-end', '2018-08-25'] as const;
const DAYS = ['--start', '2018-08-23', '--end', '2018-08-25'] as const;

describe('commands', () => {
  const db = withTestDatabase();
  const data = join(folder, 'data');
  const run = (...argv: string[]): Promise<Ran> =>
    runForTest([...argv, '--data', data, '--database-url', db.url]);
  const runJson = async (...argv: string[]): Promise<unknown> => {
    const { exitCode, out, err } = await run(...argv, '--json');
    assert.deepEqual([exitCode, err], [0, ''], argv.join(' '));
    return JSON.parse(out);
  };
  const history = join(folder, 'history.csv');
  writeFileSync(history, HISTORY);
  const imports = ['usage', 'import', history, '--format', 'usage-summary', ...RANGE] as const;

  it('usage import refuses a range that does not fit, and writes nothing', async () => {
    const refused: readonly (readonly [string, string, RegExp])[] = [
      ['2018-08-23T00:30', '2018-08-25', /has to be a whole hour/],
      ['2018-08-25', '2018-08-23', /before the reported end/],
      ['2018-08-22T12:00', '2018-08-25', /daily rows/],
      ['2018-08-23', '2018-08-24', /cannot hold/],
      ['2018-08-23', '2099-01-01', /reported end.*3,660 days/],
    ];
    for (const [start, end, message] of refused) {
      const range = ['--reported-start', start, '--reported-end', end];
      const { exitCode, err } = await run(...imports.slice(0, 5), ...range);
      assert.equal(exitCode, 1, start);
      assert.match(err, message);
    }
    const { exitCode, err } = await run(
      ...imports.slice(0, 2),
      join(folder, 'absent'),
      ...imports.slice(3),
    );
    assert.deepEqual([exitCode, /no such file/.test(err)], [1, true]);
    const { rows } = await db.database.pool.query(
      `select from subscription where origin = 'imported'`,
    );
    assert.equal(rows.length, 0);
  });

  it('usage import brings history in, once, and makes what nobody knows', async () => {
    assert.deepEqual(await runJson(...imports), {
      records: 3,
      accepted: 3,
      duplicates: 0,
      quarantined: 0,
      windowsClosed: 50,
      subscriptionsCreated: 2,
      metersCreated: 1,
      rows: 3,
    });
    const { exitCode, out } = await run(...imports);
    assert.equal(exitCode, 0);
    assert.match(
      out,
      /3 there already.*\n0 subscriptions and 0 meters.*\n.*\n.*nothing has changed/,
    );
  });

  it('usage export gives back what came in, to the digit', async () => {
    const { exitCode, out } = await run('usage', 'export', ...DAYS);
    assert.equal(exitCode, 0);
    const lines = out
      .trimEnd()
      .split('\r\n')
      .map((line) => line.split('","'));
    assert.deepEqual(
      lines.slice(1).map((line) => [line[0], line[2], line[3], line[8], line[10]]),
      [
        [
          '"2018-08-23T00:00:00+00:00',
          'Virtual Machine size hours',
          '24.0',
          'a@one.example',
          '6dab500f-a4fd-49c4-956d-229bb9c8c793',
        ],
        ['"2018-08-23T00:00:00+00:00', 'Copies', '0.1', 'b@two.example', 'copies'],
        ['"2018-08-24T00:00:00+00:00', 'Copies', '0.00001', 'b@two.example', 'copies'],
      ].map((row, i) => (i === 0 ? [row[0], lines[1]![2], ...row.slice(2)] : row)),
    );
    const file = join(folder, 'out.ndjson');
    await run(
      'usage',
      'export',
      ...DAYS,
      '--subscription',
      TWO,
      '--format',
      'ndjson',
      '--output',
      file,
    );
    assert.deepEqual(
      readFileSync(file, 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => (JSON.parse(line) as { tags: string }).tags),
      ['', '{"a":"b"}'],
    );
  });

  it('usage list answers rows as the interfaces do', async () => {
    const rows = await runJson('usage', 'list', ...DAYS, '--subscription', ONE);
    assert.ok(Array.isArray(rows));
    assert.equal(rows.length, 1);
    assert.equal(rows[0].properties.quantity, 24);
    const { out } = await run(
      'usage',
      'list',
      '--start',
      '2018-08-23',
      '--end',
      '2018-08-24',
      '--granularity',
      'hourly',
    );
    assert.match(out, /^USAGE +SUBSCRIPTION/);
    assert.equal(out.trimEnd().split('\n').length, 1 + 2 * 24);
  });

  it('usage list and export refuse what could still change', async () => {
    const today = systemClock.now().toString().slice(0, 10);
    const yesterday = systemClock.now().subtract({ hours: 24 }).toString().slice(0, 10);
    for (const verb of ['list', 'export']) {
      const future = await run('usage', verb, '--start', today, '--end', '2099-01-01', '--json');
      assert.match(future.err, /"RequestEndTimeIsInFuture"/);
      const hours = ['--start', `${yesterday}T00:00`, '--end', `${today}T00:00`];
      const uneven = await run('usage', verb, '--start', `${today}T00:30`, ...hours.slice(2));
      assert.match(uneven.err, /midnight UTC/);
    }
    const unknown = await run('usage', 'list', ...DAYS, '--subscription', data);
    assert.match(unknown.err, /--subscription is not valid/);
  });

  it('window verify tells what differs, and ends with 3', async () => {
    assert.deepEqual(await runJson('window', 'verify'), {
      equal: 50,
      unverifiable: 0,
      different: [],
    });
    await db.database.pool.query(
      'update usage_daily set quantity = quantity + 1 where subscription_id = $1',
      [ONE],
    );
    const { exitCode, out } = await run('window', 'verify', '--granularity', 'day');
    assert.equal(exitCode, 3);
    assert.match(
      out,
      /day 2018-08-23T00:00:00\+00:00 differs:[^]*only stored: \(11111111[^]*1 windows are equal, 1 differ/,
    );
    await db.database.pool.query(
      'update usage_daily set quantity = quantity - 1 where subscription_id = $1',
      [ONE],
    );
  });

  it('window list and close keep to whole windows', async () => {
    const windows = await runJson('window', 'list', '--through', '2018-08-24T12:00');
    assert.ok(Array.isArray(windows));
    assert.deepEqual(
      windows.map(({ start, rows, records }) => [start, rows, records]),
      [['2018-08-23T00:00:00Z', 2, 48]],
    );
    const future = await run('window', 'close', '--through', '2099-01-01');
    assert.equal(future.exitCode, 1);
    assert.match(future.err, /is in the future/);
    assert.deepEqual(await runJson('window', 'close', '--through', '2020-01-01'), { closed: [] });
  });

  it('client add, list, disable and remove', async () => {
    const emitter = ['--name', 'agent', '--role', 'emitter', '--scope', '/'] as const;
    const providers = [
      '--provider',
      'Microsoft.Compute',
      '--provider',
      'Microsoft.Storage',
    ] as const;
    const added = await runJson('client', 'add', ...emitter, ...providers);
    assert.ok(typeof added === 'object' && added !== null && 'clientId' in added);
    assert.deepEqual(Object.keys(added), ['clientId', 'clientSecret', 'tenantId']);
    const id = String(added.clientId);
    assert.match(
      (await run('client', 'list')).out,
      /agent +active +Emitter on \/ \(Microsoft.Compute, Microsoft.Storage\)/,
    );
    await runJson('client', 'disable', id);
    assert.match((await run('client', 'list')).out, /agent +disabled/);
    await runJson('client', 'remove', id);
    assert.match((await run('client', 'remove', id)).err, /There is nothing at/);
  });

  it('client add takes several scopes, each of which has to be there', async () => {
    const reader = ['--name', 'reports', '--role', 'Reader'] as const;
    const scopes = [ONE, TWO].flatMap((id) => ['--scope', `/subscriptions/${id}`]);
    const added = await runJson('client', 'add', ...reader, ...scopes);
    assert.deepEqual(Object.keys(added ?? {}), ['clientId', 'clientSecret', 'tenantId']);
    assert.match(
      (await run('client', 'list')).out,
      new RegExp(`reports +active +Reader on /subscriptions/${ONE}; Reader on .*${TWO}`),
    );
    const unknown = `/subscriptions/${ONE.replaceAll('1', '4')}`;
    const refused = await run('client', 'add', ...reader, ...scopes, '--scope', unknown, '--json');
    assert.match(refused.err, /"SubscriptionNotFound"/);
    assert.equal((await run('client', 'list')).out.match(/reports/g)?.length, 1);
  });

  it('subscription add, show, set-state and list', async () => {
    const fields = ['--name', 'Web', '--owner', 'c@two.example'] as const;
    const added = await runJson('subscription', 'add', ...fields);
    assert.ok(typeof added === 'object' && added !== null && 'subscriptionId' in added);
    const id = String(added.subscriptionId);
    const two = await runJson('subscription', 'show', TWO);
    assert.ok(typeof two === 'object' && two !== null && 'tenantId' in two && 'tenantId' in added);
    assert.equal(added.tenantId, two.tenantId, 'one directory for each domain');
    await runJson('subscription', 'set-state', id, 'disabled');
    assert.match(
      (await run('subscription', 'list')).out,
      new RegExp(`${id} +Web +c@two.example +Disabled +created`),
    );
    assert.match((await run('subscription', 'add', '--id', id, ...fields)).err, /is there already/);
    assert.match(
      (await run('subscription', 'show', ONE.replaceAll('1', '3'))).err,
      /no subscription/,
    );
    assert.match((await run('subscription', 'set-state', id, 'Gone')).err, /it is one of Enabled/);
  });

  it('meter add and list', async () => {
    const fields = ['--id', 'backups', '--name', 'Backups', '--unit', 'GB-hours'] as const;
    const meter = await runJson('meter', 'add', ...fields, '--provider', 'Example.Backup');
    assert.deepEqual(
      meter,
      await runJson('meter', 'add', ...fields, '--provider', 'Example.Backup'),
    );
    assert.match(
      (await run('meter', 'list')).out,
      /backups +Backups +GB-hours +Example.Backup +operator/,
    );
    assert.match(
      (await run('meter', 'add', ...fields, '--provider', 'Other.Backup')).err,
      /already/,
    );
  });

  it('quarantine list, show, replay and discard', async () => {
    const late = join(folder, 'late.csv');
    const mended = HISTORY.replaceAll('2018-08-2', '2018-07-2');
    const tooLong = `0.${'1'.repeat(60)}`;
    writeFileSync(late, mended.replace(',0.1,', `,${tooLong},`).replace('1E-05', tooLong));
    const range = ['--reported-start', '2018-07-23', '--reported-end', '2018-07-25'];
    const importLate = [...imports.slice(0, 2), late, ...imports.slice(3, 5), ...range];
    const held = await run(...importLate);
    assert.equal(held.exitCode, 3);
    assert.match(held.out, /1 records counted, 0 there already, 2 in quarantine[^]*stay open/);

    const listed = await runJson('quarantine', 'list', '--code', 'QuantityTooLong');
    assert.ok(Array.isArray(listed));
    const [first, second] = listed.map(({ quarantineId }) => String(quarantineId));
    assert.match((await run('quarantine', 'show', first!)).out, /state: +held[^]*"2222/);
    const body = join(folder, 'body.json');
    const text = String(listed[0].body);
    writeFileSync(body, text.replace(tooLong, '1').replace(/"id":"[^"]*"/, '"id":"mended"'));
    const replayed = await run('quarantine', 'replay', first!, '--body', body);
    assert.deepEqual([replayed.exitCode, replayed.out], [0, `${first} is counted.\n`]);
    const asReceived = await run('quarantine', 'replay', second!);
    assert.equal(asReceived.exitCode, 3);
    assert.match(asReceived.out, /stays in quarantine: The quantity has 60 digits/);
    const absent = await run('quarantine', 'replay', second!, '--body', join(folder, 'absent'));
    assert.match(absent.err, /cannot be read/);
    const discard = ['quarantine', 'discard', second!, '--reason', 'mended in the file'];
    assert.equal((await run(...discard)).exitCode, 0);
    assert.match((await run(...discard)).err, /discarded already/);
    assert.match((await run('quarantine', 'list')).out, /no such entries/);

    writeFileSync(late, mended);
    assert.match(
      (await run(...importLate)).out,
      /2 records counted, 1 there already[^]*50 reported windows were closed/,
    );
  });
});
