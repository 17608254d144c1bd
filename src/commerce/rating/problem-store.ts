import { StackmeterError, type Instant } from '../../kernel/index.ts';
import { isTransient, type Clock, type Database, type Queryable } from '../../platform/index.ts';
import type { AccountId } from '../accounts/index.ts';

/** Stands for what concerns rating, where a problem names a period. */
const RATING = 0;

/** The outcome of work for one account. */
export type Outcome<T> = { readonly done: T } | { readonly error: unknown };

/**
 * Does something for one account. What fails is noted as a problem of the account, so that others go on.
 *
 * @throws what passes by itself: the connection to the database was lost
 */
export async function orNote<T>(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  accountId: AccountId,
  work: () => Promise<T>,
): Promise<Outcome<T>> {
  try {
    return { done: await work() };
  } catch (error) {
    if (isTransient(error)) throw error;
    await noteProblem(database.pool, accountId, error, clock.now());
    return { error };
  }
}

/** Notes why an account could not be rated, and when it is tried again: after 1, 2, 4 and more minutes, six hours at most. */
export async function noteProblem(
  db: Queryable,
  accountId: AccountId,
  error: unknown,
  now: Instant,
): Promise<void> {
  const isKnown = error instanceof StackmeterError;
  const code = isKnown ? error.code : 'InternalServerError';
  const message = isKnown
    ? error.message
    : `Usage could not be rated: ${error instanceof Error ? error.message : String(error)}`;
  await db.query(
    `insert into billing_problem as b (account_id, period, code, message, attempts, since, last_attempt_at, next_attempt_at)
     values ($1, $2, $3, $4, 1, $5, $5, $5::timestamptz + interval '1 minute')
     on conflict (account_id, period) do update
       set code = excluded.code, message = excluded.message, attempts = b.attempts + 1,
           last_attempt_at = excluded.last_attempt_at,
           next_attempt_at = excluded.last_attempt_at
             + least(power(2, least(b.attempts, 20)), 360) * interval '1 minute'`,
    [accountId, RATING, code, message, now.toString()],
  );
}

/** Notes that an account could be rated. */
export async function clearProblem(db: Queryable, accountId: AccountId): Promise<void> {
  await db.query({
    name: 'rating-clear-problem',
    text: 'delete from billing_problem where account_id = $1 and period = $2',
    values: [accountId, RATING],
  });
}

/** Accounts that could not be rated and are not tried again yet. */
export async function accountsToWait(db: Queryable, now: Instant): Promise<ReadonlySet<string>> {
  const { rows } = await db.query<{ id: string }>(
    'select account_id as id from billing_problem where period = $1 and next_attempt_at > $2',
    [RATING, now.toString()],
  );
  return new Set(rows.map(({ id }) => id));
}
