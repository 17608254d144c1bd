import type { Database, Tx } from '../../src/platform/index.ts';

/** Lets one transaction wait at a statement while a test does something else. */
export interface Gate {
  /** The database of which the statements are held; for whoever shall wait. */
  readonly database: Database;
  /** The next transaction that comes to the statement stops before it. Resolves once it has come there. */
  close(): Promise<void>;
  /** Lets it go on. */
  open(): void;
}

/** A gate before the prepared statement of this name. */
export function gateBefore(database: Database, statement: string): Gate {
  let armed: { arrived: () => void; opened: Promise<void> } | undefined;
  let open = (): void => undefined;
  const pause = async (query: unknown): Promise<void> => {
    const isIt =
      typeof query === 'object' && query !== null && 'name' in query && query.name === statement;
    if (!isIt || armed === undefined) return;
    const { arrived, opened } = armed;
    armed = undefined;
    arrived();
    await opened;
  };
  const transaction: Database['transaction'] = (work, options) =>
    database.transaction((tx) => work(withPause(tx, pause)), options);
  return {
    database: {
      pool: database.pool,
      url: database.url,
      transaction,
      close: () => database.close(),
    },
    close: () => {
      const arrival = Promise.withResolvers<void>();
      const opening = Promise.withResolvers<void>();
      armed = { arrived: arrival.resolve, opened: opening.promise };
      open = opening.resolve;
      return arrival.promise;
    },
    open: () => open(),
  };
}

function withPause(tx: Tx, pause: (query: unknown) => Promise<void>): Tx {
  const query = async (...given: readonly unknown[]): Promise<unknown> => {
    await pause(given[0]);
    const call: unknown = Reflect.get(tx, 'query');
    if (typeof call !== 'function') throw new TypeError('A transaction takes statements.');
    return Reflect.apply(call, tx, given);
  };
  return new Proxy(tx, {
    get: (target, key): unknown => (key === 'query' ? query : Reflect.get(target, key)),
  });
}
