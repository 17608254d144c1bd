import type { StackmeterError } from '../../kernel/index.ts';
import type { Principal } from '../../identity/index.ts';
import { invalidProperty, orTakesTooLong, type Database, type Tx } from '../../platform/index.ts';
import { printFilter } from './filter/print.ts';
import type { Reading } from './page.ts';

/**
 * Reads a set as the caller sees it.
 *
 * @throws AuthorizationFailed, InvalidProperty when it takes too long or a value is out of the range of its type
 */
export async function readSet<T>(
  database: Database,
  principal: Principal,
  question: Omit<Reading, 'subscriptions'>,
  work: (tx: Tx, reading: Reading) => Promise<T>,
): Promise<T> {
  const { set, options } = question;
  const refused = (rule: string): StackmeterError => {
    const filter = options.filter === undefined ? '' : printFilter(options.filter);
    return invalidProperty('$filter', filter.slice(0, 200), rule);
  };
  try {
    return await orTakesTooLong(
      () =>
        set.reading(database, principal, (tx, subscriptions) =>
          work(tx, { ...question, subscriptions }),
        ),
      () =>
        refused(
          `reading ${set.name} takes too long; ask for less at a time, by a filter on a time or without a count`,
        ),
    );
  } catch (error) {
    if (!isOutOfRange(error)) throw error;
    throw refused('a value in it, or what is computed of one, is out of range');
  }
}

/** Data exceptions: what is in the question, since the rows are there already. */
function isOutOfRange(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('22');
}
