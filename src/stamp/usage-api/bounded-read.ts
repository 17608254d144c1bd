import type { StackmeterError } from '../../kernel/index.ts';
import { orTakesTooLong, type Clock, type Database, type Tx } from '../../platform/index.ts';
import { invalid } from './meter-query.ts';
import { readAs, type Reader } from './store.ts';

/** How long it may take to read for one question of which only the database finds out how much it is about. */
const MOST_MILLISECONDS = 5000;

/** Reading that ends in time, in one transaction or several. */
export interface BoundedRead {
  /**
   * As {@link readAs}.
   *
   * @param work is given a function to call before each further statement, which then has what is left of the time;
   *   a statement before which it is not called has as long as the one before it
   * @throws InvalidProperty when reading takes too long
   */
  as<T>(reader: Reader, work: (tx: Tx, renew: () => Promise<void>) => Promise<T>): Promise<T>;
}

/**
 * Begins to read for one question; its time runs from now.
 *
 * @param parameter the one to change when it takes too long, and its value
 */
export function beginRead(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  [parameter, value]: readonly [name: string, value: string],
  milliseconds = MOST_MILLISECONDS,
): BoundedRead {
  const until = clock.monotonicMs() + milliseconds;
  const tooLong = (): StackmeterError =>
    invalid(parameter, value, 'reading it takes too long; ask for a shorter or a later time');
  const bound = async (tx: Tx): Promise<void> => {
    const left = Math.floor(until - clock.monotonicMs());
    // Zero would mean no bound at all.
    if (left < 1) throw tooLong();
    await tx.query(`set local statement_timeout = ${left}`);
  };
  return {
    as: (reader, work) =>
      orTakesTooLong(
        () =>
          readAs(database, reader, async (tx) => {
            await bound(tx);
            return work(tx, () => bound(tx));
          }),
        tooLong,
      ),
  };
}
