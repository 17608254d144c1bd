import { spawn, spawnSync, type SpawnOptions } from 'node:child_process';
import { readFileSync, readlinkSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { OsUser } from './os-user.ts';

const isLinux = process.platform === 'linux';

/**
 * What a program of PostgreSQL gets to see of the environment: nothing that could change how it behaves
 * (PG... variables, a locale, a time zone, a library to preload).
 */
const environment = { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C', TZ: 'UTC' };

/**
 * Options that start a program in `folder` as `user`, or as ourselves.
 *
 * The folder is entered while the child is still root and only then does it become the other user; so
 * it may lie below folders that the other user cannot enter, such as /root.
 */
export function spawnOptions(user: OsUser | undefined, folder: string): SpawnOptions {
  const identity = user === undefined ? {} : { uid: user.uid, gid: user.gid };
  return { ...identity, cwd: folder, env: environment };
}

/**
 * The path under which a program started by {@link spawnOptions} finds its folder. Linux resolves this
 * link without walking the path, so it holds below closed folders too; elsewhere they must be open.
 */
export function ownFolder(user: OsUser | undefined, folder: string): string {
  return user !== undefined && isLinux ? '/proc/self/cwd' : folder;
}

/** How a program ended. */
export interface Ended {
  /** Exit code; undefined when it could not be started or was killed. */
  readonly code: number | undefined;
  /** Everything that it wrote, or why it did not start. */
  readonly output: string;
}

/** Runs a program to its end. */
export function run(
  file: string,
  args: readonly string[],
  user: OsUser | undefined,
  folder: string,
): Promise<Ended> {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(file, args, { ...spawnOptions(user, folder), stdio: 'pipe' });
    child.stdin.end();
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    child.once('error', (error) => resolve({ code: undefined, output: error.message }));
    child.once('close', (code) => resolve({ code: code ?? undefined, output }));
  });
}

/** Whether a process runs. One that has ended and waits to be collected by its parent does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  if (!isLinux) return true;
  try {
    // "pid (name) state ...", and the name may hold anything but its last parenthesis is the last.
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return !'ZX'.includes(stat.charAt(stat.lastIndexOf(')') + 2));
  } catch {
    return false;
  }
}

/**
 * Whether the process is a PostgreSQL that runs in the cluster's folder. After a restart of the machine
 * or container the process id in a left-over postmaster.pid may be anybody's.
 */
export function isServerOf(pid: number, cluster: string): boolean {
  if (!isAlive(pid)) return false;
  if (!isLinux) {
    const { stdout } = spawnSync('ps', ['-p', `${pid}`, '-o', 'comm='], { encoding: 'utf8' });
    return basename(stdout.trim()) === 'postgres';
  }
  try {
    if (readFileSync(`/proc/${pid}/comm`, 'latin1').trim() !== 'postgres') return false;
    if (statSync(`/proc/${pid}`).uid !== statSync(cluster).uid) return false;
  } catch {
    return false;
  }
  try {
    return readlinkSync(`/proc/${pid}/cwd`) === cluster;
  } catch {
    // A container's root may not look: a PostgreSQL of the cluster's owner is taken for ours.
    return true;
  }
}
