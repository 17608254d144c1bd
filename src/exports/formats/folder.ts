import { constants } from 'node:fs';
import {
  lstat,
  mkdir,
  open,
  readdir,
  realpath,
  rename,
  rm,
  stat,
  type FileHandle,
} from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { fail } from '../../kernel/index.ts';
import { requireSafePath, type Destination, type NewFile } from './destination.ts';

/**
 * A folder below one that the operator gave for exports. Files are written under a name of their own and then moved
 * into place, each step flushed to the disk. Links that lead out of the folder are not followed.
 *
 * @param root the operator's folder; made when missing
 * @param path of the destination below it; empty for the folder itself
 */
export function folderDestination(root: string, path: string): Destination {
  const base = path === '' ? resolve(root) : join(resolve(root), requireSafePath(path));
  const placeOf = (name: string): string => join(base, requireSafePath(name));
  return {
    isRemote: false,
    create: async (name) => {
      const place = placeOf(name);
      await makeFolders(root, dirname(place));
      return newFile(place);
    },
    read: async (name) => {
      const place = placeOf(name);
      if (!(await isFileInside(root, place))) return undefined;
      const handle = await open(place, constants.O_RDONLY | constants.O_NOFOLLOW);
      return handle.createReadStream();
    },
    remove: async (name) => {
      const place = placeOf(name);
      if (await isInside(root, dirname(place))) await rm(place, { force: true });
    },
  };
}

/** Removes a folder below the operator's with all that is in it, also one that is not there. */
export async function removeFolder(root: string, path: string): Promise<void> {
  const place = join(resolve(root), requireSafePath(path));
  if (!(await isInside(root, place))) return;
  await told(place, () => rm(place, { recursive: true, force: true }));
}

async function newFile(place: string): Promise<NewFile> {
  const [folder, name] = [dirname(place), basename(place)];
  // What a process left that was killed goes; should it live on after all, it has lost its file and finds that out.
  await told(place, () => removePartials(folder, name));
  const partial = join(folder, `.${name}.${randomUUID()}${PARTIAL}`);
  const handle = await told(place, () => open(partial, 'wx', 0o640));
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (isOpen) await handle.close();
    isOpen = false;
  };
  return {
    write: async (bytes) => {
      await told(place, () => writeAll(handle, bytes));
    },
    commit: async () => {
      await told(place, async () => {
        await handle.sync();
        await close();
        await rename(partial, place);
        await syncFolder(dirname(place));
      });
    },
    abandon: async () => {
      await close().catch(() => undefined);
      await rm(partial, { force: true }).catch(() => undefined);
    },
  };
}

const PARTIAL = '.partial';

async function removePartials(folder: string, name: string): Promise<void> {
  for (const one of await readdir(folder)) {
    const isLeft = one.startsWith(`.${name}.`) && one.endsWith(PARTIAL);
    if (isLeft) await rm(join(folder, one), { force: true });
  }
}

async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let done = 0; done < bytes.length;) {
    const { bytesWritten } = await handle.write(bytes, done);
    done += bytesWritten;
  }
}

/** The name of a file is on disk once its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Makes the folders that are missing, one by one: none is made behind a link that leads out of the root, and each is on
 * disk once the one above it is.
 */
async function makeFolders(root: string, folder: string): Promise<void> {
  const top = resolve(root);
  await told(folder, async () => {
    const first = await mkdir(top, { recursive: true, mode: 0o750 });
    if (first === undefined) return;
    for (let made = top; made.length >= first.length;) {
      made = dirname(made);
      await syncFolder(made);
    }
  });
  let above = top;
  for (const part of relative(top, folder).split(sep)) {
    const below = join(above, part);
    const isNew = await told(below, () => makeFolder(below));
    if (isNew) await told(below, () => syncFolder(above));
    if (!(await isInside(root, below))) {
      throw fail('ExportDestinationFailed', {
        reason: 'a link leads out of the folder for exports',
      });
    }
    above = below;
  }
}

/** @returns whether it was not there */
async function makeFolder(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { mode: 0o750 });
    return true;
  } catch (error) {
    const isThere = error instanceof Error && 'code' in error && error.code === 'EEXIST';
    if (isThere && (await stat(folder)).isDirectory()) return false;
    throw error;
  }
}

async function isInside(root: string, folder: string): Promise<boolean> {
  try {
    const [top, real] = await Promise.all([realpath(root), realpath(folder)]);
    return real === top || real.startsWith(top.endsWith(sep) ? top : `${top}${sep}`);
  } catch {
    return false;
  }
}

async function isFileInside(root: string, place: string): Promise<boolean> {
  if (!(await isInside(root, dirname(place)))) return false;
  try {
    return (await lstat(place)).isFile();
  } catch {
    return false;
  }
}

async function told<T>(place: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    // Where the folder lies on this machine is the operator's matter.
    const reason = `${basename(place)} cannot be written (${code})`;
    throw fail('ExportDestinationFailed', { reason }, { cause: error });
  }
}
