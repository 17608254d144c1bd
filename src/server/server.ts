import type { FastifyInstance } from 'fastify';
import { parseSubscriptionId } from '../kernel/index.ts';
import {
  createMetrics,
  ensureTls,
  openDatabase,
  type Clock,
  type Config,
  type Database,
  type Log,
} from '../platform/index.ts';
import { auditRoutes, authorizationRoutes, createIdentity } from '../identity/index.ts';
import { countOpenImportedHours, openPresentHour } from '../stamp/aggregation/index.ts';
import { directoryRoutes, findSubscription } from '../stamp/directory/index.ts';
import { IntakeEngine, intakeRoutes } from '../stamp/intake/index.ts';
import { meterRoutes } from '../stamp/meters/index.ts';
import { operationRoutes } from '../stamp/operations/index.ts';
import { resourceManagerRoutes, seesSubscription } from '../stamp/resource-manager/index.ts';
import { meterQueryRoutes, usageRoutes } from '../stamp/usage-api/index.ts';
import { holdDataFolder } from './data-folder.ts';
import { startJobs } from './jobs.ts';
import { openListeners } from './listeners.ts';
import { registerMetrics } from './metrics.ts';
import { ensureOperatorClient, type OperatorClient } from './operator-client.ts';
import { forgetAddress, publishAddress } from './server-address.ts';
import { ensureStamp, type Stamp } from './stamp.ts';

/** A server that answers. */
export interface Server {
  readonly baseUrl: string;
  /** For operators; the same address unless they have a port of their own. */
  readonly operatorUrl: string;
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
  const identity = await createIdentity({
    database,
    clock,
    log,
    homeTenantId: stamp.homeTenantId,
    isSubscription: async (id) => {
      const subscriptionId = parseSubscriptionId(id);
      if (subscriptionId === undefined) return false;
      return (await findSubscription(database.pool, subscriptionId)) !== undefined;
    },
    trustedIssuers: config.trustedIssuers,
  });
  undo.push(async () => identity.trusted.stop());
  const engine = new IntakeEngine({
    database,
    clock,
    log,
    connections: config.ingestConnections,
    batchRecords: config.ingestBatchRecords,
    queueBytes: config.ingestQueueBytes,
  });
  registerMetrics(metrics, { database, engine, clock, trusted: identity.trusted });
  const { region } = config;
  const { authenticate } = identity;
  const room = { database, clock, authenticate, region };
  const addRoutes = (app: FastifyInstance): void => {
    identity.addRoutes(app);
    authorizationRoutes(app, {
      ...room,
      sees: (principal, id) => seesSubscription(database.pool, principal, id),
    });
    auditRoutes(app, { db: database.pool, authenticate });
    operationRoutes(app, room);
    directoryRoutes(app, room);
    resourceManagerRoutes(app, room);
    intakeRoutes(app, { ...room, engine });
    meterRoutes(app, room);
    usageRoutes(app, room);
    meterQueryRoutes(app, room);
    app.health.register('database', async () => {
      await database.pool.query('select 1');
    });
  };
  const listeners = await openListeners({ config, clock, log, tls, metrics, addRoutes });
  undo.push(() => listeners.close());
  // In the background: an issuer that cannot be reached now must not hold the start up.
  void identity.trusted.fetchKeys();
  const jobs = await startJobs({ config, database, clock, log });
  undo.push(() => jobs.stop());
  const { baseUrl, operatorUrl } = listeners;
  await publishAddress(config.data, { baseUrl: operatorUrl, pid: process.pid });
  undo.push(() => forgetAddress(config.data, process.pid));
  log.info({ baseUrl, operatorUrl }, 'listening');
  return { baseUrl, operatorUrl, caFile: tls.caFile, database, stamp, operator, engine };
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
