import { StackmeterError, type Instant } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import type { AccountId, BillingPeriod } from '../accounts/index.ts';
import { enqueueWebhook } from '../webhooks/index.ts';

/** Why a period could not be invoiced, and when it is tried again. */
export interface BillingProblem {
  readonly accountId: AccountId;
  /** 0 for what concerns rating, -1 for a note, which may be about several periods. */
  readonly period: number;
  readonly periodName: string | undefined;
  /** Of the catalogue of errors. */
  readonly code: string;
  readonly message: string;
  readonly attempts: number;
  readonly since: Instant;
  readonly lastAttemptAt: Instant;
  readonly nextAttemptAt: Instant;
}

/**
 * Stands for a note about invoiced periods, where a problem names a period: one for the account, whichever
 * periods have changed. Not 0, which is rating's: rating waits by it and clears it.
 */
export const NOTE_PROBLEM = -1;

const FIRST_WAIT_MINUTES = 1;
const LONGEST_WAIT_MINUTES = 360;

/** Minutes until the next attempt: 1, 2, 4 and so on, six hours at most. */
export function waitAfter(attempts: number): number {
  return Math.min(FIRST_WAIT_MINUTES * 2 ** Math.min(attempts - 1, 20), LONGEST_WAIT_MINUTES);
}

/** What is told of an error; of an unexpected one no more than that it was. */
export function describeProblem(error: unknown): {
  readonly code: string;
  readonly message: string;
} {
  if (error instanceof StackmeterError) return { code: error.code, message: error.message };
  return {
    code: 'InternalServerError',
    message: 'The invoice failed unexpectedly; the log of the server says why.',
  };
}

/**
 * Parks a period: it is tried again later, and others are not held up. Told by a webhook once, when it is
 * parked, and not by each attempt.
 */
export async function parkProblem(
  tx: Queryable,
  { accountId, period, name }: Pick<BillingPeriod, 'accountId' | 'period' | 'name'>,
  lineage: readonly AccountId[],
  error: unknown,
  now: Instant,
): Promise<void> {
  const { code, message } = describeProblem(error);
  const { rows } = await tx.query<{ attempts: number }>(
    `insert into billing_problem (account_id, period, code, message, attempts, since, last_attempt_at, next_attempt_at)
     values ($1, $2, $3, $4, 1, $5, $5, $5)
     on conflict (account_id, period) do update
       set code = excluded.code, message = excluded.message, attempts = billing_problem.attempts + 1,
           last_attempt_at = excluded.last_attempt_at
     returning attempts`,
    [accountId, period, code, message, now.toString()],
  );
  const attempts = rows[0]?.attempts ?? 1;
  await tx.query(
    'update billing_problem set next_attempt_at = $3 where account_id = $1 and period = $2',
    [accountId, period, now.add({ minutes: waitAfter(attempts) }).toString()],
  );
  if (attempts > 1) return;
  await enqueueWebhook(tx, {
    type: 'account.parked',
    occurredAt: now,
    accountIds: lineage,
    data: { accountId, period: name, code, message },
  });
}

/** Notes that a period could be invoiced after all; nothing where it had not been parked. */
export async function clearProblem(
  tx: Queryable,
  { lineage }: { readonly lineage: readonly AccountId[] },
  { accountId, period, name }: Pick<BillingPeriod, 'accountId' | 'period' | 'name'>,
  now: Instant,
): Promise<void> {
  const { rowCount } = await tx.query(
    'delete from billing_problem where account_id = $1 and period = $2',
    [accountId, period],
  );
  if (rowCount === 0) return;
  await enqueueWebhook(tx, {
    type: 'account.resumed',
    occurredAt: now,
    accountIds: lineage,
    data: { accountId, period: name },
  });
}

/** Problems of these accounts, or of all; the oldest first. */
export async function listProblems(
  db: Queryable,
  accountIds?: readonly AccountId[],
): Promise<BillingProblem[]> {
  const { rows } = await db.query<{
    account_id: AccountId;
    period: number;
    name: string | null;
    code: string;
    message: string;
    attempts: number;
    since: Instant;
    last_attempt_at: Instant;
    next_attempt_at: Instant;
  }>(
    `select b.*, p.name from billing_problem b left join billing_period p using (period)
     where $1::uuid[] is null or b.account_id = any($1) order by b.since, b.account_id, b.period`,
    [accountIds ?? null],
  );
  return rows.map((row) => ({
    accountId: row.account_id,
    period: row.period,
    periodName: row.name ?? undefined,
    code: row.code,
    message: row.message,
    attempts: row.attempts,
    since: row.since,
    lastAttemptAt: row.last_attempt_at,
    nextAttemptAt: row.next_attempt_at,
  }));
}
