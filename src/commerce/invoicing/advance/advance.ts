import {
  hourNumber,
  hourOf,
  hourStart,
  StackmeterError,
  type Instant,
  type SubscriptionId,
} from '../../../kernel/index.ts';
import { SYSTEM } from '../../../audit/index.ts';
import type { Changing } from '../../../identity/index.ts';
import { isTransient } from '../../../platform/index.ts';
import {
  customersBelow,
  ensurePeriods,
  findAccount,
  holdPeriod,
  readAccountTree,
  setPeriodState,
  type AccountTree,
  type BillingPeriod,
} from '../../accounts/index.ts';
import { isPriceChangeQueued } from '../../pricing/index.ts';
import { enqueueWebhook } from '../../webhooks/index.ts';
import { clearProblem, parkProblem } from '../problems.ts';
import { issueInvoice, issueNote } from '../issue/issue.ts';
import type { PriceMemory } from '../issue/price-items.ts';
import type { BillingRun } from '../issue/room.ts';
import { readSale } from '../issue/sale.ts';
import {
  readAccountsWithoutNext,
  readApartNotes,
  readDueNotes,
  readDuePeriods,
  readStaleProblems,
  readTermAccounts,
  type DuePeriod,
} from './due-store.ts';
import { whyIncomplete, type Incomplete, type Reaches } from './readiness.ts';

/** What a run did. */
export interface BillingReport {
  readonly inReview: number;
  readonly issued: number;
  readonly notes: number;
  readonly parked: number;
}

/** A stamp that is behind and was not heard of for so many hours is not waited for: what comes later is corrected. */
const PATIENCE_HOURS = 72;
/** Nor is one that goes on being behind, so long after the time of the period and after it began to report. */
const LONGEST_WAIT_HOURS = 31 * 24;

interface Run extends BillingRun {
  readonly changing: Changing;
  readonly tree: AccountTree;
  readonly reaches: Reaches;
  readonly memory: PriceMemory;
}

type Step = keyof BillingReport | undefined;

/**
 * Moves billing on: periods whose usage is complete go into review, those that were in review long enough are
 * invoiced, late usage goes on notes where that was agreed. Each account in transactions of its own: one that
 * fails is parked, and the others go on. Two runs at the same time issue nothing twice.
 */
export async function advanceBilling(room: BillingRun): Promise<BillingReport> {
  const { database, clock } = room;
  const done = { inReview: 0, issued: 0, notes: 0, parked: 0 };
  if (!(await hasProvider(room))) return done;
  const run: Run = {
    ...room,
    changing: { clock, actor: SYSTEM },
    tree: await readAccountTree(database.pool),
    reaches: new Map(),
    memory: new Map(),
  };
  await ensureTermPeriods(run);
  await ensureNextPeriods(run);
  const now = clock.now();
  for (const due of await readDuePeriods(database.pool, now, hourOf(now))) {
    const step = await orPark(run, due, () => advancePeriod(run, due));
    if (step !== undefined) done[step] += 1;
    if (step === 'issued') await issueApart(run, due, done);
  }
  await issueApart(run, { now }, done);
  for (const due of await readDueNotes(database.pool, now, hourOf(now))) {
    const step = await orPark(run, due, async () => {
      if (await isUnsettled(run, due)) return undefined;
      // What is outside the scope of the tax and what is not go on a note each.
      const note = await issueNote(room, due.accountId, run.changing, run);
      if (note !== undefined && (await issueNote(room, due.accountId, run.changing, run))) {
        done.notes += 1;
      }
      await database.transaction(async (tx) =>
        clearProblem(tx, await readSale(tx, due.accountId), due, clock.now()),
      );
      return note === undefined ? undefined : 'notes';
    });
    if (step !== undefined) done[step] += 1;
  }
  for (const stale of await readStaleProblems(database.pool)) {
    await database.transaction(async (tx) =>
      clearProblem(tx, await readSale(tx, stale.accountId), stale, clock.now()),
    );
  }
  return done;
}

async function hasProvider({ database }: BillingRun): Promise<boolean> {
  const { rowCount } = await database.pool.query(
    `select from billing_account where kind = 'provider'`,
  );
  return rowCount === 1;
}

/** Fees and commitments are owed in periods without any usage too, for which rating makes none. */
async function ensureTermPeriods({ database, clock, log }: Run): Promise<void> {
  const until = hourNumber(hourOf(clock.now()) + 1);
  for (const { accountId, fromHour, toHour } of await readTermAccounts(database.pool, until)) {
    try {
      await database.transaction(async (tx) => {
        const account = await findAccount(tx, accountId);
        if (account !== undefined) await ensurePeriods(tx, account, fromHour, toHour);
      });
    } catch (error) {
      log.error({ err: error, accountId }, 'billing periods could not be made');
    }
  }
}

/** What has changed after the last period of an account goes on the invoice of the present one. */
async function ensureNextPeriods({ database, clock, log }: Run): Promise<void> {
  const hour = hourOf(clock.now());
  for (const accountId of await readAccountsWithoutNext(database.pool)) {
    try {
      await database.transaction(async (tx) => {
        const account = await findAccount(tx, accountId);
        if (account !== undefined) await ensurePeriods(tx, account, hour, hourNumber(hour + 1));
      });
    } catch (error) {
      log.error({ err: error, accountId }, 'a billing period for corrections could not be made');
    }
  }
}

/** What invoices leave out, since it cannot stand on one document with them, goes on notes. */
async function issueApart(
  run: Run,
  of: Parameters<typeof readApartNotes>[1],
  done: Record<keyof BillingReport, number>,
): Promise<void> {
  for (const due of await readApartNotes(run.database.pool, of)) {
    const step = await orPark(run, due, async () => {
      if (await isUnsettled(run, due)) return undefined;
      const options = { memory: run.memory, apart: true };
      const note = await issueNote(run, due.accountId, run.changing, options);
      return note === undefined ? undefined : 'notes';
    });
    if (step !== undefined) done[step] += 1;
  }
}

/** An error that passes by itself is the next run's matter; everything else parks the period. Others go on in any case. */
async function orPark(
  { database, clock, log }: Run,
  due: Pick<BillingPeriod, 'accountId' | 'period' | 'name'>,
  work: () => Promise<Step>,
): Promise<Step> {
  try {
    return await work();
  } catch (error) {
    if (isTransient(error)) {
      log.warn(
        { err: error, accountId: due.accountId, period: due.name },
        'a period is left for now',
      );
      return undefined;
    }
    // Somebody else has invoiced it meanwhile.
    if (error instanceof StackmeterError && error.code === 'PeriodNotDue') return undefined;
    const { accountId, name } = due;
    log.warn({ err: error, accountId, period: name }, 'a period could not be invoiced');
    await database.transaction(async (tx) => {
      const { lineage } = await readSale(tx, accountId);
      await parkProblem(tx, due, lineage, error, clock.now());
    });
    return 'parked';
  }
}

/** Whether amounts may still change, because rating does not follow a change of prices yet. */
async function isUnsettled(
  { database, tree }: Run,
  { accountId }: Pick<DuePeriod, 'accountId'>,
): Promise<boolean> {
  const above = tree.ancestors(accountId).map((one) => one.accountId);
  return isPriceChangeQueued(database.pool, accountId, above);
}

async function advancePeriod(run: Run, due: DuePeriod): Promise<Step> {
  const { clock } = run;
  const now = clock.now();
  if (await isUnsettled(run, due)) return undefined;
  let { state, reviewStartedAt } = due;
  let step: Step;
  if (state === 'Open') {
    const waited = hourOf(now) - due.toHour - due.waitHours;
    if (waited < 0) return undefined;
    const missing = await whyIncomplete(run.database.pool, customersOf(run, due), due, run.reaches);
    if (isWaitedFor(missing, waited, now)) return undefined;
    if (!(await beginReview(run, due, missing))) return undefined;
    state = 'InReview';
    reviewStartedAt = now;
    step = 'inReview';
  }
  const reviewedUntil = reviewStartedAt?.add({ hours: 24 * due.reviewDays });
  const isReviewed =
    reviewedUntil !== undefined && Temporal.Instant.compare(reviewedUntil, now) <= 0;
  if (state !== 'InReview' || !isReviewed) return step;
  await issueInvoice(run, due, run.changing, run);
  return 'issued';
}

/** @param waited hours since the usage of the period should have been complete */
function isWaitedFor(missing: Incomplete, waited: number, now: Instant): boolean {
  if (missing === undefined) return false;
  const silent = hourOf(now) - hourOf(missing.lastHeard);
  const reporting = hourOf(now) - hourOf(missing.since);
  return (
    Math.min(waited, silent) < PATIENCE_HOURS && Math.min(waited, reporting) < LONGEST_WAIT_HOURS
  );
}

function customersOf({ tree }: Run, { accountId }: DuePeriod): readonly SubscriptionId[] {
  return customersBelow(tree, accountId);
}

/** @returns false when somebody else has moved it meanwhile */
async function beginReview(run: Run, due: DuePeriod, missing: Incomplete): Promise<boolean> {
  const { database, clock, log } = run;
  const { accountId, name } = due;
  if (missing !== undefined) {
    log.warn(
      { accountId, period: name, ...missing },
      'a period is invoiced although usage is missing',
    );
  }
  return database.transaction(async (tx) => {
    const period = await holdPeriod(tx, due.period);
    if (period?.state !== 'Open') return false;
    const now = clock.now();
    await setPeriodState(tx, { ...period, state: 'InReview', reviewStartedAt: now });
    const { lineage } = await readSale(tx, accountId);
    await enqueueWebhook(tx, {
      type: 'period.in-review',
      occurredAt: now,
      accountIds: lineage,
      data: {
        accountId,
        period: name,
        from: hourStart(period.fromHour).toString(),
        to: hourStart(period.toHour).toString(),
        complete: missing === undefined,
        ...(missing !== undefined && {
          waitedFor: { registrationId: missing.registrationId, waitsFor: missing.waitsFor },
        }),
      },
    });
    return true;
  });
}
