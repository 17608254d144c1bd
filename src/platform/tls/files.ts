import { chmod, link, mkdir, open, readFile, rename, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { randomUUID } from 'node:crypto';

/** Readable by its owner alone: private keys. */
export const PRIVATE_FILE = 0o600;
/** Readable by everybody: certificates that clients are told to trust. */
export const PUBLIC_FILE = 0o644;

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

async function writeBeside(path: string, contents: string, mode: number): Promise<string> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomUUID()}.tmp`;
  const file = await open(temporary, 'wx', mode);
  try {
    // The mode given to open is cut down by the process's umask; this one is not.
    await file.chmod(mode);
    await file.writeFile(contents);
    await file.sync();
  } finally {
    await file.close();
  }
  return temporary;
}

/** The file's text, or undefined when there is no such file. Other failures are thrown. */
export async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/**
 * Reads a file that is made once and then kept, making it when it is missing. When several
 * processes make it at the same moment one of them wins and all of them get that one's text: the
 * contents are complete before the name appears, and a name that exists is never replaced.
 *
 * @param mode permissions, restored on a file that was found with others
 */
export async function readOrCreate(
  path: string,
  mode: number,
  make: () => Promise<string>,
): Promise<string> {
  const present = await readIfPresent(path);
  if (present !== undefined) {
    await chmod(path, mode);
    return present;
  }
  const temporary = await writeBeside(path, await make(), mode);
  try {
    await link(temporary, path);
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  } finally {
    await unlink(temporary);
  }
  return readFile(path, 'utf8');
}

/** Replaces a file as a whole: a reader sees the old text or the new one, never a part. */
export async function replaceFile(path: string, contents: string, mode: number): Promise<void> {
  await rename(await writeBeside(path, contents, mode), path);
}
