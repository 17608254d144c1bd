import { once } from 'node:events';
import { fail, StackmeterError } from '../../../kernel/index.ts';
import type { Clock } from '../../clock.ts';
import { cacheFolder, ensureDataFolder } from '../../config/index.ts';
import type { DatabaseLog } from '../log.ts';
import { prepareBinaries } from './binaries.ts';
import { clusterOwner, clusterPaths, DATABASE, ensureCluster, readPassword } from './cluster.ts';
import { exclusively, holdShared, type SharedHold } from './lock.ts';
import { serverUser } from './os-user.ts';
import {
  findPostmaster,
  isRunning,
  startPostmaster,
  stopPostmaster,
  type Postmaster,
  type Surroundings,
} from './postmaster.ts';
import { serverSettings, thisMachine } from './settings.ts';

/** Which embedded server to use, and how. */
export interface EmbeddedOptions {
  /** The data folder; made when missing. */
  readonly data: string;
  /** User of the operating system for a start as root. */
  readonly databaseUser?: string | undefined;
  /** Bytes. */
  readonly sharedBuffers?: number | undefined;
  readonly log: DatabaseLog;
  readonly clock: Clock;
  /** Settings of PostgreSQL over our own, for tests. */
  readonly settings?: Readonly<Record<string, string>>;
  /** How long an orderly stop may take; 60,000 unless given. */
  readonly stopPatienceMs?: number;
}

/** A server in the data folder that this process uses together with others. */
export interface EmbeddedServer {
  /** Address of its database; the same before and after a restart. Holds the password. */
  readonly url: string;
  /** Process id of the server that runs now; it changes when the server is started again. */
  readonly pid: () => number;
  /** Whether it ran already when we came. */
  readonly adopted: boolean;
  /** Ends our use of it. The last of its users stops it. Never throws. */
  leave(): Promise<void>;
}

const ADOPTED_POLL_MS = 1000;
const RESTART_WAIT_MS = { first: 100, most: 10_000 } as const;

/**
 * Starts the server of a data folder, or adopts the one that runs there, whoever started it, and starts it
 * again whenever it ends while we use it. Any number of processes may do so with the same folder. They are
 * counted by locks that die with them: whoever leaves last stops the server, and one whose users were
 * all killed is adopted by whoever comes next.
 *
 * @throws DatabaseUnavailable, ConfigurationInvalid; the message says what to do
 */
export async function useEmbeddedServer(options: EmbeddedOptions): Promise<EmbeddedServer> {
  try {
    return await join(options);
  } catch (error) {
    if (error instanceof StackmeterError) throw error;
    throw fail('DatabaseUnavailable', { reason: explain(error, options.data) }, { cause: error });
  }
}

function explain(error: unknown, data: string): string {
  const message = error instanceof Error ? error.message : String(error);
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EACCES' || code === 'EPERM') {
    return `the data folder ${data} is not ours to use (${message}); run Stackmeter as the user who owns it or choose another with --data`;
  }
  return `the data folder ${data} cannot be used (${message}); repair that or choose another with --data`;
}

async function join(options: EmbeddedOptions): Promise<EmbeddedServer> {
  const { clock, log } = options;
  ensureDataFolder(options.data);
  const paths = clusterPaths(options.data);
  const waiting = (): void =>
    log.info(
      { folder: options.data },
      'waiting for another process that starts or stops the server',
    );
  return exclusively(paths.starterLock, { clock, waiting }, async () => {
    const user = serverUser(options.databaseUser, clusterOwner(paths));
    const binaries = await prepareBinaries(user, cacheFolder());
    const place = await holdShared(paths.usersLock, clock);
    try {
      await ensureCluster(paths, binaries, user);
      const settings = {
        ...serverSettings(thisMachine(paths.cluster), options.sharedBuffers),
        ...options.settings,
      };
      const around = { paths, binaries, user, settings, clock, log };
      const found = await findPostmaster(around);
      const postmaster = found ?? (await startPostmaster(around));
      log.info(
        { pid: postmaster.pid, folder: paths.cluster },
        found === undefined ? 'embedded PostgreSQL started' : 'embedded PostgreSQL found running',
      );
      const url = addressOf(postmaster, await readPassword(paths));
      return keep(around, place, postmaster, url, options.stopPatienceMs ?? 60_000);
    } catch (error) {
      place.close();
      throw error;
    }
  });
}

function addressOf(postmaster: Postmaster, password: string): string {
  const folder = encodeURIComponent(postmaster.socketFolder);
  return `postgresql://${DATABASE}:${password}@/${DATABASE}?host=${folder}&port=${postmaster.port}`;
}

/** Watches over the server until we leave it. */
function keep(
  around: Surroundings,
  place: SharedHold,
  found: Postmaster,
  url: string,
  stopPatienceMs: number,
): EmbeddedServer {
  let postmaster = found;
  const leaving = new AbortController();
  const watching = (async () => {
    while (await ended(postmaster, around, leaving.signal)) {
      around.log.error({ pid: postmaster.pid }, 'the embedded PostgreSQL ended; starting it again');
      postmaster = (await revive(around, leaving.signal)) ?? postmaster;
    }
  })();
  let left: Promise<void> | undefined;
  return {
    url,
    adopted: found.child === undefined,
    pid: () => postmaster.pid,
    leave: () => {
      left ??= (async () => {
        leaving.abort();
        await watching;
        await stopIfLast(around, place, postmaster, stopPatienceMs);
      })();
      return left;
    },
  };
}

/** Waits until the server has ended (true) or we leave (false). */
async function ended(
  postmaster: Postmaster,
  around: Surroundings,
  leaving: AbortSignal,
): Promise<boolean> {
  try {
    const { child } = postmaster;
    if (child !== undefined) {
      // Both: the exit may have come before we began to listen.
      if (child.exitCode === null && child.signalCode === null) {
        await once(child, 'exit', { signal: leaving });
      }
    } else {
      do {
        await around.clock.sleep(ADOPTED_POLL_MS, leaving);
      } while (await isRunning(postmaster, around.paths));
    }
  } catch {
    // We leave, or cannot even look: then starting it again will say what is wrong.
  }
  return !leaving.aborted;
}

/** Starts the server again, or finds that another of its users has; tries until it works or we leave. */
async function revive(around: Surroundings, leaving: AbortSignal): Promise<Postmaster | undefined> {
  const { paths, clock, log } = around;
  for (let wait: number = RESTART_WAIT_MS.first; !leaving.aborted; wait *= 2) {
    try {
      const postmaster = await exclusively(
        paths.starterLock,
        { clock },
        async () => (await findPostmaster(around)) ?? (await startPostmaster(around)),
      );
      log.warn({ pid: postmaster.pid }, 'the embedded PostgreSQL runs again');
      return postmaster;
    } catch (error) {
      log.error({ err: error }, 'the embedded PostgreSQL could not be started again; trying on');
      const next = Math.min(wait, RESTART_WAIT_MS.most);
      await clock.sleep(next, leaving).catch(() => undefined);
    }
  }
  return undefined;
}

async function stopIfLast(
  around: Surroundings,
  place: SharedHold,
  postmaster: Postmaster,
  patienceMs: number,
): Promise<void> {
  const { paths, clock, log } = around;
  const { pid } = postmaster;
  try {
    // Under the starter lock, so that nobody adopts what is about to stop.
    await exclusively(paths.starterLock, { clock }, async () => {
      if (!place.leave()) {
        log.info({ pid }, 'embedded PostgreSQL left to its other users');
        return;
      }
      const outcome = await stopPostmaster(postmaster, clock, patienceMs);
      if (outcome === 'stopped') log.info({ pid }, 'embedded PostgreSQL stopped');
      else log.warn({ pid, outcome }, 'the embedded PostgreSQL did not stop in good time');
    });
  } catch (error) {
    log.error({ err: error, pid }, 'the embedded PostgreSQL could not be stopped');
  } finally {
    place.close();
  }
}
