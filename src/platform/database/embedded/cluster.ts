import { createHash, randomBytes } from 'node:crypto';
import { existsSync, realpathSync, statSync } from 'node:fs';
import {
  chmod,
  chown,
  lchown,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fail } from '../../../kernel/index.ts';
import type { Binaries } from './binaries.ts';
import type { OsUser } from './os-user.ts';
import { ownFolder, run } from './processes.ts';

/** Name of the database and of its superuser. */
export const DATABASE = 'stackmeter';
/** Part of the socket's name only: nothing listens on a network. */
export const PORT = 5432;

/** Where everything of the embedded server is. */
export interface ClusterPaths {
  /** PostgreSQL's own folder, mode 0700, owned by the server's user. */
  readonly cluster: string;
  readonly password: string;
  readonly log: string;
  /** Lock of who starts or stops the server. */
  readonly starterLock: string;
  /** Lock of those who use it. */
  readonly usersLock: string;
}

/** The paths below the data folder, which must exist. */
export function clusterPaths(data: string): ClusterPaths {
  const folder = realpathSync(data);
  return {
    cluster: join(folder, 'postgresql'),
    password: join(folder, 'postgresql.password'),
    log: join(folder, 'postgresql.log'),
    starterLock: join(folder, 'postgresql.starter-lock'),
    usersLock: join(folder, 'postgresql.users-lock'),
  };
}

function unavailable(reason: string): Error {
  return fail('DatabaseUnavailable', { reason });
}

/** Owner of the cluster's folder, undefined when there is none. */
export function clusterOwner(paths: ClusterPaths): { uid: number; gid: number } | undefined {
  return statSync(paths.cluster, { throwIfNoEntry: false });
}

/**
 * Makes the cluster unless it is there. It is built beside its place and moved there when complete, so
 * that an interrupted attempt leaves nothing that looks like a cluster. Runs under the starter lock.
 */
export async function ensureCluster(
  paths: ClusterPaths,
  binaries: Binaries,
  user: OsUser | undefined,
): Promise<void> {
  if (existsSync(paths.cluster)) {
    await requireMajor(paths, binaries);
    await ensureOwner(paths.cluster, user);
    return;
  }
  const site = `${paths.cluster}.new`;
  await rm(site, { recursive: true, force: true });
  const fresh = join(site, 'cluster');
  await mkdir(fresh, { recursive: true, mode: 0o700 });
  await writeFile(join(site, 'password'), randomBytes(24).toString('base64url'), { mode: 0o600 });
  await ensureOwner(site, user);
  const seen = ownFolder(user, fresh);
  const { code, output } = await run(
    binaries.initdb,
    [
      `--pgdata=${seen}`,
      // Not by join(), which would take the link of ownFolder for an ordinary folder and leave it.
      `--pwfile=${seen}/../password`,
      `--username=${DATABASE}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      // Order by code point, the same on every machine, whatever its C library.
      '--locale=C',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--data-checksums',
      '--no-instructions',
    ],
    user,
    fresh,
  );
  if (code !== 0) throw unavailable(initdbFailed(paths, user, output));
  // First the password, then the name that says the cluster is complete.
  await keepPassword(join(site, 'password'), paths.password);
  await rename(fresh, paths.cluster);
  await rm(site, { recursive: true, force: true });
}

function initdbFailed(paths: ClusterPaths, user: OsUser | undefined, output: string): string {
  if (output.includes('could not look up effective user ID')) {
    return 'this user has no entry in /etc/passwd, which PostgreSQL needs to set a database up; add one or use --database-url';
  }
  if (output.includes('EPERM') && user !== undefined) {
    return `this process runs as root but may not become the user ${user.name}; run it as an ordinary user or use --database-url`;
  }
  const last = output.trim().split('\n').slice(-3).join(' ');
  return `setting up ${paths.cluster} failed: ${last}`;
}

async function keepPassword(from: string, to: string): Promise<void> {
  const file = await open(`${to}.new`, 'w', 0o600);
  try {
    await file.chmod(0o600);
    await file.writeFile(await readFile(from));
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(`${to}.new`, to);
}

async function requireMajor(paths: ClusterPaths, binaries: Binaries): Promise<void> {
  const major = (await readFile(join(paths.cluster, 'PG_VERSION'), 'utf8')).trim();
  if (major !== binaries.major) {
    throw unavailable(
      `${paths.cluster} was made by PostgreSQL ${major} and this release brings ${binaries.major}; ` +
        'dump it with the release that made it and restore it into a new data folder',
    );
  }
}

/** Hands a folder with all that is in it to the server's user, if it is not theirs. */
async function ensureOwner(folder: string, user: OsUser | undefined): Promise<void> {
  if (user === undefined || (await lstat(folder)).uid === user.uid) return;
  await handOver(folder, user);
}

/** Links are handed over, not followed. The folder comes last: it tells that all in it is done. */
async function handOver(path: string, user: OsUser): Promise<void> {
  if ((await lstat(path)).isDirectory()) {
    for (const name of await readdir(path)) await handOver(join(path, name), user);
  }
  await lchown(path, user.uid, user.gid);
}

/** The superuser's password. */
export async function readPassword(paths: ClusterPaths): Promise<string> {
  try {
    return (await readFile(paths.password, 'utf8')).trim();
  } catch (error) {
    throw fail(
      'DatabaseUnavailable',
      {
        reason: `its password in ${paths.password} cannot be read; restore that file from the backup that has ${paths.cluster}`,
      },
      { cause: error },
    );
  }
}

/** What postmaster.pid says of the server that runs, or ran, in the cluster. */
export interface PostmasterFile {
  readonly pid: number;
  readonly port: number;
  /** Absolute. */
  readonly socketFolder: string;
  readonly ready: boolean;
}

/** Reads postmaster.pid; undefined when there is none or it is still being written. */
export async function readPostmasterFile(paths: ClusterPaths): Promise<PostmasterFile | undefined> {
  let text: string;
  try {
    text = await readFile(postmasterFile(paths), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  const [pid, , , port, socketFolder, , , state] = text.split('\n');
  const number = Number.parseInt(pid ?? '', 10);
  if (!(number > 0)) return undefined;
  return {
    pid: number,
    port: Number.parseInt(port ?? '', 10) || PORT,
    socketFolder: socketFolder?.startsWith('/') === true ? socketFolder : paths.cluster,
    ready: state?.trim() === 'ready',
  };
}

/** No process has this number, on any system. */
const NOBODY = 2_147_483_647;

/**
 * Makes PostgreSQL see that the server which postmaster.pid speaks of is gone, when it would not by itself:
 * its process id has become that of another program, or it has ended and nobody collects it. The file
 * stays: the rest of it lets PostgreSQL notice children of the dead server that are still at work.
 */
export async function disown(paths: ClusterPaths, gone: PostmasterFile): Promise<void> {
  const [, ...rest] = (await readFile(postmasterFile(paths), 'utf8')).split('\n');
  await writeFile(postmasterFile(paths), [NOBODY, ...rest].join('\n'));
  await rm(join(gone.socketFolder, `.s.PGSQL.${gone.port}.lock`), { force: true });
}

function postmasterFile(paths: ClusterPaths): string {
  return join(paths.cluster, 'postmaster.pid');
}

/** Bytes that the path of a socket may have. */
const LONGEST_SOCKET_PATH = process.platform === 'linux' ? 107 : 103;

/**
 * The folder of the socket, as the server gets it and as a client does: the cluster's own folder, which
 * nobody else can enter; for a path too long for a socket, a closed one in /tmp.
 */
export async function ensureSocketFolder(
  paths: ClusterPaths,
  user: OsUser | undefined,
): Promise<{ forServer: string; forClient: string }> {
  const socket = join(paths.cluster, `.s.PGSQL.${PORT}`);
  if (Buffer.byteLength(socket) <= LONGEST_SOCKET_PATH) {
    return { forServer: '.', forClient: paths.cluster };
  }
  const hash = createHash('sha256').update(paths.cluster).digest('hex').slice(0, 16);
  const folder = join(existsSync('/tmp') ? '/tmp' : tmpdir(), `stackmeter-${hash}`);
  const owner = user?.uid ?? process.geteuid?.() ?? 0;
  await mkdir(folder, { mode: 0o700 }).catch(() => undefined);
  const found = await lstat(folder);
  if (!found.isDirectory() || (found.uid !== owner && found.uid !== process.geteuid?.())) {
    throw unavailable(
      `the folder ${folder} for its socket belongs to somebody else; remove it, or choose a data folder with a shorter path`,
    );
  }
  if (found.uid !== owner && user !== undefined) await chown(folder, user.uid, user.gid);
  await chmod(folder, 0o700);
  return { forServer: folder, forClient: folder };
}
