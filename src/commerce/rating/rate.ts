import { StackmeterError, type SubscriptionId } from '../../kernel/index.ts';
import { SYSTEM } from '../../audit/index.ts';
import type { Clock, Tx } from '../../platform/index.ts';
import { ensureBillingAccounts, salesOf, type AccountId, type Sale } from '../accounts/index.ts';
import { writeAmounts } from './amount-store.ts';
import { readBillingContext, type BillingContext, type ItemCache } from './billing-context.ts';
import { addParts, gatherParts, usedDays, type UsedDay } from './part-store.ts';
import { followPriceChanges } from './follow-changes.ts';
import { DifferenceSums, pricedAnew } from './pricing-pass.ts';
import { noteProblem } from './problem-store.ts';
import { noteRated, waitingWindows, type WaitingWindows } from './progress-store.ts';
import type { RatingRoom } from './rerate.ts';
import { holdPeriods, postDifferences, startRun } from './run-store.ts';
import { holdBilling } from '../pricing/index.ts';
import { cutSpans, mergeRanges, type HourRange, type Span, type Timeline } from './spans.ts';
import {
  draftTimeline,
  enterPlans,
  ensurePeriodsOf,
  finishTimeline,
  hourRange,
  hull,
  readPeriods,
} from './timelines.ts';
import { rateUnpriced } from './unpriced.ts';

export interface RatingOptions {
  /** Rows in one transaction, but for a window that has more of them. */
  readonly rowsAtOnce?: number;
  /** Told after each transaction. */
  readonly onProgress?: (report: RatingReport) => void;
}

/** What was done. */
export interface RatingReport {
  readonly windows: number;
  readonly rows: number;
  /** Transactions that changed something, the internal reratings among them. */
  readonly runs: number;
}

const ROWS_AT_ONCE = 300_000;

/**
 * Rates anew what follows changes of prices, then accepted windows until none is left, some at once in a transaction that also notes how far it came: whenever it
 * is interrupted, each row counts once. Then what had no price is tried again.
 */
export async function rateAcceptedUsage(
  room: RatingRoom,
  { rowsAtOnce = ROWS_AT_ONCE, onProgress }: RatingOptions = {},
): Promise<RatingReport> {
  const cache: ItemCache = new Map();
  const changing = { clock: room.clock, actor: SYSTEM };
  const followed = await followPriceChanges(room, changing, { cache });
  let report: RatingReport = { windows: 0, rows: 0, runs: followed.length };
  for (;;) {
    // One that committed and did not hear of it does the next instead: progress is in it.
    const done = await room.database.transaction((tx) => rateSome(tx, room, cache, rowsAtOnce), {
      retry: true,
    });
    if (done === undefined) break;
    report = {
      windows: report.windows + done.windows,
      rows: report.rows + done.rows,
      runs: report.runs + (done.run === undefined ? 0 : 1),
    };
    onProgress?.(report);
  }
  const remedied = await rateUnpriced(room, cache, changing);
  return { ...report, runs: report.runs + remedied.length };
}

interface Rated {
  readonly windows: number;
  readonly rows: number;
  readonly run: bigint | undefined;
}

async function rateSome(
  tx: Tx,
  { clock }: RatingRoom,
  cache: ItemCache,
  rowsAtOnce: number,
): Promise<Rated | undefined> {
  await holdBilling(tx);
  const waiting = await waitingWindows(tx, rowsAtOnce);
  if (waiting.windows === 0) return undefined;
  const { windows, rows } = waiting;
  const run = rows === 0 ? undefined : await rateWindows(tx, waiting, cache, clock);
  await noteRated(tx, waiting.ranges);
  return { windows, rows, run };
}

/** @returns the run; undefined when nobody buys what was used */
async function rateWindows(
  tx: Tx,
  { ranges: windows }: WaitingWindows,
  cache: ItemCache,
  clock: Clock,
): Promise<bigint | undefined> {
  await ensureBillingAccounts(tx, clock);
  const context = await readBillingContext(tx, cache);
  const used = rangesByCustomer(await usedDays(tx, windows));
  const { timelines, spans } = await planSpans(tx, context, used, clock);
  if (spans.length === 0) return undefined;
  const periods = [...new Set(spans.flatMap(({ targets }) => targets.map((one) => one.period)))];
  await holdPeriods(tx, periods);
  await gatherParts(tx, { windows, spans });
  const meterKeys = await addParts(tx);
  const sums = new DifferenceSums();
  const request = { source: 'charge', periods, timelines, meterKeys } as const;
  for await (const changes of pricedAnew(tx, context, request)) {
    sums.add(changes);
    await writeAmounts(
      tx,
      changes.map(({ charge: { charge }, after, problem }) => ({ charge, amount: after, problem })),
    );
  }
  const run = await startRun(tx, 'incremental', 'usage was accepted', clock);
  await postDifferences(tx, context.tree, { kind: 'usage', run, clock }, sums.all());
  return run;
}

/** Days that follow each other are one range, from the first hour used to the last. */
function rangesByCustomer(days: readonly UsedDay[]): Map<SubscriptionId, HourRange[]> {
  const ranges = new Map<SubscriptionId, HourRange[]>();
  let last: UsedDay | undefined;
  for (const day of days) {
    const { customer, firstHour, lastHour } = day;
    const own = ranges.get(customer) ?? [];
    const open = own.at(-1);
    const goesOn = last?.customer === customer && day.day === last.day + 1;
    if (goesOn && open !== undefined) own[own.length - 1] = hourRange(open.fromHour, lastHour + 1);
    else own.push(hourRange(firstHour, lastHour + 1));
    ranges.set(customer, own);
    last = day;
  }
  return ranges;
}

interface Planned {
  readonly timelines: readonly Timeline[];
  readonly spans: readonly Span[];
}

/** Finds out for each hour that was used, and each sale of it, the period and the plan; new ones are entered. */
async function planSpans(
  tx: Tx,
  context: BillingContext,
  used: ReadonlyMap<SubscriptionId, readonly HourRange[]>,
  clock: Clock,
): Promise<Planned> {
  const salesOfCustomer = new Map<SubscriptionId, readonly Sale[]>();
  const wanted = new Map<AccountId, { readonly sale: Sale; readonly ranges: HourRange[] }>();
  for (const [customer, ranges] of used) {
    const sales = salesOf(context.tree, customer);
    salesOfCustomer.set(customer, sales);
    for (const sale of sales) {
      const { accountId } = sale.buyer;
      const known = wanted.get(accountId) ?? { sale, ranges: [] };
      known.ranges.push(...ranges);
      wanted.set(accountId, known);
    }
  }
  if (wanted.size === 0) return { timelines: [], spans: [] };
  const all = hull([...wanted.values()].flatMap(({ ranges }) => ranges));
  const present = await readPeriods(tx, [...wanted.keys()], all);
  const drafts = [];
  // In one order, since a period that is made holds the row of its account.
  for (const [accountId, { sale, ranges }] of [...wanted].toSorted(([a], [b]) =>
    a < b ? -1 : 1,
  )) {
    const near = present.get(accountId) ?? [];
    try {
      const periods = await ensurePeriodsOf(tx, sale.buyer, near, mergeRanges(ranges));
      drafts.push(await draftTimeline(context, sale, periods));
    } catch (error) {
      // Of this sale nothing is charged until somebody has looked; all others are.
      if (!(error instanceof StackmeterError)) throw error;
      await noteProblem(tx, accountId, error, clock.now());
    }
  }
  const numbers = await enterPlans(
    tx,
    drafts.flatMap(({ stretches }) => stretches),
  );
  const timelines = new Map<AccountId, Timeline>();
  for (const draft of drafts) {
    timelines.set(draft.sale.buyer.accountId, await finishTimeline(context, draft, numbers));
  }
  const spans = [...used].flatMap(([customer, ranges]) => {
    const sales = salesOfCustomer.get(customer) ?? [];
    const own = sales.flatMap(({ buyer }) => timelines.get(buyer.accountId) ?? []);
    return cutSpans(customer, ranges, own);
  });
  return { timelines: [...timelines.values()], spans };
}
