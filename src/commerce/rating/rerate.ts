import { fail, hourStart, type Decimal, type HourNumber } from '../../kernel/index.ts';
import { appendAudit } from '../../audit/index.ts';
import type { Changing } from '../../identity/index.ts';
import {
  decimalOf,
  type Clock,
  type Database,
  type Queryable,
  type Tx,
} from '../../platform/index.ts';
import type { AccountId } from '../accounts/index.ts';
import { readBillingContext, type ItemCache } from './billing-context.ts';
import { amountsOfPeriods, hasDifferences, replaceKept } from './compare-store.ts';
import { clearProblem, orNote } from './problem-store.ts';
import { recompute } from './recompute.ts';
import { holdPeriods, postDifferences, startRun } from './run-store.ts';
import { holdBilling } from '../pricing/index.ts';
import type { HourRange } from './spans.ts';
import { enterPlans, readPeriods } from './timelines.ts';

/** What rating anew needs. */
export interface RatingRoom {
  readonly database: Database;
  readonly clock: Clock;
}

/** What is rated anew. */
export interface Rerating {
  /** Of this buyer; of all buyers unless given. */
  readonly accountId?: AccountId | undefined;
  /** Usage hours; every period that has one of them is rated anew as a whole. */
  readonly from: HourNumber;
  /** Exclusive. */
  readonly to: HourNumber;
  /** Kept with the run. */
  readonly reason: string;
}

/** What a period of an account came to before, and comes to now; exact, in the currency of the account. */
export interface PeriodChange {
  readonly accountId: AccountId;
  readonly period: number;
  readonly before: Decimal;
  readonly after: Decimal;
  readonly difference: Decimal;
}

/** A run that changed something. */
export interface ReratingReport {
  readonly run: bigint;
  readonly changes: readonly PeriodChange[];
}

/** Told after each account. */
export type ReratingProgress = (done: number, all: number) => void;

/**
 * Rates usage anew at the prices that are in force for it now: each buyer in a transaction of its own, from the rows of
 * the windows that have been rated. What is replaced is kept under the number of the run, and the difference is posted.
 * Where everything is as it was nothing is written, and there is no run. Of several buyers one that fails is noted as a
 * problem, and the others go on.
 *
 * @throws RatingRangeInvalid, and why the one buyer that was asked for could not be rated
 */
export async function rerate(
  room: RatingRoom,
  { accountId, from, to, reason }: Rerating,
  changing: Changing,
  onProgress?: ReratingProgress,
): Promise<ReratingReport[]> {
  if (from >= to) throw fail('RatingRangeInvalid', { reason: 'it ends before it begins' });
  const range = { fromHour: from, toHour: to };
  const buyers = accountId === undefined ? await buyersIn(room.database.pool, range) : [accountId];
  const cache: ItemCache = new Map();
  const reports: ReratingReport[] = [];
  for (const [at, buyer] of buyers.entries()) {
    const request = { accountId: buyer, range, reason };
    const outcome = await orNote(room, buyer, () => rerateBuyer(room, cache, request, changing));
    if ('error' in outcome) {
      if (accountId !== undefined) throw outcome.error;
    } else if (outcome.done !== undefined) {
      reports.push(outcome.done);
    }
    onProgress?.(at + 1, buyers.length);
  }
  return reports;
}

/** Those that have charges in periods of these hours. */
async function buyersIn(db: Queryable, { fromHour, toHour }: HourRange): Promise<AccountId[]> {
  const { rows } = await db.query<{ id: AccountId }>(
    `select distinct account_id as id from billing_period p
     where from_hour < $2 and to_hour > $1 and exists (select from charge c where c.period = p.period)
     order by account_id`,
    [fromHour, toHour],
  );
  return rows.map(({ id }) => id);
}

/** What of one buyer is rated anew. */
interface BuyerRerating {
  readonly accountId: AccountId;
  readonly range: HourRange;
  readonly reason: string;
}

/** @returns undefined when nothing changed */
export async function rerateBuyer(
  { database, clock }: RatingRoom,
  cache: ItemCache,
  { accountId, range, reason }: BuyerRerating,
  { actor }: Changing,
): Promise<ReratingReport | undefined> {
  const work = async (tx: Tx): Promise<ReratingReport | undefined> => {
    await holdBilling(tx);
    await clearProblem(tx, accountId);
    const context = await readBillingContext(tx, cache);
    const periods = (await readPeriods(tx, [accountId], range)).get(accountId) ?? [];
    await holdPeriods(
      tx,
      periods.map(({ period }) => period),
    );
    if (periods.length === 0) return undefined;
    const request = { accountId, periods, numberPlans: enterPlans };
    const sums = await recompute(tx, context, request);
    if (sums === undefined || !(await hasDifferences(tx))) return undefined;
    const run = await startRun(tx, 'rerating', reason, clock);
    const changes = (await amountsOfPeriods(tx)).map((one) => changeOf(accountId, one));
    await replaceKept(tx, run);
    await postDifferences(tx, context.tree, { kind: 'rerating', run, clock }, sums.all());
    await appendAudit(tx, clock, {
      actor,
      action: 'Stackmeter.Billing/charges/write',
      target: `/billingAccounts/${accountId}/charges`,
      detail: {
        run: run.toString(),
        reason,
        from: hourStart(range.fromHour).toString(),
        to: hourStart(range.toHour).toString(),
      },
    });
    return { run, changes };
  };
  // Rating the same anew twice comes to the same.
  return database.transaction(work, { retry: true });
}

function changeOf(
  accountId: AccountId,
  one: { readonly period: number; readonly before: string; readonly after: string },
): PeriodChange {
  const before = decimalOf(one.before);
  const after = decimalOf(one.after);
  return { accountId, period: one.period, before, after, difference: after.subtract(before) };
}
