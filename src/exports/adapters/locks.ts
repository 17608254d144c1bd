import type { PoolClient } from 'pg';
import type { Database } from '../../platform/index.ts';

/** Which adapters this process works on, for all others to see. */
export interface AdapterLocks {
  /** Aborted when the connection is lost, and the locks with it. */
  readonly lost: AbortSignal;
  /** @returns false when another process works on it */
  take(adapterId: string): Promise<boolean>;
  give(adapterId: string): Promise<void>;
  close(): void;
}

/** Locks that end with a connection: whoever dies keeps none. One connection holds them all. */
export async function openLocks({ pool }: Pick<Database, 'pool'>): Promise<AdapterLocks> {
  const client: PoolClient = await pool.connect();
  const lost = new AbortController();
  const lose = (): void => lost.abort();
  client.on('error', lose);
  let last: Promise<unknown> = Promise.resolve();
  /** A connection does one thing at a time. */
  const ask = (what: string, adapterId: string): Promise<boolean> => {
    const asked = last.then(() =>
      client.query<{ done: boolean }>(
        `select ${what}(hashtextextended('billing-adapter ' || $1, 0)) as done`,
        [adapterId],
      ),
    );
    last = asked.catch(() => undefined);
    return asked.then(({ rows }) => rows[0]?.done === true);
  };
  return {
    lost: lost.signal,
    take: (adapterId) => ask('pg_try_advisory_lock', adapterId),
    give: async (adapterId) => {
      // A lock that cannot be given back ends with the connection.
      if (!(await ask('pg_advisory_unlock', adapterId).catch(() => false))) lose();
    },
    close: () => {
      client.off('error', lose);
      client.release(lost.signal.aborted);
    },
  };
}
