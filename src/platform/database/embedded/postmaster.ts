import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, renameSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import pg from 'pg';
import { fail } from '../../../kernel/index.ts';
import type { Clock } from '../../clock.ts';
import type { DatabaseLog } from '../log.ts';
import type { Binaries } from './binaries.ts';
import {
  DATABASE,
  disown,
  ensureSocketFolder,
  readPassword,
  readPostmasterFile,
  type ClusterPaths,
} from './cluster.ts';
import type { OsUser } from './os-user.ts';
import { isAlive, isServerOf, ownFolder, spawnOptions } from './processes.ts';

/** What is needed to start a server, and to talk to one. */
export interface Surroundings {
  readonly paths: ClusterPaths;
  readonly binaries: Binaries;
  readonly user: OsUser | undefined;
  readonly settings: Readonly<Record<string, string>>;
  readonly clock: Clock;
  readonly log: DatabaseLog;
}

/** A server that runs. */
export interface Postmaster {
  readonly pid: number;
  readonly socketFolder: string;
  readonly port: number;
  /** Present when this process started it. */
  readonly child?: ChildProcess;
}

const POLL_MS = 15;
/** A server that says neither yes nor no for so long is beyond help from here. */
const SILENCE_MS = 60_000;
const PROGRESS_EVERY_MS = 10_000;
const LOG_BYTES = 10 * 2 ** 20;

type Answer = 'ready' | 'busy' | 'absent' | 'stranger';

/** Asks whoever listens on the socket whether it is ready and takes our password. */
async function ask(found: Omit<Postmaster, 'child'>, password: string): Promise<Answer> {
  const client = new pg.Client({
    host: found.socketFolder,
    port: found.port,
    user: DATABASE,
    password,
    database: 'postgres',
    connectionTimeoutMillis: 5000,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await ensureDatabase(client);
    return 'ready';
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ECONNREFUSED') return 'absent';
    if (code === '28P01' || code === '28000') return 'stranger';
    // All connections are taken: it is there, and it is ours as far as one can tell.
    return code === '53300' ? 'ready' : 'busy';
  } finally {
    await client.end().catch(() => undefined);
  }
}

async function ensureDatabase(client: pg.Client): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [
    DATABASE,
  ]);
  if (rowCount === 0) await client.query(`create database ${DATABASE}`);
}

/** Whether the server answers or at least runs; one in another container may do only the former. */
export async function isRunning(postmaster: Postmaster, paths: ClusterPaths): Promise<boolean> {
  if (isAlive(postmaster.pid)) return true;
  const answer = await ask(postmaster, await readPassword(paths));
  return answer === 'ready' || answer === 'busy';
}

/**
 * Finds a server that runs in the cluster already, waiting while it starts or stops; undefined when there
 * is none. Runs under the starter lock.
 *
 * @throws DatabaseUnavailable when there is one that does not take our password, or does not answer
 */
export async function findPostmaster(around: Surroundings): Promise<Postmaster | undefined> {
  const { paths, clock } = around;
  const password = await readPassword(paths);
  const deadline = clock.monotonicMs() + SILENCE_MS;
  for (;;) {
    const found = await readPostmasterFile(paths);
    if (found === undefined) return undefined;
    const answer = await ask(found, password);
    if (answer === 'ready') return found;
    if (answer === 'stranger') {
      throw unavailable(
        `the server in ${paths.cluster} does not take the password in ${paths.password}; restore that file from a backup`,
      );
    }
    if (answer === 'absent' && !isServerOf(found.pid, paths.cluster)) {
      await disown(paths, found);
      return undefined;
    }
    if (clock.monotonicMs() > deadline) {
      throw unavailable(
        `the server in ${paths.cluster} (process ${found.pid}) does not answer; see ${paths.log}, stop it with kill -INT ${found.pid} and start again`,
      );
    }
    await clock.sleep(POLL_MS);
  }
}

function unavailable(reason: string): Error {
  return fail('DatabaseUnavailable', { reason });
}

/**
 * Starts a server and waits until it takes connections, however long it repairs itself after a crash.
 * Runs under the starter lock.
 *
 * It gets a session of its own, so that a Ctrl-C in our terminal does not reach it, and it outlives this
 * process if that is killed: the next start adopts it.
 */
export async function startPostmaster(around: Surroundings): Promise<Postmaster> {
  const deadline = around.clock.monotonicMs() + SILENCE_MS;
  for (;;) {
    const outcome = await tryStart(around);
    if ('pid' in outcome) return outcome;
    // Children of a server that was killed may need a moment to notice.
    const passing = outcome.message.includes('is still in use');
    if (!passing || around.clock.monotonicMs() > deadline) {
      throw unavailable(
        `the embedded PostgreSQL did not start: ${outcome.message}; see ${around.paths.log}`,
      );
    }
    await around.clock.sleep(200);
  }
}

async function tryStart(around: Surroundings): Promise<Postmaster | { message: string }> {
  const { paths, binaries, user, clock, log } = around;
  const socket = await ensureSocketFolder(paths, user);
  const settings = { ...around.settings, unix_socket_directories: socket.forServer };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const logStart = rotateLog(paths.log);
  const output = openSync(paths.log, 'a', 0o600);
  const child = spawn(binaries.postgres, ['-D', ownFolder(user, paths.cluster), ...args], {
    ...spawnOptions(user, paths.cluster),
    stdio: ['ignore', output, output],
    detached: true,
  });
  closeSync(output);
  const fate: { ended: string | undefined } = { ended: undefined };
  child.once('error', (error) => (fate.ended = error.message));
  child.once('exit', (code, signal) => (fate.ended ??= `it ended with ${signal ?? code}`));
  child.unref();
  const started = clock.monotonicMs();
  for (let told = started; fate.ended === undefined; await clock.sleep(POLL_MS)) {
    const found = await readPostmasterFile(paths);
    if (found?.ready === true && found.pid === child.pid) {
      const running = { ...found, socketFolder: socket.forClient, child };
      if ((await ask(running, await readPassword(paths))) === 'ready') return running;
    }
    if (clock.monotonicMs() - told > PROGRESS_EVERY_MS) {
      told = clock.monotonicMs();
      const seconds = Math.round((told - started) / 1000);
      log.info({ seconds, pid: child.pid }, 'the embedded PostgreSQL is still starting');
    }
  }
  return { message: (await complaints(paths.log, logStart)) ?? fate.ended };
}

/** Sets a log that has grown large aside. @returns where the next line will be */
function rotateLog(file: string): number {
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0;
  if (size < LOG_BYTES) return size;
  renameSync(file, `${file}.1`);
  return 0;
}

/** What the server complained of since the log had `from` bytes, without times and process ids. */
async function complaints(file: string, from: number): Promise<string | undefined> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read({ position: from, buffer: Buffer.alloc(4096) });
    const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
    const found = lines.flatMap((line) => /(?:FATAL|PANIC|HINT): +(.*)$/.exec(line)?.[1] ?? []);
    return found.length === 0 ? undefined : found.join(' ');
  } finally {
    await handle.close();
  }
}

/**
 * Stops a server: no new connections, those that are there are ended, everything is written to disk. If that
 * takes longer than `patienceMs` it is stopped at once and repairs itself at the next start.
 */
export async function stopPostmaster(
  postmaster: Postmaster,
  clock: Clock,
  patienceMs: number,
): Promise<'stopped' | 'stopped at once' | 'still running'> {
  if (await signalled(postmaster, 'SIGINT', clock, patienceMs)) return 'stopped';
  if (await signalled(postmaster, 'SIGQUIT', clock, 10_000)) return 'stopped at once';
  return 'still running';
}

async function signalled(
  { pid }: Postmaster,
  signal: 'SIGINT' | 'SIGQUIT',
  clock: Clock,
  patienceMs: number,
): Promise<boolean> {
  try {
    process.kill(pid, signal);
  } catch {
    return !isAlive(pid);
  }
  const deadline = clock.monotonicMs() + patienceMs;
  while (isAlive(pid)) {
    if (clock.monotonicMs() > deadline) return false;
    await clock.sleep(POLL_MS);
  }
  return true;
}
