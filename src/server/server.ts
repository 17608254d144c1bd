import { fail } from '../kernel/index.ts';
import {
  buildApp,
  closeGracefully,
  createMetrics,
  ensureTls,
  openDatabase,
  type Clock,
  type Config,
  type Database,
  type Log,
} from '../platform/index.ts';
import { createIdentity } from '../identity/index.ts';
import { countOpenImportedHours, openPresentHour } from '../stamp/aggregation/index.ts';
import { IntakeEngine, intakeRoutes } from '../stamp/intake/index.ts';
import { meterRoutes } from '../stamp/meters/index.ts';
import { usageRoutes } from '../stamp/usage-api/index.ts';
import { holdDataFolder } from './data-folder.ts';
import { startJobs } from './jobs.ts';
import { registerMetrics } from './metrics.ts';
import { ensureOperatorClient, type OperatorClient } from './operator-client.ts';
import { forgetAddress, publishAddress } from './server-address.ts';
import { ensureStamp, type Stamp } from './stamp.ts';

/** A server that answers. */
export interface Server {
  readonly baseUrl: string;
  readonly caFile: string;
  readonly database: Database;
  readonly stamp: Stamp;
  readonly operator: OperatorClient;
  readonly engine: IntakeEngine;
  /** Finishes what is under way, then stops the jobs and the database (when it was started here). */
  close(): Promise<void>;
}

export interface ServerOptions {
  readonly config: Config;
  readonly clock: Clock;
  readonly log: Log;
}

/** How long requests under way may take when the server stops. */
const GRACE_MS = 10_000;

/** Starts everything, in the order in which each part needs the one before, and undoes it when one fails. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const undo: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).toReversed()) await step();
  };
  try {
    return { ...(await start(options, undo)), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function start(
  { config, clock, log }: ServerOptions,
  undo: (() => Promise<void>)[],
): Promise<Omit<Server, 'close'>> {
  undo.push(await holdDataFolder(config.data, clock));
  const database = await openDatabase(config, log);
  undo.push(() => database.close());
  const stamp = await ensureStamp(database, clock);
  const operator = await ensureOperatorClient({ data: config.data, database, clock }, stamp);
  // Before anything is taken in: a record belongs to the hour of the present, not to the one of the last stop.
  await openPresentHour({ database, clock });
  await warn(database, log);

  const tls = await ensureTls({
    data: config.data,
    hosts: [config.host, ...config.hostNames],
    clock,
  });
  const metrics = createMetrics({ process: true });
  const app = buildApp({ ...config, clock, log, tls, metrics });
  const identity = await createIdentity({
    db: database.pool,
    clock,
    data: config.data,
    homeTenantId: stamp.homeTenantId,
  });
  const engine = new IntakeEngine({
    database,
    clock,
    log,
    connections: config.ingestConnections,
    batchRecords: config.ingestBatchRecords,
    queueBytes: config.ingestQueueBytes,
  });
  const { authenticate } = identity;
  identity.addRoutes(app);
  intakeRoutes(app, { database, clock, authenticate, engine });
  meterRoutes(app, { database, authenticate });
  usageRoutes(app, { database, clock, authenticate });
  registerMetrics(metrics, { database, engine, clock });
  app.health.register('database', async () => {
    await database.pool.query('select 1');
  });

  const port = await listen(app, config);
  undo.push(() => closeGracefully(app, { graceMs: GRACE_MS, clock }));
  const jobs = await startJobs({ config, database, clock, log });
  undo.push(() => jobs.stop());
  const baseUrl = addressOf(config.host, port);
  await publishAddress(config.data, { baseUrl, pid: process.pid });
  undo.push(() => forgetAddress(config.data, process.pid));
  log.info({ baseUrl }, 'listening');
  return { baseUrl, caFile: tls.caFile, database, stamp, operator, engine };
}

/** Says at the start what is not as it should be and does not stop it. */
async function warn(database: Database, log: Log): Promise<void> {
  const { rows } = await database.pool.query<{ fsync: string }>(
    `select current_setting('fsync') as fsync`,
  );
  if (rows[0]?.fsync === 'off') {
    log.warn('fsync of the database is off: acknowledged records can be lost with a power failure');
  }
  const hours = await countOpenImportedHours(database.pool);
  if (hours > 0) {
    log.warn(
      { hours },
      'imported windows are open, an import did not end: run it again to its end',
    );
  }
}

async function listen(app: ReturnType<typeof buildApp>, config: Config): Promise<number> {
  try {
    await app.listen({ host: config.host, port: config.port });
  } catch (error) {
    await app.close();
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
      throw fail('PortInUse', { port: config.port, host: config.host }, { cause: error });
    }
    throw error;
  }
  const address = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : config.port;
}

/** The address for people and programs on this machine; a server that listens on all is reached as localhost. */
function addressOf(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? 'localhost' : host;
  return `https://${name.includes(':') ? `[${name}]` : name}:${port}`;
}
