import type pg from 'pg';
import type { Queryable } from '../../platform/index.ts';

/** Exports have locks of this kind; the other number is the export. */
const LOCK = 7328;

const LOST = 'the connection that kept others from this export was lost';

/**
 * What is under way in one process, told to all others: an export is done by one of them at a time. All its locks are
 * held by one connection, which is in no transaction, and are given back when it ends: what a killed process had begun
 * another goes on with at once.
 */
export class ExportLocks {
  readonly #connect: () => Promise<pg.PoolClient>;
  readonly #held = new Set<string>();
  #client: pg.PoolClient | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(pool: Pick<pg.Pool, 'connect'>) {
    this.#connect = () => pool.connect();
  }

  /** @returns whether it was free */
  take(exportId: string): Promise<boolean> {
    return this.#inTurn(async () => {
      // The connection itself would be given a lock twice.
      if (this.#held.has(exportId)) return false;
      this.#client ??= await this.#connect();
      const isTaken = await ask(this.#client, 'pg_try_advisory_lock', exportId).catch(
        (error: unknown) => {
          // Kept, a connection that is lost would be asked again by everybody who comes later.
          this.#drop();
          throw error;
        },
      );
      if (isTaken) this.#held.add(exportId);
      else if (this.#held.size === 0) this.#release(false);
      return isTaken;
    });
  }

  /** @throws Error when the connection is lost, and every lock with it: others may have begun the same meanwhile */
  async requireHeld(exportId: string): Promise<void> {
    await this.#inTurn(async () => {
      if (!this.#held.has(exportId) || this.#client === undefined) throw new Error(LOST);
      try {
        await this.#client.query('select');
      } catch (error) {
        this.#drop();
        throw new Error(LOST, { cause: error });
      }
    });
  }

  async give(exportId: string): Promise<void> {
    await this.#inTurn(async () => {
      if (!this.#held.delete(exportId) || this.#client === undefined) return;
      try {
        await ask(this.#client, 'pg_advisory_unlock', exportId);
        if (this.#held.size === 0) this.#release(false);
      } catch {
        this.#drop();
      }
    });
  }

  #drop(): void {
    this.#held.clear();
    this.#release(true);
  }

  #release(isBroken: boolean): void {
    this.#client?.release(isBroken);
    this.#client = undefined;
  }

  /** A connection takes one statement at a time. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.#last.then(work);
    this.#last = next.catch(() => undefined);
    return next;
  }
}

/** For the length of a transaction. @returns whether nobody does the export */
export function takeIdle(tx: Queryable, exportId: string): Promise<boolean> {
  return ask(tx, 'pg_try_advisory_xact_lock', exportId);
}

async function ask(client: Queryable, name: string, exportId: string): Promise<boolean> {
  const { rows } = await client.query<{ yes: boolean }>(`select ${name}($1, hashtext($2)) as yes`, [
    LOCK,
    exportId,
  ]);
  return rows[0]?.yes === true;
}
