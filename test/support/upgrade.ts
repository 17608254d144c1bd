import { cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  migrationsFolder,
  openDatabase,
  silentLog,
  type Database,
} from '../../src/platform/index.ts';

/**
 * Upgrades a database as an operator does: made and filled under the migrations before one, then
 * opened under all of them.
 *
 * @param url of an empty database
 * @param before number of the first migration that is not there yet, like `0008`
 */
export async function upgrade(
  url: string,
  before: string,
  fill: (database: Database) => Promise<void>,
  look: (database: Database) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'stackmeter-migrations-'));
  const open = async (
    migrations: string,
    work: (database: Database) => Promise<void>,
  ): Promise<void> => {
    const config = { databaseUrl: url, data: tmpdir() };
    const database = await openDatabase(config, silentLog, { migrations });
    try {
      await work(database);
    } finally {
      await database.close();
    }
  };
  try {
    for (const file of (await readdir(migrationsFolder)).filter((name) => name < before)) {
      await cp(join(migrationsFolder, file), join(folder, file));
    }
    await open(folder, fill);
    await open(migrationsFolder, look);
  } finally {
    await rm(folder, { recursive: true });
  }
}
