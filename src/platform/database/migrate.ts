import { hash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { fail } from '../../kernel/index.ts';
import type { Clock } from '../clock.ts';

/** The folder of this release's migrations. */
export const migrationsFolder = join(import.meta.dirname, 'migrations');

/** One numbered step from an empty database to the present one. */
export interface Migration {
  readonly number: number;
  /** Name of its file. */
  readonly name: string;
  readonly sql: string;
  /** Hash of the text, in hexadecimal. */
  readonly sha256: string;
}

interface Applied {
  readonly number: number;
  readonly name: string;
  readonly sha256: string;
}

/**
 * Reads the migrations of a folder, in order. Files are named `0001-what-it-does.sql`; other files are
 * passed over. An Error when two have the same number, or one is missing in between.
 */
export async function readMigrations(folder: string = migrationsFolder): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => /^\d{4}-.+\.sql$/.test(name)).toSorted();
  return Promise.all(
    names.map(async (name, index) => {
      const number = Number.parseInt(name, 10);
      if (number !== index + 1) {
        throw new Error(`${folder}: ${name} comes where number ${index + 1} is expected.`);
      }
      const sql = await readFile(join(folder, name), 'utf8');
      return { number, name, sql, sha256: hash('sha256', sql) };
    }),
  );
}

/**
 * Brings the database to the state after the last migration. Each is applied in a transaction together
 * with the note that it was, so an interrupted run goes on where it stopped. Of several processes that
 * start at once, one applies and the others wait.
 *
 * @returns names of those that were applied now
 * @throws MigrationAltered when an applied file has changed; DatabaseUnavailable when a later release made the database
 */
export async function migrate(
  pool: pg.Pool,
  clock: Clock,
  migrations: readonly Migration[],
): Promise<string[]> {
  const client = await pool.connect();
  let usable = false;
  try {
    // Nearly always there is nothing to do, and then nobody need wait.
    let pending = pendingOf(migrations, await readApplied(client));
    if (pending.length > 0) {
      await client.query("select pg_advisory_lock(hashtext('stackmeter migrations'))");
      await client.query(`create table if not exists schema_migration (
        number integer primary key, name text not null, sha256 text not null, applied_at timestamptz not null)`);
      pending = pendingOf(migrations, await readApplied(client));
      for (const migration of pending) await apply(client, clock, migration);
      await client.query("select pg_advisory_unlock(hashtext('stackmeter migrations'))");
    }
    usable = true;
    return pending.map(({ name }) => name);
  } finally {
    // A connection that failed halfway is thrown away, and its lock and open transaction with it.
    client.release(!usable);
  }
}

async function readApplied(client: pg.PoolClient): Promise<Applied[]> {
  const { rows } = await client.query<{ known: boolean }>(
    "select to_regclass('schema_migration') is not null as known",
  );
  if (rows[0]?.known !== true) return [];
  const applied = await client.query<Applied>(
    'select number, name, sha256 from schema_migration order by number',
  );
  return applied.rows;
}

function pendingOf(migrations: readonly Migration[], applied: readonly Applied[]): Migration[] {
  const known = new Map(migrations.map((migration) => [migration.number, migration]));
  for (const { number, name, sha256 } of applied) {
    const migration = known.get(number);
    if (migration === undefined) {
      throw fail('DatabaseUnavailable', {
        reason: `a later release of Stackmeter made it (it has the migration ${name}); run that release`,
      });
    }
    if (migration.sha256 !== sha256) throw fail('MigrationAltered', { migration: migration.name });
  }
  return migrations.slice(applied.length);
}

async function apply(client: pg.PoolClient, clock: Clock, migration: Migration): Promise<void> {
  const { number, name, sql, sha256 } = migration;
  await client.query('begin');
  try {
    await client.query(sql);
  } catch (error) {
    throw new Error(
      `The migration ${name} failed: ${error instanceof Error ? error.message : ''}`,
      {
        cause: error,
      },
    );
  }
  await client.query('insert into schema_migration values ($1, $2, $3, $4)', [
    number,
    name,
    sha256,
    clock.now().toString(),
  ]);
  await client.query('commit');
}
