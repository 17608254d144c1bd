import { hash, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { after, before } from 'node:test';
import pg from 'pg';
import { systemClock } from '../../src/platform/clock.ts';
import { projectFolder } from '../../src/platform/config/index.ts';
import {
  migrationsFolder,
  openDatabase,
  readMigrations,
  type Database,
} from '../../src/platform/database/index.ts';
import { isAlive } from '../../src/platform/database/embedded/processes.ts';
import {
  useEmbeddedServer,
  type EmbeddedServer,
} from '../../src/platform/database/embedded/server.ts';
import { silentLog } from '../../src/platform/telemetry/index.ts';

/** Names the server that all test files share; set by the runner. */
export const TEST_SERVER_VARIABLE = 'STACKMETER_TEST_DATABASE_URL';

let runnersServer: EmbeddedServer | undefined;

/**
 * Starts the server for tests below .artifacts, or joins the one that runs there.
 *
 * It forgets what it had acknowledged when the machine loses power, which is faster and harmless for
 * tests alone; STACKMETER_TEST_FSYNC=on makes it durable.
 */
async function joinTestServer(): Promise<EmbeddedServer> {
  const durable = process.env['STACKMETER_TEST_FSYNC'] === 'on';
  const careless = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
  const server = await useEmbeddedServer({
    data: join(projectFolder, '.artifacts/test-postgresql'),
    sharedBuffers: 128 * 2 ** 20,
    settings: { max_connections: '200', ...(durable ? {} : careless) },
    log: silentLog,
    clock: systemClock,
  });
  if (!server.adopted) await withAdmin(server.url, dropLeftOvers);
  return server;
}

/**
 * Keeps the server for tests up until {@link stopTestServer}: for the runner of all test files.
 *
 * @returns its address; hand it to the test files in the variable {@link TEST_SERVER_VARIABLE}
 */
export async function startTestServer(): Promise<string> {
  runnersServer ??= await joinTestServer();
  return runnersServer.url;
}

/** Ends what {@link startTestServer} began; the last user of the server stops it. */
export async function stopTestServer(): Promise<void> {
  await runnersServer?.leave();
  runnersServer = undefined;
}

/** A database of one test file. */
export interface TestDatabase {
  /** Open from the first test to the last. */
  readonly database: Database;
  readonly url: string;
}

/** A database that is made once and copied for each test file that wants what is in it. */
export interface DatabaseTemplate {
  /** What it is called, with a digest of all that it is made from: another digest is made anew. */
  readonly name: string;
  readonly digest: string;
  /** Fills a migrated database, and has no connection to it afterwards. */
  fill(url: string): Promise<void>;
}

export interface TestDatabaseOptions {
  /** False for an empty database. */
  readonly migrated?: boolean;
  /** Copied rather than one that is only migrated. */
  readonly template?: DatabaseTemplate;
}

/**
 * Gives the test file, or the `describe` in which it is called, a migrated database of its own. It is
 * dropped after the last test; a connection that is still open then fails the run.
 */
export function withTestDatabase(options: TestDatabaseOptions = {}): TestDatabase {
  let server: EmbeddedServer | undefined;
  let scratch: ScratchDatabase | undefined;
  let database: Database | undefined;
  before(async () => {
    const given = process.env[TEST_SERVER_VARIABLE];
    if (given === undefined) server = await joinTestServer();
    scratch = await createScratchDatabase(given ?? required(server).url, options);
    const config = { data: '', databaseUrl: scratch.url, databaseConnections: 10 };
    database = await openDatabase(config, silentLog, { migrations: false });
  });
  after(async () => {
    try {
      const lent = database === undefined ? '' : await closeUnlessLent(database);
      await scratch?.drop(lent);
    } finally {
      await server?.leave();
    }
  });
  return {
    get database() {
      return required(database);
    },
    get url() {
      return required(scratch).url;
    },
  };
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('The test database is there from the first test on.');
  return value;
}

/** @returns what is wrong, empty when nothing is */
async function closeUnlessLent(database: Database): Promise<string> {
  const { pool } = database;
  for (let waited = 0; pool.totalCount > pool.idleCount; waited += 20) {
    if (waited > 1000) return `${pool.totalCount - pool.idleCount} not given back to the pool`;
    await systemClock.sleep(20);
  }
  await database.close();
  return '';
}

/** A database on the server for tests. */
export interface ScratchDatabase {
  readonly url: string;
  /**
   * Drops it. An Error when connections to it are open still.
   * @param complaint what is known to be wrong already
   */
  drop(complaint?: string): Promise<void>;
}

/** Makes a database, a copy of the migrated template unless it shall be empty or a copy of another. */
export async function createScratchDatabase(
  serverUrl: string,
  { migrated = true, template }: TestDatabaseOptions = {},
): Promise<ScratchDatabase> {
  const name = `test_${process.pid}_${randomBytes(6).toString('hex')}`;
  await withAdmin(serverUrl, async (admin) => {
    const from = migrated ? await migratedTemplate(admin, serverUrl) : 'template0';
    const copied =
      template === undefined ? from : await ensureTemplate(admin, serverUrl, template, from);
    await admin.query(`create database ${name} template ${copied}`);
  });
  return {
    url: otherDatabase(serverUrl, name),
    drop: (complaint = '') =>
      withAdmin(serverUrl, async (admin) => {
        const open = complaint === '' ? await openConnections(admin, name) : complaint;
        await admin.query(`drop database ${name} with (force)`);
        if (open !== '') throw new Error(`Connections to the test database leak: ${open}`);
      }),
  };
}

async function openConnections(admin: pg.Client, name: string): Promise<string> {
  for (let waited = 0; ; waited += 20) {
    const { rows } = await admin.query<{ said: string }>(
      `select format('%s (%s): %s', application_name, state, query) as said
       from pg_stat_activity where datname = $1 and backend_type = 'client backend'`,
      [name],
    );
    // A connection that was just closed needs a moment to go.
    if (rows.length === 0 || waited > 1000) return rows.map(({ said }) => said).join('; ');
    await systemClock.sleep(20);
  }
}

/** Migrated and empty. */
async function migratedTemplate(admin: pg.Client, serverUrl: string): Promise<string> {
  const migrations = await readMigrations(migrationsFolder);
  const digest = hash('sha256', migrations.map(({ sha256 }) => sha256).join());
  const fill = async (databaseUrl: string): Promise<void> =>
    (await openDatabase({ data: '', databaseUrl }, silentLog)).close();
  return ensureTemplate(admin, serverUrl, { name: 'template', digest, fill }, 'template0');
}

/**
 * A template is named after what it was made from, so that a changed migration makes a new one. Files that want it
 * meanwhile wait for the one that makes it.
 *
 * @param from a copy of which it is before it is filled
 */
async function ensureTemplate(
  admin: pg.Client,
  serverUrl: string,
  template: DatabaseTemplate,
  from: string,
): Promise<string> {
  const family = `stackmeter_${template.name}`;
  const name = `${family}_${template.digest.slice(0, 16)}`;
  const building = `${name}_building`;
  const isThere = async (): Promise<boolean> => {
    const found = await admin.query('select from pg_database where datname = $1', [name]);
    return found.rowCount === 1;
  };
  if (await isThere()) return name;
  await admin.query('select pg_advisory_lock(hashtext($1))', [family]);
  if (await isThere()) return name;
  await dropDatabases(admin, await databasesLike(admin, `${family.replaceAll('_', '\\_')}\\_%`));
  await admin.query(`create database ${building} template ${from}`);
  await template.fill(otherDatabase(serverUrl, building));
  await admin.query(`alter database ${building} rename to ${name}`);
  return name;
}

/** What test files left that were killed: the name of a database tells whose it is. */
async function dropLeftOvers(admin: pg.Client): Promise<void> {
  const names = await databasesLike(admin, 'test\\_%');
  const isLeft = (name: string): boolean => !isAlive(Number.parseInt(name.split('_')[1] ?? '', 10));
  await dropDatabases(admin, names.filter(isLeft));
}

async function databasesLike(admin: pg.Client, pattern: string): Promise<string[]> {
  const { rows } = await admin.query<{ datname: string }>(
    'select datname from pg_database where datname like $1',
    [pattern],
  );
  return rows.map(({ datname }) => datname);
}

async function dropDatabases(admin: pg.Client, names: readonly string[]): Promise<void> {
  for (const name of names) {
    // Another run may be copying it, or may have dropped it.
    await admin.query(`drop database if exists ${name}`).catch(() => undefined);
  }
}

/** The lock of a template ends with the connection. */
async function withAdmin<T>(serverUrl: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: serverUrl, application_name: 'test admin' });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

function otherDatabase(url: string, name: string): string {
  return url.replace(/^(postgres(?:ql)?:\/\/[^/]*\/)[^?]*/, `$1${name}`);
}
