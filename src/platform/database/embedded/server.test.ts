import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, before, describe, it } from 'node:test';
import pg from 'pg';
import { systemClock } from '../../clock.ts';
import { projectFolder } from '../../config/index.ts';
import { silentLog } from '../../telemetry/index.ts';
import { openDatabase } from '../index.ts';
import { serverUser } from './os-user.ts';
import { isAlive } from './processes.ts';
import { useEmbeddedServer, type EmbeddedServer } from './server.ts';

const isRoot = process.geteuid?.() === 0;

// As root below a folder that only root can enter, as a project in /root is.
const scratch = mkdtempSync(join(tmpdir(), 'stackmeter-embedded-'));
assert.equal(statSync(scratch).mode & 0o777, 0o700);
after(() => rmSync(scratch, { recursive: true }));

/** Small, so that the tests of stopping and repairing do not wait for the disk. */
const sharedBuffers = 16 * 2 ** 20;

function use(data: string): Promise<EmbeddedServer> {
  return useEmbeddedServer({ data, sharedBuffers, log: silentLog, clock: systemClock });
}

/** Another process that uses the server. */
interface User {
  readonly process: ReturnType<typeof spawn>;
  readonly said: { url: string; pid: number; adopted: boolean; error?: string };
  leave(): Promise<void>;
}

async function useElsewhere(
  data: string,
  identity: { uid?: number; gid?: number } = {},
): Promise<User> {
  const script = join(projectFolder, 'test/support/embedded-user.ts');
  const child = spawn(process.execPath, [script, data], {
    ...identity,
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', XDG_CACHE_HOME: join(data, 'cache') },
  });
  const lines = createInterface({ input: child.stdout });
  const [line] = await once(lines, 'line');
  const leave = async (): Promise<void> => {
    child.stdin.end();
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  };
  return { process: child, said: JSON.parse(line), leave };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  for (let waited = 0; !(await condition()); waited += 20) {
    assert.ok(waited < 15_000, 'waited 15 s');
    await systemClock.sleep(20);
  }
}

async function ask(url: string, sql: string): Promise<unknown> {
  const client = new pg.Client(url);
  await client.connect();
  const { rows } = await client.query<{ value: unknown }>(sql);
  await client.end();
  return rows[0]?.value;
}

describe('the embedded server', () => {
  const data = join(scratch, 'data');
  const cluster = join(data, 'postgresql');

  it('is set up on the first start, for nobody else to see, and gone after the last use', async () => {
    mkdirSync(data);
    mkdirSync(join(data, 'postgresql.new/cluster/base'), { recursive: true });
    const server = await use(data);
    assert.equal(server.adopted, false);
    for (const [path, mode] of [
      ['postgresql', 0o700],
      ['postgresql.password', 0o600],
      ['postgresql.log', 0o600],
    ] as const) {
      assert.equal(statSync(join(data, path)).mode & 0o777, mode, path);
    }
    assert.equal(
      existsSync(`${cluster}.new`),
      false,
      'what an interrupted start left is cleared away',
    );
    const setting = (name: string): Promise<unknown> =>
      ask(server.url, `select current_setting('${name}') as value`);
    for (const name of ['fsync', 'synchronous_commit', 'full_page_writes', 'data_checksums']) {
      assert.equal(await setting(name), 'on', name);
    }
    assert.equal(await setting('listen_addresses'), '');
    assert.equal(await ask(server.url, 'select current_database() as value'), 'stackmeter');
    assert.equal(await ask(server.url, 'select pg_encoding_to_char(6) as value'), 'UTF8');
    const uid = statSync(`/proc/${server.pid()}`, { throwIfNoEntry: false })?.uid;
    if (uid !== undefined) assert.equal(uid, serverUser()?.uid ?? process.geteuid?.());
    await server.leave();
    await server.leave();
    assert.equal(isAlive(server.pid()), false);
    assert.equal(existsSync(join(cluster, 'postmaster.pid')), false);
  });

  it('takes no other password', async () => {
    const server = await use(data);
    const wrong = server.url.replace(/:\/\/stackmeter:[^@]*@/, '://stackmeter:guess@');
    await assert.rejects(ask(wrong, 'select 1 as value'), { code: '28P01' });
    await server.leave();
  });

  it('is one for all that start at once, and stops with the last of them', async () => {
    const users = await Promise.all([useElsewhere(data), useElsewhere(data), useElsewhere(data)]);
    const here = await use(data);
    const pids = new Set([here.pid(), ...users.map(({ said }) => said.pid)]);
    assert.equal(pids.size, 1);
    assert.equal(users.filter(({ said }) => !said.adopted).length, 1);
    assert.equal(here.adopted, true);
    for (const user of users) await user.leave();
    assert.equal(await ask(here.url, 'select 1 as value'), 1, 'whoever started it has left');
    await here.leave();
    assert.equal(isAlive(here.pid()), false);
  });

  it('outlives a Ctrl-C and the death of its users, and is adopted by the next', async () => {
    const first = await useElsewhere(data);
    process.kill(-(first.process.pid ?? 0), 'SIGINT');
    await once(first.process, 'exit');
    assert.equal(isAlive(first.said.pid), true);
    const second = await use(data);
    assert.deepEqual([second.pid(), second.adopted], [first.said.pid, true]);
    await second.leave();
    assert.equal(isAlive(second.pid()), false);
  });

  it('is started over a postmaster.pid that a dead server left', async () => {
    const killed = await useElsewhere(data);
    killed.process.kill('SIGKILL');
    process.kill(killed.said.pid, 'SIGKILL');
    await until(() => !isAlive(killed.said.pid));
    assert.equal(existsSync(join(cluster, 'postmaster.pid')), true);
    const server = await use(data);
    assert.notEqual(server.pid(), killed.said.pid);
    process.kill(server.pid(), 'SIGKILL');
    await server.leave();
  });

  it('is started although the process id in postmaster.pid is that of another program by now', async () => {
    const user = serverUser();
    const identity = user === undefined ? {} : { uid: user.uid, gid: user.gid };
    const other = spawn('sleep', ['60'], { ...identity, cwd: '/', stdio: 'ignore' });
    await once(other, 'spawn');
    try {
      const file = join(cluster, 'postmaster.pid');
      const [, ...rest] = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
      const stale = rest.length > 0 ? rest : [cluster, '1', '5432', '.', '', '1 1', 'ready'];
      writeFileSync(file, [other.pid, ...stale].join('\n'));
      writeFileSync(join(cluster, '.s.PGSQL.5432.lock'), [other.pid, ...stale].join('\n'));
      const server = await use(data);
      assert.equal(await ask(server.url, 'select 1 as value'), 1);
      await server.leave();
      assert.equal(isAlive(other.pid ?? 0), true);
    } finally {
      other.kill();
    }
  });

  it('says what to do when its password or its release does not fit', async () => {
    const password = readFileSync(join(data, 'postgresql.password'), 'utf8');
    const running = await useElsewhere(data);
    writeFileSync(join(data, 'postgresql.password'), 'other');
    await assert.rejects(use(data), { code: 'DatabaseUnavailable', message: /restore that file/ });
    rmSync(join(data, 'postgresql.password'));
    await assert.rejects(use(data), { code: 'DatabaseUnavailable', message: /restore that file/ });
    writeFileSync(join(data, 'postgresql.password'), password, { mode: 0o600 });
    await running.leave();
    const version = join(cluster, 'PG_VERSION');
    writeFileSync(version, '9\n');
    await assert.rejects(use(data), {
      code: 'DatabaseUnavailable',
      message: /PostgreSQL 9 .*dump/,
    });
    writeFileSync(version, '18\n');
  });

  it('says what PostgreSQL complained of when it does not start', async () => {
    const failing = useEmbeddedServer({
      data,
      log: silentLog,
      clock: systemClock,
      settings: { shared_buffers: 'plenty' },
    });
    await assert.rejects(failing, {
      code: 'DatabaseUnavailable',
      message: /invalid value for parameter "shared_buffers": "plenty".*postgresql\.log/,
    });
  });

  it('works in a folder whose path is too long for a socket', async () => {
    const deep = join(scratch, 'a'.repeat(60), 'b b'.repeat(20));
    const server = await use(deep);
    assert.equal(await ask(server.url, 'select 1 as value'), 1);
    assert.match(decodeURIComponent(server.url), /host=\/tmp\/stackmeter-[0-9a-f]{16}&/);
    await server.leave();
    rmSync(decodeURIComponent(/host=([^&]*)/.exec(server.url)?.[1] ?? ''), { recursive: true });
  });

  it('works for an ordinary user', async (t) => {
    if (!isRoot) return;
    const nobody = serverUser('nobody');
    const theirs = mkdtempSync(join(tmpdir(), 'stackmeter-nobody-'));
    try {
      const identity = { uid: nobody?.uid ?? 0, gid: nobody?.gid ?? 0 };
      chownSync(theirs, identity.uid, identity.gid);
      const runs = spawnSync(process.execPath, ['--check', import.meta.filename], {
        ...identity,
        cwd: '/',
      });
      if (runs.status !== 0)
        return t.skip('this project lies in a folder that only root can enter');
      const user = await useElsewhere(join(theirs, 'data'), identity);
      assert.equal(user.said.error, undefined);
      assert.equal(await ask(user.said.url, 'select 1 as value'), 1);
      await user.leave();
      assert.equal(isAlive(user.said.pid), false);
    } finally {
      rmSync(theirs, { recursive: true });
    }
  });
});

describe('a database on the embedded server', () => {
  const data = join(scratch, 'lost');
  const migrations = join(scratch, 'migrations');
  const config = { data, sharedBuffers };

  before(() => {
    mkdirSync(migrations);
    writeFileSync(join(migrations, '0001-tally.sql'), 'create table tally (n int)');
  });

  for (const how of ['started here', 'adopted'] as const) {
    it(`comes back after its server was killed (${how}), with all that was acknowledged`, async () => {
      const other = how === 'adopted' ? await useElsewhere(data) : undefined;
      const database = await openDatabase(config, silentLog, { migrations });
      const postmaster = Number.parseInt(
        readFileSync(join(data, 'postgresql/postmaster.pid'), 'utf8'),
        10,
      );
      // Nobody else may start it again here: that is to be our part.
      other?.process.kill('SIGKILL');
      await database.pool.query('truncate tally');
      await database.transaction((tx) => tx.query('insert into tally values (1)'));
      const idle = await database.pool.connect();
      idle.release();
      let attempts = 0;
      await database.transaction(
        async (tx) => {
          attempts += 1;
          if (attempts === 1) process.kill(postmaster, 'SIGKILL');
          await systemClock.sleep(50);
          await tx.query('insert into tally values (2)');
        },
        { retry: true },
      );
      assert.ok(attempts > 1);
      const { rows } = await database.pool.query('select n from tally order by n');
      assert.deepEqual(rows, [{ n: 1 }, { n: 2 }]);
      await database.close();
      assert.equal(existsSync(join(data, 'postgresql/postmaster.pid')), false);
    });
  }

  it('closes although a connection was not given back', async () => {
    const database = await openDatabase(config, silentLog, {
      migrations,
      clock: {
        ...systemClock,
        sleep: (ms, signal) => systemClock.sleep(Math.min(ms, 200), signal),
      },
    });
    await database.pool.connect();
    await database.close();
    assert.equal(existsSync(join(data, 'postgresql/postmaster.pid')), false);
  });
});
