import { randomInt } from 'node:crypto';
import type pg from 'pg';
import type { Clock } from '../clock.ts';
import { isTransient } from './transient.ts';

/** A connection inside a transaction. */
export type Tx = pg.PoolClient;

/** Whatever takes statements: the pool, each statement on its own, or a transaction. */
export interface Queryable {
  query<Row extends pg.QueryResultRow = pg.QueryResultRow>(
    text: string,
    values?: readonly unknown[],
  ): Promise<pg.QueryResult<Row>>;
  query<Row extends pg.QueryResultRow = pg.QueryResultRow>(
    query: pg.QueryConfig,
  ): Promise<pg.QueryResult<Row>>;
}

export interface TransactionOptions {
  /**
   * Run the function again, in a new transaction, after an error that passes. It may have committed the
   * time before: ask for this only when running it twice comes to the same.
   */
  readonly retry?: boolean;
  /** Let nothing be written. */
  readonly readOnly?: boolean;
  /** `read committed` unless given; `repeatable read` lets all statements see one moment. */
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable';
  /** Milliseconds since the first failure after which no further attempt begins; 30,000 unless given. */
  readonly retryForMs?: number;
}

const FIRST_WAIT_MS = 20;
const LONGEST_WAIT_MS = 1000;
const RETRY_FOR_MS = 30_000;

/**
 * Runs a function in a transaction: committed when its promise resolves, rolled back when it rejects.
 * When this resolves the commit is durable.
 *
 * @throws what the function throws, or what the database says; with `retry` the last such error
 */
export async function runTransaction<T>(
  pool: pg.Pool,
  clock: Clock,
  work: (tx: Tx) => Promise<T>,
  options: TransactionOptions = {},
): Promise<T> {
  let failedFirst: number | undefined;
  for (let longest = FIRST_WAIT_MS; ; longest = Math.min(longest * 2, LONGEST_WAIT_MS)) {
    try {
      return await attempt(pool, work, options);
    } catch (error) {
      failedFirst ??= clock.monotonicMs();
      const spent = clock.monotonicMs() - failedFirst;
      const mayRetry = options.retry === true && spent < (options.retryForMs ?? RETRY_FOR_MS);
      if (!mayRetry || !isTransient(error)) throw error;
      // A random part of the wait, so that two that met do not meet again.
      await clock.sleep(randomInt(longest));
    }
  }
}

async function attempt<T>(
  pool: pg.Pool,
  work: (tx: Tx) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  const client = await pool.connect();
  let usable = false;
  try {
    await client.query(beginning(options));
    const result = await work(client);
    const { command } = await client.query('commit');
    // PostgreSQL answers the commit of a failed transaction with a rollback and no error.
    if (command !== 'COMMIT') {
      throw new Error(
        'A statement failed and its error was caught: the transaction is rolled back.',
      );
    }
    usable = true;
    return result;
  } catch (error) {
    usable = await client.query('rollback').then(
      () => true,
      () => false,
    );
    throw error;
  } finally {
    client.release(!usable);
  }
}

/**
 * The level is always said, since a server may have another default: whoever waited for a lock has to see in the next
 * statement what was committed meanwhile, on which the closing of windows depends.
 */
function beginning({ readOnly, isolation = 'read committed' }: TransactionOptions): string {
  return `begin isolation level ${isolation}${readOnly === true ? ' read only' : ''}`;
}
