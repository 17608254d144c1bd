import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import pg from 'pg';
import { withTestDatabase } from '../../../test/support/database.ts';
import { fixedClock, systemClock } from '../clock.ts';
import { silentLog } from '../telemetry/index.ts';
import { openDatabase } from './index.ts';
import { migrate, readMigrations } from './migrate.ts';
import { isTransient } from './transient.ts';

const test = withTestDatabase({ migrated: false });

describe('rows', () => {
  const types: [string, unknown][] = [
    ["'9007199254740993'::int8", 9_007_199_254_740_993n],
    ['array[1, null]::int8[]', [1n, null]],
    ["'0.10000000000000000000000000001'::numeric", '0.10000000000000000000000000001'],
    ["'{{0.1},{2.50}}'::numeric[]", [['0.1'], ['2.50']]],
    ["'2018-06-01'::date", '2018-06-01'],
    ["array['2018-06-01']::date[]", ['2018-06-01']],
    ["'2018-06-01 10:00'::timestamp", '2018-06-01 10:00:00'],
    ["'90 minutes'::interval", '01:30:00'],
    ["upper('6F0A')::text", '6F0A'],
    ["'6F0A4E1C-0000-4000-8000-000000000001'::uuid", '6f0a4e1c-0000-4000-8000-000000000001'],
    ["'\\x01ff'::bytea", Buffer.from([1, 255])],
    ['1::int4', 1],
    ['null::timestamptz', null],
  ];
  for (const [sql, value] of types) {
    it(`read ${sql} without loss`, async () => {
      const { rows } = await test.database.pool.query<{ value: unknown }>(`select ${sql} as value`);
      assert.deepEqual(rows[0]?.value, value);
    });
  }

  it('read instants as Temporal.Instant, whatever the time zone, and take them as text', async () => {
    const client = await test.database.pool.connect();
    const texts = ['2018-06-01T10:00:00.123456Z', '0002-01-01T00:00:00Z', '1883-11-18T12:00:00Z'];
    try {
      const sql = 'select $1::timestamptz as at, $2::timestamptz[] as several';
      for (const zone of ['UTC', 'America/New_York', 'Asia/Kathmandu']) {
        await client.query(`set timezone = '${zone}'`);
        for (const text of texts) {
          const instant = Temporal.Instant.from(text);
          const { rows } = await client.query<{ at: Temporal.Instant; several: unknown[] }>(sql, [
            instant.toString(),
            [text, null],
          ]);
          const row = rows[0];
          assert.ok(row?.at instanceof Temporal.Instant);
          assert.equal(row.at.toString(), text);
          assert.deepEqual(String(row.several), String([text, null]));
        }
      }
    } finally {
      await client.query("set timezone = 'UTC'");
      client.release();
    }
  });

  it('are seen in UTC and order text by code point', async () => {
    const { rows } = await test.database.pool.query<{ zone: string; sorted: string[] }>(
      `select current_setting('timezone') as zone, array_agg(t order by t) as sorted
       from unnest(array['b', 'Z', 'é', 'a', '_']) as t`,
    );
    assert.deepEqual(rows[0], { zone: 'UTC', sorted: ['Z', '_', 'a', 'b', 'é'] });
  });
});

describe('a connection', () => {
  it('acknowledges what is on disk, and its transactions see what was committed, whatever the server says', async () => {
    const { pool } = test.database;
    const { rows } = await pool.query<{ name: string }>('select current_database() as name');
    const careless: readonly (readonly [string, string])[] = [
      ['synchronous_commit', 'local'],
      ['default_transaction_isolation', 'repeatable read'],
    ];
    for (const [setting, value] of careless) {
      await pool.query(`alter database ${rows[0]?.name} set ${setting} = '${value}'`);
    }
    const database = await openDatabase({ data: '', databaseUrl: test.url }, silentLog, {
      migrations: false,
    });
    try {
      const seen = await database.transaction((tx) =>
        tx.query(
          `select current_setting('synchronous_commit') as commits,
             current_setting('transaction_isolation') as level`,
        ),
      );
      assert.deepEqual(seen.rows, [{ commits: 'on', level: 'read committed' }]);
    } finally {
      await database.close();
      for (const [setting] of careless) {
        await pool.query(`alter database ${rows[0]?.name} reset ${setting}`);
      }
    }
  });
});

describe('a transaction', () => {
  it('is committed when its function resolves and rolled back when it rejects', async () => {
    const { database } = test;
    await database.pool.query('create table tally (n int primary key, amount int not null)');
    await database.transaction((tx) => tx.query('insert into tally values (1, 0), (2, 0)'));
    const refused = database.transaction(async (tx) => {
      await tx.query('delete from tally');
      throw new Error('no');
    });
    await assert.rejects(refused, /^Error: no$/);
    const { rows } = await database.pool.query('select count(*)::int as n from tally');
    assert.deepEqual(rows, [{ n: 2 }]);
  });

  it('is not taken for committed when the error of a statement was caught', async () => {
    const swallowed = test.database.transaction(async (tx) => {
      await tx.query('select 1 / 0').catch(() => undefined);
    });
    await assert.rejects(swallowed, /rolled back/);
  });

  it('writes nothing when it is read only, and sees one moment when asked to', async () => {
    const writing = test.database.transaction((tx) => tx.query('delete from tally'), {
      readOnly: true,
    });
    await assert.rejects(writing, { code: '25006' });
    const level = await test.database.transaction((tx) => tx.query('show transaction_isolation'), {
      isolation: 'repeatable read',
      readOnly: true,
    });
    assert.deepEqual(level.rows, [{ transaction_isolation: 'repeatable read' }]);
  });

  it('is repeated after a deadlock when that is allowed', async () => {
    const { database } = test;
    let attempts = 0;
    let arrived = 0;
    const bothHere = Promise.withResolvers<undefined>();
    const add = (first: number, second: number): Promise<unknown> =>
      database.transaction(
        async (tx) => {
          attempts += 1;
          await tx.query("set local deadlock_timeout = '20ms'");
          await tx.query('update tally set amount = amount + 1 where n = $1', [first]);
          if (++arrived === 2) bothHere.resolve(undefined);
          await bothHere.promise;
          await tx.query('update tally set amount = amount + 1 where n = $1', [second]);
        },
        { retry: true },
      );
    await Promise.all([add(1, 2), add(2, 1)]);
    const { rows } = await database.pool.query('select amount from tally order by n');
    assert.deepEqual(rows, [{ amount: 2 }, { amount: 2 }]);
    assert.equal(attempts, 3);
  });

  it('is repeated on a new connection when its own is cut, and only when that is allowed', async () => {
    const { database } = test;
    for (const retry of [true, false]) {
      let attempts = 0;
      const cut = database.transaction(
        async (tx) => {
          attempts += 1;
          if (attempts === 1) {
            const { rows } = await tx.query<{ pid: number }>('select pg_backend_pid() as pid');
            await database.pool.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
            // The connection is lost while nothing is asked of it, which must not end this process.
            await systemClock.sleep(50);
          }
          await tx.query('select 1');
          return attempts;
        },
        { retry },
      );
      if (retry) assert.equal(await cut, 2);
      else await assert.rejects(cut, isTransient);
    }
  });

  it('is given up when what should pass does not', async () => {
    const clock = fixedClock(Temporal.Instant.from('2018-06-01T10:00:00Z'));
    const { runTransaction } = await import('./transaction.ts');
    let attempts = 0;
    const hopeless = runTransaction(
      test.database.pool,
      { ...clock, sleep: async (ms) => clock.advance(ms + 10) },
      async (tx) => {
        attempts += 1;
        await tx.query("do $$ begin raise exception using errcode = '40001'; end $$");
      },
      { retry: true, retryForMs: 1000 },
    );
    await assert.rejects(hopeless, { code: '40001' });
    assert.ok(attempts > 3 && attempts < 100, `${attempts} attempts`);
  });
});

describe('an error', () => {
  const withCode = (code: string, more = {}): Error =>
    Object.assign(new Error('x'), { code, ...more });
  it('passes when the connection, the server or another transaction is to blame', () => {
    const passing = [
      ...['40P01', '40001', '08006', '08P01', '57P01', '57P02', '57P03', '58030'].map((c) =>
        withCode(c),
      ),
      ...['ECONNRESET', 'EPIPE', 'ECONNREFUSED'].map((c) => withCode(c)),
      withCode('ENOENT', { syscall: 'connect' }),
      withCode('XX000', { message: 'connection to the remote node failed' }),
      new Error('Connection terminated unexpectedly'),
      new Error('wrapped', { cause: withCode('40001') }),
      new AggregateError([withCode('ECONNREFUSED')]),
    ];
    for (const error of passing) assert.equal(isTransient(error), true, JSON.stringify(error));
  });
  it('stays when the statement is to blame', () => {
    const staying = [withCode('23505'), withCode('ENOENT', { syscall: 'open' }), withCode('XX000')];
    for (const error of [...staying, withCode('57014'), new Error('no'), 'ECONNRESET', undefined]) {
      assert.equal(isTransient(error), false, JSON.stringify(error));
    }
  });
});

describe('migrations', () => {
  const folder = mkdtempSync(join(tmpdir(), 'stackmeter-migrations-'));
  after(() => rmSync(folder, { recursive: true }));
  const write = (name: string, sql: string): void => writeFileSync(join(folder, name), sql);
  const open = () =>
    openDatabase({ data: '', databaseUrl: test.url }, silentLog, { migrations: folder });
  const opened = async (): Promise<void> => (await open()).close();

  it('may be none', async () => {
    await opened();
    const { rows } = await test.database.pool.query(
      "select to_regclass('schema_migration') as found",
    );
    assert.deepEqual(rows, [{ found: null }]);
  });

  it('are applied once, in order, by whoever of several comes first', async () => {
    write('0001-first.sql', 'create table first (n int); insert into first values (1);');
    write('0002-second.sql', 'insert into first select n + 1 from first;');
    write('README.md', 'passed over');
    await Promise.all([opened(), opened(), opened()]);
    await opened();
    const { rows } = await test.database.pool.query('select n from first order by n');
    assert.deepEqual(rows, [{ n: 1 }, { n: 2 }]);
  });

  it('leave nothing behind when they fail, and go on when corrected', async () => {
    write('0003-third.sql', 'create table third (n int); select 1 / 0;');
    await assert.rejects(open(), /0003-third.sql failed: division by zero/);
    write('0003-third.sql', 'create table third (n int);');
    const pool = new pg.Pool({ connectionString: test.url, max: 1 });
    assert.deepEqual(await migrate(pool, systemClock, await readMigrations(folder)), [
      '0003-third.sql',
    ]);
    await pool.end();
  });

  it('are refused when an applied one has changed or is unknown', async () => {
    write('0001-first.sql', 'create table first (n bigint);');
    await assert.rejects(open(), { code: 'MigrationAltered', message: /0001-first.sql/ });
    write('0001-first.sql', 'create table first (n int); insert into first values (1);');
    rmSync(join(folder, '0003-third.sql'));
    await assert.rejects(open(), {
      code: 'DatabaseUnavailable',
      message: /later release.*0003-third/,
    });
  });

  it('are refused when their numbers have a gap or come twice', async () => {
    write('0002-other.sql', '');
    await assert.rejects(readMigrations(folder), /0002-second.sql comes where number 3/);
  });
});

describe('a database by its address', () => {
  it('is refused with the reason when it cannot be used, and the password is not shown', async () => {
    const wrong = test.url.replace(/:\/\/([^:]*):[^@]*@/, '://$1:not-the-password@');
    const refused = openDatabase({ data: '', databaseUrl: wrong }, silentLog);
    await assert.rejects(refused, (error) => {
      assert.ok(error instanceof Error && 'code' in error);
      assert.equal(error.code, 'DatabaseUnavailable');
      assert.match(error.message, /password authentication failed/);
      assert.doesNotMatch(error.message, /not-the-password/);
      return true;
    });
  });
});
