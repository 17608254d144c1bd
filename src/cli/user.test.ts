import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, describe, it } from 'node:test';
import { withTestDatabase } from '../../test/support/database.ts';
import { readPassword } from './user.ts';
import { runForTest, type Ran } from './test-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'stackmeter-user-'));
after(() => rmSync(folder, { recursive: true }));

describe('user', () => {
  const db = withTestDatabase();
  const run = (...argv: string[]): Promise<Ran> =>
    runForTest([...argv, '--data', folder, '--database-url', db.url]);
  const runJson = async (...argv: string[]) => {
    const { exitCode, out, err } = await run(...argv, '--json');
    assert.deepEqual([exitCode, err], [0, ''], argv.join(' '));
    return JSON.parse(out);
  };
  const ann = ['--name', 'Ann', '--user-name', 'Ann@Example.org'] as const;

  it('add makes a person and shows a password once; list shows names and roles', async () => {
    const added = await runJson('user', 'add', ...ann, '--role', 'Reader', '--scope', '/');
    assert.match(added.password, /^(?:[a-zA-Z2-9]{5}-?){4}$/);
    const [user, ...others] = await runJson('user', 'list');
    assert.equal(others.length, 0);
    assert.partialDeepStrictEqual(user, {
      userId: added.userId,
      userName: 'Ann@Example.org',
      name: 'Ann',
      tenantId: added.tenantId,
      assignments: [{ role: 'Reader', scope: '/' }],
    });
    assert.doesNotMatch(JSON.stringify(user), /scrypt|password/i);
    const { out } = await run('user', 'list');
    assert.match(out, /^SIGN-IN NAME .*\nAnn@Example.org .* active +Reader on \/\n$/);
  });

  it('add refuses a name that is taken in another case, a bad one, and a role without a scope', async () => {
    const refused: readonly (readonly [readonly string[], RegExp])[] = [
      [['--name', 'Ann', '--user-name', 'ann@example.ORG'], /somebody has this sign-in name/],
      [['--name', 'Ann', '--user-name', 'two words'], /letters, digits/],
      [['--name', 'Ann', '--user-name', 'İnan'], /no İ/],
      [['--name', '', '--user-name', 'x'], /printable/],
      [['--name', 'B', '--user-name', 'b', '--role', 'Reader'], /given together/],
      [['--name', 'B', '--user-name', 'b', '--tenant', 'x'], /GUID/],
    ];
    for (const [options, message] of refused) {
      const { exitCode, err } = await run('user', 'add', ...options);
      assert.equal(exitCode, 1, options.join(' '));
      assert.match(err, message);
    }
    assert.equal((await runJson('user', 'list')).length, 1);
  });

  it('set-password, disable, enable and remove take an id or a sign-in name', async () => {
    const [{ userId }] = await runJson('user', 'list');
    const changed = await runJson('user', 'set-password', 'ANN@example.org');
    assert.equal(changed.userId, userId);
    assert.equal(changed.password.length, 23);
    assert.equal((await runJson('user', 'disable', userId)).state, 'disabled');
    assert.ok((await runJson('user', 'list'))[0].disabledAt);
    assert.equal((await runJson('user', 'enable', userId)).state, 'active');
    const { exitCode, err } = await run('user', 'enable', userId);
    assert.equal(exitCode, 1);
    assert.match(err, /nothing at 'user /);
    assert.equal((await runJson('user', 'remove', userId.toUpperCase())).state, 'removed');
    assert.deepEqual(await runJson('user', 'list'), []);
  });

  it('is in the audit trail, without a password', async () => {
    const { rows } = await db.database.pool.query<{ detail: string }>(
      `select actor_kind || ' ' || detail as detail from audit_event
       where action = 'Stackmeter.Identity/principals/write' order by number`,
    );
    const said = rows.map(({ detail }) => detail).join('\n');
    for (const what of ['added', 'password set', 'disabled', 'enabled', 'removed']) {
      assert.match(said, new RegExp(`^command-line .*"change":"${what}"`, 'm'));
    }
    assert.doesNotMatch(said, /scrypt/);
  });

  it('reads a password from the first line of standard input', async () => {
    assert.equal(
      await readPassword(Readable.from(['a long ', 'password\r\nrest'])),
      'a long password',
    );
  });
});

describe('authority', () => {
  const db = withTestDatabase();
  const runJson = async (...argv: string[]) => {
    const ran = await runForTest([...argv, '--data', folder, '--database-url', db.url, '--json']);
    assert.deepEqual([ran.exitCode, ran.err], [0, ''], argv.join(' '));
    return JSON.parse(ran.out);
  };

  it('rotate-keys publishes a key that signs later, or at once', async () => {
    const first = await runJson('authority', 'rotate-keys', '--now');
    const second = await runJson('authority', 'rotate-keys');
    const keys = await runJson('authority', 'keys');
    assert.deepEqual(
      keys.map(({ kid, signing, retiredAt }: Record<string, unknown>) => [
        kid,
        signing,
        retiredAt === null,
      ]),
      [
        [second.kid, false, true],
        [first.kid, true, false],
      ],
    );
    assert.doesNotMatch(JSON.stringify(keys), /"d"|private/i);
    const third = await runJson('authority', 'rotate-keys', '--now');
    const [newest] = await runJson('authority', 'keys');
    assert.deepEqual([newest.kid, newest.signing], [third.kid, true]);
  });
});
