import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { parseSubscriptionId } from '../kernel/index.ts';
import {
  createMetrics,
  ensureTls,
  openDatabase,
  projectFolder,
  type Clock,
  type Config,
  type Database,
  type Log,
} from '../platform/index.ts';
import {
  auditRoutes,
  authorizationRoutes,
  createIdentity,
  meRoutes,
  principalRoutes,
  type Identity,
} from '../identity/index.ts';
import { countOpenImportedHours } from '../stamp/aggregation/index.ts';
import { findSubscription } from '../stamp/directory/index.ts';
import type { IntakeEngine } from '../stamp/intake/index.ts';
import { resourceManagerRoutes, seesSubscription } from '../stamp/resource-manager/index.ts';
import { findCommerceSubscription } from '../commerce/registration/index.ts';
import { portalRoutes, readPages } from '../portal/index.ts';
import { openCommerceWing, type CommerceWing } from './commerce-wing.ts';
import { holdDataFolder } from './data-folder.ts';
import { openExports } from './exports-wing.ts';
import { identityTasks } from './identity-tasks.ts';
import { startJobs } from './jobs.ts';
import { openListeners } from './listeners.ts';
import { ensureOperatorClient, type OperatorClient } from './operator-client.ts';
import { refreshOwnActivation } from './own-activation.ts';
import { forgetAddress, publicUrlOf, publishAddress } from './server-address.ts';
import { openStampWing, type StampWing } from './stamp-wing.ts';
import { ensureStamp, type Stamp } from './stamp.ts';
import type { Ground, Wing } from './wing.ts';

/** A server that answers. */
export interface Server {
  readonly baseUrl: string;
  /** For operators; the same address unless they have a port of their own. */
  readonly operatorUrl: string;
  readonly caFile: string;
  readonly database: Database;
  readonly stamp: Stamp;
  readonly operator: OperatorClient;
  /** Takes usage in, where this process runs the stamp. */
  readonly engine: IntakeEngine | undefined;
  /** Has the bridge look for windows to report now, rather than within a minute. */
  wakeBridge(): void;
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
  options: ServerOptions,
  undo: (() => Promise<void>)[],
): Promise<Omit<Server, 'close'>> {
  const { config, clock, log } = options;
  undo.push(await holdDataFolder(config.data, clock));
  const database = await openDatabase(config, log);
  undo.push(() => database.close());
  const stamp = await ensureStamp(database, clock);
  const operator = await ensureOperatorClient({ data: config.data, database, clock }, stamp);
  const tls = await ensureTls({
    data: config.data,
    hosts: [config.host, ...config.hostNames],
    clock,
  });
  const identity = await openIdentity(options, database, stamp);
  undo.push(async () => identity.trusted.stop());
  const metrics = createMetrics({ process: true });
  const ground: Ground = { ...options, database, stamp, metrics, identity, ca: tls.ca };
  const wings = await openWings(ground);
  await warn(database, log);

  const { stamp: stampWing, commerce } = wings;
  const running: readonly Wing[] = [stampWing, commerce, openExports(ground)].filter(
    (wing) => wing !== undefined,
  );
  const addPortal = await openPortal(config);
  const addRoutes = (app: FastifyInstance): void => {
    groundRoutes(app, ground, commerce);
    addPortal?.(app);
    for (const wing of running) wing.addRoutes(app);
  };
  const listeners = await openListeners({ config, clock, log, tls, metrics, addRoutes });
  undo.push(() => listeners.close());
  // In the background: an issuer that cannot be reached now must not hold the start up.
  void identity.trusted.fetchKeys();
  const tasks = [...identityTasks(ground), ...running.flatMap((wing) => wing.tasks)];
  const jobs = await startJobs({ database, log }, tasks);
  undo.push(() => jobs.stop());
  const { baseUrl, operatorUrl } = listeners;
  if (stampWing !== undefined && commerce !== undefined) {
    await refreshOwnActivation(ground, baseUrl).catch((err: unknown) => {
      log.error({ err }, 'the activation of this stamp could not be renewed');
    });
  }
  for (const wing of running) {
    wing.start?.();
    undo.push(async () => wing.stop?.());
  }
  await publishAddress(config.data, {
    baseUrl: operatorUrl,
    publicUrl: publicUrlOf(baseUrl, config),
    pid: process.pid,
  });
  undo.push(() => forgetAddress(config.data, process.pid));
  log.info({ baseUrl, operatorUrl, roles: config.roles }, 'listening');
  const { caFile } = tls;
  return {
    baseUrl,
    operatorUrl,
    caFile,
    database,
    stamp,
    operator,
    engine: stampWing?.engine,
    wakeBridge: () => stampWing?.wakeBridge(),
  };
}

/** The wings that this process runs. Neither knows of the other: what one shows of the other is handed over here. */
async function openWings(
  ground: Ground,
): Promise<{ stamp: StampWing | undefined; commerce: CommerceWing | undefined }> {
  const { roles } = ground.config;
  const alone = !roles.includes('stamp');
  const commerce = roles.includes('commerce')
    ? await openCommerceWing(ground, { alone })
    : undefined;
  return { stamp: alone ? undefined : await openStampWing(ground, commerce?.usage), commerce };
}

/** The pages, where this process shows them. */
async function openPortal({
  roles,
  region,
}: Config): Promise<((app: FastifyInstance) => void) | undefined> {
  if (!roles.includes('portal')) return undefined;
  const pages = await readPages(join(projectFolder, 'portal', 'dist'));
  const wings = roles.filter((role) => role !== 'portal');
  return (app) => portalRoutes(app, { pages, region, wings });
}

function openIdentity(
  { config, clock, log }: ServerOptions,
  database: Database,
  { homeTenantId }: Stamp,
): Promise<Identity> {
  return createIdentity({
    database,
    clock,
    log,
    homeTenantId,
    isSubscription: async (id) => {
      const subscriptionId = parseSubscriptionId(id);
      if (subscriptionId === undefined) return false;
      return (
        (await findSubscription(database.pool, subscriptionId)) !== undefined ||
        (await findCommerceSubscription(database.pool, subscriptionId)) !== undefined
      );
    },
    trustedIssuers: config.trustedIssuers,
  });
}

/** What every process answers, whichever wings it runs. */
function groundRoutes(
  app: FastifyInstance,
  { database, clock, identity, config }: Ground,
  commerce: CommerceWing | undefined,
): void {
  const { authenticate } = identity;
  const { region } = config;
  const sources = { database, others: commerce?.subscriptions };
  identity.addRoutes(app);
  authorizationRoutes(app, {
    database,
    clock,
    authenticate,
    sees: (principal, id) => seesSubscription(sources, principal, id),
  });
  auditRoutes(app, { db: database.pool, authenticate });
  meRoutes(app, { authenticate });
  principalRoutes(app, { db: database.pool, clock, authenticate });
  resourceManagerRoutes(app, { ...sources, authenticate, region });
  app.health.register('database', async () => {
    await database.pool.query('select 1');
  });
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
