import {
  hourNumber,
  hourOf,
  hourStart,
  StackmeterError,
  type Instant,
} from '../../kernel/index.ts';
import { isTransient } from '../../platform/index.ts';
import { readAccountTree, type AccountTree, type BillingAccount } from '../accounts/index.ts';
import type { BudgetFigures, BudgetSpan } from './budget.ts';
import { readFigures } from './costs.ts';
import { keyOfAlert } from './fields.ts';
import { fireAlert } from './fire.ts';
import { firedKeys } from './firing-store.ts';
import type { BudgetRun } from './room.ts';
import { spanAt } from './spans.ts';
import {
  dueBudgets,
  lastRating,
  noteEvaluation,
  type LastRating,
  type StoredBudget,
} from './store.ts';
import { reachedAlerts } from './thresholds.ts';

/** What a run over the budgets came to. */
export interface WatchReport {
  readonly evaluated: number;
  /** Alerts that went out. */
  readonly fired: number;
  /** Budgets that could not be looked at; their problem is kept with them. */
  readonly failed: number;
}

const AT_ONCE = 50;
/** Other work waits meanwhile; what is left over comes first in the next minute. */
const MOST_MS = 40_000;
/** So often a budget is looked at although nothing was rated: time alone changes a forecast. */
const AT_LEAST_EVERY_MINUTES = 60;
const FAILED_AGAIN_MINUTES = 5;
/** Days after the end of a stretch in which late usage can still tell an alert, at least. */
const LEAST_LATE_DAYS = 3;
const HOURS_PER_DAY = 24;

/**
 * Looks at every budget that may have changed and tells each alert whose threshold is reached, once. To be
 * called after rating. Any number of processes may do so at once.
 */
export async function watchBudgets(room: BudgetRun): Promise<WatchReport> {
  const { database, clock, log } = room;
  const rating = await lastRating(database.pool);
  const begun = clock.monotonicMs();
  const since = clock.now().subtract({ minutes: AT_LEAST_EVERY_MINUTES });
  const failedSince = clock.now().subtract({ minutes: FAILED_AGAIN_MINUTES });
  const report = { evaluated: 0, fired: 0, failed: 0 };
  const seen = new Set<string>();
  for (;;) {
    const hour = hourOf(clock.now());
    const wanted = { run: rating.run, hour, since, failedSince, limit: AT_ONCE };
    const due = await dueBudgets(database.pool, wanted);
    // What was changed while it was looked at is due still; the next run has it.
    const fresh = due.filter(({ budget }) => !seen.has(budget.budgetId));
    if (fresh.length === 0) return finish(room, report);
    const tree = await readAccountTree(database.pool);
    for (const stored of fresh) {
      if (clock.monotonicMs() - begun > MOST_MS) {
        log.warn({ ...report }, 'budgets are left over for the next minute');
        return finish(room, report);
      }
      seen.add(stored.budget.budgetId);
      const fired = await watchBudget(room, tree, stored, rating);
      report.evaluated += 1;
      if (fired === undefined) report.failed += 1;
      else report.fired += fired;
    }
  }
}

function finish({ wake }: BudgetRun, report: WatchReport): WatchReport {
  if (report.fired > 0) wake?.();
  return report;
}

/** @returns how many alerts went out; undefined when the budget could not be looked at */
async function watchBudget(
  room: BudgetRun,
  tree: AccountTree,
  { budget }: StoredBudget,
  rating: LastRating,
): Promise<number | undefined> {
  const { database, clock, log } = room;
  const at = clock.now();
  const account = tree.get(budget.accountId);
  if (account === undefined) return 0;
  const span = await spanAt(database.pool, budget, account, hourOf(at));
  // Where costs could not be summed up to here the budget stays due, until they were.
  const run = rating.isSummed ? rating.run : undefined;
  const note = (figures: BudgetFigures | undefined, problem?: string): Promise<void> =>
    noteEvaluation(database.pool, budget, { run, at, span, figures, problem });
  try {
    let fired = await lateAlerts(room, { tree, budget, account, span, now: at });
    const figures = await readFigures(room, budget, account, span, tree);
    fired += await tellReached(room, { tree, budget, account, span, figures, now: at });
    await note(figures);
    return fired;
  } catch (error) {
    if (isTransient(error)) throw error;
    const said = { err: error, accountId: account.accountId, budget: budget.name };
    log[error instanceof StackmeterError ? 'warn' : 'error'](said, 'a budget cannot be looked at');
    await note(undefined, problemOf(error));
    return undefined;
  }
}

/** What is not for everybody's eyes is in the log. */
function problemOf(error: unknown): string {
  return error instanceof StackmeterError ? error.message : 'its costs could not be read';
}

interface Watched {
  readonly tree: AccountTree;
  readonly budget: StoredBudget['budget'];
  readonly account: BillingAccount;
  readonly span: BudgetSpan;
  readonly now: Instant;
}

/** Alerts of the stretch before that were there then: usage that comes in late can still reach them. */
async function lateAlerts(room: BudgetRun, watched: Watched): Promise<number> {
  const { tree, budget, account, span, now } = watched;
  const lateHours = Math.max(
    LEAST_LATE_DAYS * HOURS_PER_DAY,
    account.waitHours + account.reviewDays * HOURS_PER_DAY,
  );
  const isSettled = hourOf(now) >= span.fromHour + lateHours;
  const end = hourStart(span.fromHour);
  const alerts = budget.alerts.filter(
    ({ of, since }) => of === 'actual' && Temporal.Instant.compare(since, end) < 0,
  );
  if (isSettled || alerts.length === 0) return 0;
  const { pool } = room.database;
  const before = await spanAt(pool, budget, account, hourNumber(span.fromHour - 1));
  const figures = await readFigures(room, budget, account, before, tree);
  return tellReached(room, { ...watched, budget: { ...budget, alerts }, span: before, figures });
}

async function tellReached(
  { database }: BudgetRun,
  watched: Watched & { readonly figures: BudgetFigures },
): Promise<number> {
  const { budget, span, figures } = watched;
  const reached = reachedAlerts(budget.alerts, budget.amount, figures);
  if (reached.length === 0) return 0;
  const fired = await firedKeys(database.pool, budget, span.fromHour);
  let told = 0;
  for (const alert of reached) {
    if (fired.has(keyOfAlert(alert))) continue;
    const isTold = await database.transaction((tx) => fireAlert(tx, { ...watched, alert }));
    if (isTold) told += 1;
  }
  return told;
}
