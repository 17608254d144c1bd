import pg from 'pg';
import { fail } from '../../kernel/index.ts';
import { systemClock, type Clock } from '../clock.ts';
import type { Config } from '../config/index.ts';
import { useEmbeddedServer, type EmbeddedServer } from './embedded/server.ts';
import type { DatabaseLog } from './log.ts';
import { migrate, migrationsFolder, readMigrations } from './migrate.ts';
import { rowTypes } from './row-types.ts';
import { runTransaction, type TransactionOptions, type Tx } from './transaction.ts';
import { isTransient } from './transient.ts';

/** An open database, its schema that of this release. */
export interface Database {
  /** Connections for single statements. After the server was lost they are made anew by themselves. */
  readonly pool: pg.Pool;
  /** The address, for those who need connections of their own. Holds the password: never log it. */
  readonly url: string;
  /** Runs a function in a transaction; see {@link runTransaction}. */
  transaction<T>(work: (tx: Tx) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /** Ends the connections, and the embedded server if nobody else uses it. Never throws. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly clock?: Clock;
  /** Shown by the database for each connection. */
  readonly applicationName?: string;
  /** Folder of the migrations to apply, or false for none. */
  readonly migrations?: string | false;
}

/** The part of the configuration that says which database. */
export type DatabaseConfig = Partial<
  Pick<Config, 'databaseUrl' | 'databaseUser' | 'databaseConnections' | 'sharedBuffers'>
> &
  Pick<Config, 'data'>;

/** Older releases have not been tried. */
const OLDEST_RELEASE = 15;
const UNREACHABLE_FOR_MS = 30_000;
const CLOSE_PATIENCE_MS = 10_000;

/**
 * Opens the database: the server at `databaseUrl`, otherwise the embedded one in the data folder, which is
 * started, or adopted when it runs. A server that is not up yet is waited for, half a minute.
 *
 * @throws DatabaseUnavailable, MigrationAltered, ConfigurationInvalid
 */
export async function openDatabase(
  config: DatabaseConfig,
  log: DatabaseLog,
  options: DatabaseOptions = {},
): Promise<Database> {
  const clock = options.clock ?? systemClock;
  const { databaseUrl, data, databaseUser, sharedBuffers } = config;
  const server =
    databaseUrl === undefined
      ? await useEmbeddedServer({ data, databaseUser, sharedBuffers, log, clock })
      : undefined;
  const url = server?.url ?? databaseUrl ?? '';
  const pool = openPool(url, config.databaseConnections ?? 20, options.applicationName, log);
  const close = closer(pool, server, clock, log);
  try {
    await requireRelease(pool, clock, log);
    const folder = options.migrations ?? migrationsFolder;
    if (folder !== false) {
      const applied = await migrate(pool, clock, await readMigrations(folder));
      if (applied.length > 0) log.info({ migrations: applied }, 'database migrated');
    }
  } catch (error) {
    await close();
    throw error;
  }
  const transaction: Database['transaction'] = (work, settings) =>
    runTransaction(pool, clock, work, settings);
  return { pool, url, transaction, close };
}

/** What waits for a standby, too, is left as it is. */
const CONNECTION_SETTINGS = `set timezone = 'UTC'; set datestyle = 'ISO';
  select set_config('synchronous_commit', 'on', false)
  where current_setting('synchronous_commit') in ('off', 'local')`;

function openPool(url: string, max: number, name = 'stackmeter', log: DatabaseLog): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    application_name: name,
    types: rowTypes,
    connectionTimeoutMillis: 30_000,
    idleTimeoutMillis: 10_000,
    keepAlive: true,
    // Reading rows, days in statements, and whether a commit is on disk when it is acknowledged must not depend on how
    // somebody set the server up.
    // oxlint-disable-next-line typescript/no-misused-promises -- the pool waits for the promise, which its types do not say
    onConnect: async (client) => {
      await client.query(CONNECTION_SETTINGS);
    },
  });
  pool.on('error', (err) => {
    // When the pool is closing the server may well be, too.
    if (!pool.ending) log.warn({ err }, 'an idle database connection was lost');
  });
  // While a connection is lent out the pool does not listen, and an error that nobody hears ends the process.
  // Whoever has borrowed it learns of the loss from the next statement.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

async function requireRelease(pool: pg.Pool, clock: Clock, log: DatabaseLog): Promise<void> {
  const deadline = clock.monotonicMs() + UNREACHABLE_FOR_MS;
  let release: number;
  for (let told = false; ; told = true) {
    try {
      const { rows } = await pool.query<{ version: number }>(
        "select current_setting('server_version_num')::int as version",
      );
      release = Math.floor((rows[0]?.version ?? 0) / 10_000);
      break;
    } catch (error) {
      const reason = error instanceof Error && error.message !== '' ? error.message : String(error);
      if (!isTransient(error) || clock.monotonicMs() > deadline) {
        throw fail('DatabaseUnavailable', { reason }, { cause: error });
      }
      if (!told) log.warn({ reason }, 'the database does not answer yet; waiting for it');
      await clock.sleep(500);
    }
  }
  if (release < OLDEST_RELEASE) {
    throw fail('DatabaseUnavailable', {
      reason: `it is PostgreSQL ${release}, and ${OLDEST_RELEASE} or later is needed`,
    });
  }
}

/** Closes once, however often it is asked to. */
function closer(
  pool: pg.Pool,
  server: EmbeddedServer | undefined,
  clock: Clock,
  log: DatabaseLog,
): () => Promise<void> {
  let closed: Promise<void> | undefined;
  return () => {
    closed ??= (async () => {
      const waited = new AbortController();
      const patience = clock.sleep(CLOSE_PATIENCE_MS, waited.signal).then(
        () => log.warn({ lent: pool.totalCount }, 'database connections were not given back'),
        () => undefined,
      );
      await Promise.race([pool.end(), patience]);
      waited.abort();
      await server?.leave();
    })();
    return closed;
  };
}
