import {
  fail,
  formatWireTime,
  hourNumber,
  hourStart,
  StackmeterError,
  type MeterKey,
} from '../../kernel/index.ts';
import type { Clock, Database } from '../../platform/index.ts';
import { cellsOf, type CommerceSums } from './cells.ts';
import { compareCell, type ReceivedTotal } from './compare.ts';
import { HOURS_PER_DAY, planDay, type DayPlan } from './day-plan.ts';
import { acceptedWithin, type HourSpan, type ReportingFacts } from './hour-class.ts';
import { sumLines, type Line, type LineSums } from './lines.ts';
import type { BilledTotals, BridgeState, ReceivedTotals } from './received-totals.ts';
import type { ReconciliationRequest } from './request.ts';
import {
  holdRows,
  readCountedMeters,
  readDaySizes,
  readHours,
  readReceipted,
  sumDays,
  type CountedMeter,
  type DaySize,
  type StampSum,
} from './store.ts';
import { sumSummary, type CommerceState, type Summary, type SummarySums } from './summary.ts';

export interface ReconciliationTools {
  readonly database: Database;
  readonly clock: Clock;
  /** undefined: the stamp is not activated */
  readonly received: ReceivedTotals | undefined;
}

export interface ReconciliationLimits {
  /** lines that the answer may have */
  readonly lines?: number;
  /** how long it may take */
  readonly milliseconds?: number;
}

/** Who is told while it goes on. */
export interface ReconciliationReader {
  /** Lines in order, piece by piece. With days among the dimensions they come as the days pass, else at the end. */
  lines(lines: readonly Line[], meters: Meters): Promise<void> | void;
  /** @param share of the days that is done, from 0 to 1; @param day the last one */
  progress?(share: number, day: number): void;
}

/** Meters by their key. */
export type Meters = ReadonlyMap<MeterKey, CountedMeter>;

/** Days are taken together as long as they hold no more rows. */
const CHUNK_ROWS = 500_000n;
const CHUNK_DAYS = 31;
const GOES_ON = { endReason: undefined, endedAt: undefined } as const;
const QUERY_CANCELLED = '57014';

interface Run {
  readonly tools: ReconciliationTools;
  readonly request: ReconciliationRequest;
  readonly facts: ReportingFacts;
  readonly meters: Meters;
  readonly lines: LineSums;
  readonly summary: SummarySums;
  readonly timeLeft: () => number | undefined;
  /** undefined: commerce does not say what it bills */
  readonly billing: BilledTotals | undefined;
  commerce: CommerceState;
}

/**
 * Puts what the stamp counted and what commerce received beside each other, for reported hours from..to, and names the
 * cause of each difference. Memory is bounded by a chunk of days and by the lines asked for, whatever the range.
 *
 * What moves meanwhile does no harm: what decides about hours is read once, receipts before commerce is asked, and
 * commerce is asked for those windows only that it had accepted then, which never change again.
 *
 * When commerce does not answer, the stamp's side is told all the same, and the verdict is `unknown`.
 *
 * @throws InvalidProperty beyond the limits
 */
export async function reconcile(
  tools: ReconciliationTools,
  request: ReconciliationRequest,
  reader: ReconciliationReader,
  limits: ReconciliationLimits = {},
): Promise<Summary> {
  const { pool } = tools.database;
  const counted = await readCountedMeters(pool);
  const { facts, commerce, bridge, billing } = await readFacts(tools, request);
  const until = limits.milliseconds && tools.clock.monotonicMs() + limits.milliseconds;
  const run: Run = {
    tools,
    request,
    facts,
    commerce,
    meters: new Map(counted.map((meter) => [meter.meterKey, meter])),
    lines: sumLines(request.by, limits.lines === undefined ? {} : { most: limits.lines }),
    summary: sumSummary(),
    timeLeft: () => timeLeft(until, tools.clock, request),
    billing,
  };
  const days = await daysOf(run);
  let done = 0;
  for (const chunk of chunksOf(days)) {
    await readChunk(run, chunk, request);
    done += chunk.length;
    if (request.by.includes('day')) await reader.lines(takeLines(run), run.meters);
    reader.progress?.(done / days.length, chunk.at(-1)!.day);
  }
  if (!request.by.includes('day')) await reader.lines(takeLines(run), run.meters);
  const refusal = bridge?.stuck && bridge.error && { ...bridge.error, cause: bridge.stuck };
  return run.summary.end(run.commerce, refusal, billing?.ratedUpTo);
}

function timeLeft(until: number | undefined, clock: Clock, { from }: HourSpan): number | undefined {
  if (until === undefined) return undefined;
  const left = until - clock.monotonicMs();
  if (left >= 1) return left;
  throw tooLong(from);
}

function tooLong(from: number): StackmeterError {
  return fail('InvalidProperty', {
    parameter: 'from',
    value: formatWireTime(hourStart(hourNumber(from))),
    rule: 'comparing from then on takes too long; ask for fewer days, or on the command line',
  });
}

async function readFacts(
  { database, received }: ReconciliationTools,
  request: HourSpan,
): Promise<{
  facts: ReportingFacts;
  commerce: CommerceState;
  bridge: BridgeState | undefined;
  billing: BilledTotals | undefined;
}> {
  const { pool } = database;
  // Before commerce is asked: all that has a receipt by now is among what it says that it has accepted.
  const receipted = await readReceipted(pool, received?.registrationId, request);
  const base = {
    receipted: receipted.own,
    earlier: receipted.earlier,
    offSince: received?.offSince,
  };
  if (received === undefined) {
    const facts = { ...base, periods: [], stuck: undefined, isRemoved: false };
    const commerce = { state: 'not activated' } as const;
    return { facts, commerce, bridge: undefined, billing: undefined };
  }
  const bridge = await received.bridge();
  const stuck = bridge?.stuck && { from: bridge.nextWindow, as: bridge.stuck };
  try {
    const { periods, registrationId, status, billingModel } = await received.progress();
    const commerce = { state: 'answered', registrationId, status, billingModel } as const;
    const isRemoved = status === 'Removed';
    const billing = await received.billing();
    return { facts: { ...base, periods, stuck, isRemoved }, commerce, bridge, billing };
  } catch (error) {
    const commerce = noAnswer(received, error);
    // What the bridge noted itself stands in: enough to name causes, not to compare.
    const begun = bridge && { fromWindow: bridge.firstWindow, nextWindow: bridge.nextWindow };
    const periods = begun === undefined ? [] : [{ ...begun, ...GOES_ON }];
    const facts = { ...base, periods, stuck, isRemoved: false };
    return { facts, commerce, bridge, billing: undefined };
  }
}

function noAnswer({ registrationId }: ReceivedTotals, error: unknown): CommerceState {
  if (!(error instanceof StackmeterError)) throw error;
  return { state: 'no answer', registrationId, error };
}

/** Days on which either side can have anything, in order. */
async function daysOf({ tools, request, facts }: Run): Promise<DaySize[]> {
  const sizes = await readDaySizes(tools.database.pool, request);
  const known = new Set(sizes.map(({ day }) => day));
  const more: DaySize[] = [];
  for (const { from, to } of acceptedWithin(facts.periods, request)) {
    for (let day = Math.floor(from / HOURS_PER_DAY); day * HOURS_PER_DAY < to; day += 1) {
      if (known.has(day)) continue;
      known.add(day);
      more.push({ day, windows: 0, rows: 0n });
    }
  }
  return [...sizes, ...more].toSorted((one, other) => one.day - other.day);
}

/** Days that follow each other closely and are not too much at once. */
function* chunksOf(days: readonly DaySize[]): Generator<readonly DaySize[]> {
  let chunk: DaySize[] = [];
  let rows = 0n;
  for (const day of days) {
    const first = chunk.at(0);
    const isFull = rows + day.rows > CHUNK_ROWS || (first && day.day - first.day >= CHUNK_DAYS);
    if (first !== undefined && isFull === true) {
      yield chunk;
      [chunk, rows] = [[], 0n];
    }
    chunk.push(day);
    rows += day.rows;
  }
  if (chunk.length > 0) yield chunk;
}

async function readChunk(
  run: Run,
  chunk: readonly DaySize[],
  request: ReconciliationRequest,
): Promise<void> {
  const span = {
    from: Math.max(request.from, chunk[0]!.day * HOURS_PER_DAY),
    to: Math.min(request.to, (chunk.at(-1)!.day + 1) * HOURS_PER_DAY),
  };
  const { plans, sums } = await readStamp(run, span);
  const received = await readReceived(run, span);
  for (const plan of plans) {
    run.summary.addDay(plan);
    run.lines.touchDay(plan.day);
  }
  for (const cell of cellsOf(plans, sums, received)) {
    const comparison = compareCell(cell);
    run.summary.add(comparison);
    run.lines.add(comparison);
  }
}

/** The stamp's side, as of one moment. */
async function readStamp(
  { tools, request, facts, timeLeft: left }: Run,
  span: HourSpan,
): Promise<{ plans: DayPlan[]; sums: StampSum[] }> {
  try {
    return await tools.database.transaction(
      async (tx) => {
        await holdRows(tx, left());
        const hours = await readHours(tx, span);
        const byDay = Map.groupBy(hours, ({ hour }) => Math.floor(hour / HOURS_PER_DAY));
        const plans = [...byDay].map(([day, its]) => planDay(day, its, request, facts));
        return { plans, sums: await sumDays(tx, plans) };
      },
      { readOnly: true, isolation: 'repeatable read', retry: true },
    );
  } catch (error) {
    const isCancelled = error instanceof Error && 'code' in error && error.code === QUERY_CANCELLED;
    throw isCancelled ? tooLong(request.from) : error;
  }
}

/** The sides of commerce; once it has failed to answer it is not asked again. */
async function readReceived(run: Run, span: HourSpan): Promise<CommerceSums> {
  const { billing, commerce } = run;
  const { received } = run.tools;
  const sums = { received: [], waiting: [], billed: billing && [] };
  if (received === undefined || commerce.state !== 'answered') return sums;
  run.timeLeft();
  try {
    return await askSums({ received, billing }, acceptedWithin(run.facts.periods, span));
  } catch (error) {
    run.commerce = noAnswer(received, error);
    return sums;
  }
}

/** What was received of these spans, apart by whether it is rated; and what is billed of what is. */
async function askSums(
  {
    received,
    billing,
  }: { readonly received: ReceivedTotals; readonly billing: BilledTotals | undefined },
  spans: readonly HourSpan[],
): Promise<CommerceSums> {
  const rated: ReceivedTotal[] = [];
  const waiting: ReceivedTotal[] = [];
  const billed: ReceivedTotal[] = [];
  for (const { from, to } of spans) {
    const cut = Math.min(to, Math.max(from, billing?.ratedUpTo ?? to));
    if (from < cut) {
      rated.push(...(await received.totals({ from, to: cut })));
      if (billing !== undefined) billed.push(...(await billing.totals({ from, to: cut })));
    }
    if (cut < to) waiting.push(...(await received.totals({ from: cut, to })));
  }
  return { received: rated, waiting, billed: billing && billed };
}

function takeLines(run: Run): Line[] {
  const nameOf = ({ meterKey }: Line): string =>
    meterKey === undefined ? '' : `${run.meters.get(meterKey)?.name ?? ''}\n${meterKey}`;
  const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
  return run.lines
    .take(run.commerce.state !== 'no answer')
    .toSorted(
      (one, other) =>
        (one.day ?? 0) - (other.day ?? 0) ||
        compare(nameOf(one), nameOf(other)) ||
        compare(one.subscriptionId ?? '', other.subscriptionId ?? ''),
    );
}
