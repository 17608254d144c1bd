import type { Database } from '../../platform/index.ts';

/** What only one process does at a time. */
export type BridgeLock = 'bridge' | 'bridge rotation';

/**
 * Runs `work` while this process alone holds a lock, on a connection of its own.
 *
 * @param work gets a signal that is aborted when the connection, and with it the lock, was lost
 * @returns undefined when another process holds it
 */
export async function withBridgeLock<T>(
  database: Database,
  lock: BridgeLock,
  work: (lost: AbortSignal) => Promise<T>,
): Promise<{ readonly done: T } | undefined> {
  const client = await database.pool.connect();
  const lost = new AbortController();
  const lose = (): void => lost.abort(new Error('the connection that holds the lock was lost'));
  client.on('error', lose);
  client.on('end', lose);
  let isKept = false;
  try {
    const { rows } = await client.query<{ held: boolean }>(
      'select pg_try_advisory_lock(hashtext($1)) as held',
      [lock],
    );
    if (rows[0]?.held !== true) {
      isKept = true;
      return undefined;
    }
    try {
      return { done: await work(lost.signal) };
    } finally {
      isKept = await client.query('select pg_advisory_unlock(hashtext($1))', [lock]).then(
        () => true,
        () => false,
      );
    }
  } finally {
    client.off('error', lose);
    client.off('end', lose);
    // A connection that may hold the lock still is ended, and the lock with it.
    client.release(!isKept);
  }
}
