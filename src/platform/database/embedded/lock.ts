import { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../../clock.ts';

const RETRY_MS = 25;
const LONG_MS = 3000;
/** SQLITE_BUSY: somebody else holds a lock in the way. */
const BUSY = 5;

/**
 * File locks that the kernel takes back when their holder dies, however it dies, so that none is ever
 * stale. Node has no call for them; SQLite, which is part of Node, sets them on an empty file.
 */
function open(file: string): DatabaseSync {
  return new DatabaseSync(file, { timeout: 0 });
}

function tryExclusive(database: DatabaseSync): boolean {
  try {
    database.exec('begin exclusive');
    return true;
  } catch (error) {
    if (error instanceof Error && 'errcode' in error && error.errcode === BUSY) return false;
    throw error;
  }
}

/**
 * Runs `work` while no other process, and nobody else in this one, runs under the same file.
 *
 * @param tools.waiting called once when the wait becomes long
 */
export async function exclusively<T>(
  file: string,
  tools: { readonly clock: Clock; readonly waiting?: () => void },
  work: () => Promise<T>,
): Promise<T> {
  const database = open(file);
  try {
    for (let waited = 0; !tryExclusive(database); waited += RETRY_MS) {
      if (waited === LONG_MS) tools.waiting?.();
      await tools.clock.sleep(RETRY_MS);
    }
    return await work();
  } finally {
    database.close();
  }
}

/** A place among those who use something together. */
export interface SharedHold {
  /** Gives the place up. @returns true when nobody else has one: until `close`, nobody else gets one */
  leave(): boolean;
  close(): void;
}

/** Takes a place among those who use something; any number of processes may. */
export async function holdShared(file: string, clock: Clock): Promise<SharedHold> {
  const database = open(file);
  for (;;) {
    try {
      database.exec('begin; select count(*) from sqlite_schema');
      break;
    } catch (error) {
      if (!(error instanceof Error && 'errcode' in error && error.errcode === BUSY)) throw error;
      if (database.isTransaction) database.exec('rollback');
      await clock.sleep(RETRY_MS);
    }
  }
  return {
    leave: () => {
      database.exec('commit');
      return tryExclusive(database);
    },
    close: () => database.close(),
  };
}
