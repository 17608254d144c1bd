import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fail } from '../kernel/index.ts';
import type { Clock } from '../platform/index.ts';
import { readAddress, type ServerAddress } from './server-address.ts';

/** SQLITE_BUSY: somebody else holds a lock in the way. */
const BUSY = 5;
/** SQLITE_CANTOPEN, also when there is no such file. */
const CANNOT_OPEN = 14;
const ATTEMPTS = 40;
const RETRY_MS = 25;

/** A lock on an empty file, which the kernel takes back when its holder dies: it is never stale, whatever process ids do. */
function fileOf(data: string): string {
  return join(data, 'server.lock');
}

/** Whether `statement` could take its lock; false when somebody else's is in the way. */
function tryLock(database: DatabaseSync, statement: string): boolean {
  try {
    database.exec(statement);
    return true;
  } catch (error) {
    if (codeOf(error) === BUSY) return false;
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'errcode' in error ? error.errcode : undefined;
}

/**
 * Takes the data folder for the server of this process: one server at a time.
 *
 * @returns gives it back
 * @throws DataFolderInUse
 */
export async function holdDataFolder(data: string, clock: Clock): Promise<() => Promise<void>> {
  await mkdir(data, { recursive: true, mode: 0o700 });
  const lock = new DatabaseSync(fileOf(data), { timeout: 0 });
  try {
    // A command that looks whether a server is there is in the way for a moment.
    for (let attempt = 1; !tryLock(lock, 'begin exclusive'); attempt++) {
      if (attempt === ATTEMPTS) throw await inUse(data);
      await clock.sleep(RETRY_MS);
    }
  } catch (error) {
    lock.close();
    throw error;
  }
  return async () => lock.close();
}

async function inUse(data: string): Promise<Error> {
  const address = await readAddress(data);
  const holder =
    address === undefined
      ? 'another server, which is starting or stopping'
      : `the server with process id ${address.pid} at ${address.baseUrl}`;
  return fail('DataFolderInUse', { folder: data, holder });
}

/** Whether a server, of any process, has the data folder. */
function isDataFolderHeld(data: string): boolean {
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(fileOf(data), { timeout: 0, readOnly: true });
    return !tryLock(lock, 'begin; select count(*) from sqlite_schema');
  } catch (error) {
    if (codeOf(error) === CANNOT_OPEN) return false;
    throw error;
  } finally {
    lock?.close();
  }
}

/** The address of the server that runs on this data folder; undefined when none does. */
export async function findServer(data: string): Promise<ServerAddress | undefined> {
  return isDataFolderHeld(data) ? readAddress(data) : undefined;
}
