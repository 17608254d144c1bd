import { randomUUID } from 'node:crypto';
import { createLog, openDatabase, type Database } from '../src/platform/index.ts';

/** Gives a measurement a database of its own on the server of the bench: nobody else works in it. */
export async function withOwnDatabase(
  { pool, url }: Pick<Database, 'pool' | 'url'>,
  what: string,
  work: (database: Database) => Promise<void>,
): Promise<void> {
  const name = `${what}_${randomUUID().slice(0, 8)}`;
  await pool.query(`create database ${name}`);
  const databaseUrl = url.replace(/^(postgres(?:ql)?:\/\/[^/]*\/)[^?]*/, `$1${name}`);
  const database = await openDatabase({ data: '', databaseUrl }, createLog({ level: 'warn' }));
  try {
    await work(database);
  } finally {
    await database.close();
    await pool.query(`drop database ${name} with (force)`);
  }
}
