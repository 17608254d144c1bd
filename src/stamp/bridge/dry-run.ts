import { fail, hourNumber, type HourNumber, type Instant } from '../../kernel/index.ts';
import { ManifestSums, windowName, type MeterSum } from '../../reporting/index.ts';
import type { Queryable } from '../../platform/index.ts';
import type { BridgeTools } from './activating.ts';
import { isExpired, type Activation } from './activation.ts';
import { eachDue, listDue, type DueWindow } from './due-store.ts';
import { prepareWindows } from './prepare.ts';
import { whyNothingIsTaken } from './registration-status.ts';
import { findActivation, readProgress } from './store.ts';
import { toStackmeterError } from './trouble.ts';

/** What would be sent. */
export interface DryRun {
  readonly nextWindow: HourNumber;
  /** Why nothing of it would be sent now; undefined when it would, as far as is known here. */
  readonly takesNothing: { readonly code: string; readonly message: string } | undefined;
  /** Windows that can be sent, and their rows; none while reporting is off on purpose. */
  readonly windows: number;
  readonly rows: bigint;
  /** What was looked at, from the first on. */
  readonly sample: {
    readonly windows: number;
    readonly rows: number;
    readonly batches: number;
    /** Of all bodies, before and after they are compressed. */
    readonly bytes: number;
    readonly compressedBytes: number;
    readonly meters: readonly MeterSum[];
  };
  /** Whether that was all. */
  readonly isComplete: boolean;
}

export interface DryRunOptions {
  /** This window alone, which may have been sent already. */
  readonly window?: HourNumber | undefined;
  /** Rows to look at, about; 10,000. */
  readonly rows?: number;
}

const ROWS = 10_000;
const MOST_WINDOWS = 200;

/**
 * Prepares what is due as if it were sent, and sends nothing and changes nothing. Needs no connection to commerce.
 *
 * @throws NotActivated unless a window is named; NotFound for one that is not closed; ReportedWindowUnfit,
 * ReportedWindowExpired when what is stored does not add up or is gone
 */
export async function dryRun(tools: BridgeTools, options: DryRunOptions = {}): Promise<DryRun> {
  const { pool } = tools.database;
  const { window, rows = ROWS } = options;
  const activation = await findActivation(pool);
  const nextWindow = window ?? (await readProgress(pool))?.nextWindow;
  if (nextWindow === undefined) throw fail('NotActivated');
  const takesNothing = activation && whyNothing(activation, tools.clock.now());
  const { found, count } = await findDue(pool, nextWindow, {
    isOne: window !== undefined,
    isOff: activation?.usageReporting === false,
  });
  if (window !== undefined && found.length === 0) {
    throw fail('NotFound', { path: `closed window ${windowName(window)}` });
  }
  const sample = await lookAt(tools, found, rows).catch((error: unknown) => {
    throw toStackmeterError(error, '');
  });
  const isComplete = sample.windows >= count.windows && BigInt(sample.rows) >= count.rows;
  return { nextWindow, takesNothing, ...count, sample, isComplete };
}

/** What would be sent: all of it counted, the first of it listed. A window that is named is looked at in any case. */
async function findDue(
  db: Queryable,
  from: HourNumber,
  { isOne, isOff }: { readonly isOne: boolean; readonly isOff: boolean },
): Promise<{ found: DueWindow[]; count: { windows: number; rows: bigint } }> {
  const found: DueWindow[] = isOne ? await listDue(db, from, 1) : [];
  let [windows, rows] = [found.length, found[0]?.rows ?? 0n];
  if (isOne || isOff) return { found, count: { windows, rows } };
  for await (const due of eachDue(db, from)) {
    windows += 1;
    rows += due.rows;
    if (found.length < MOST_WINDOWS) found.push(due);
  }
  return { found, count: { windows, rows } };
}

function whyNothing(activation: Activation, now: Instant): DryRun['takesNothing'] {
  const { state, usageReporting, expiresAt } = activation;
  const ended = isExpired(activation, now) ? 'Expired' : 'Registered';
  const status = state === 'Active' ? ended : state;
  if (status === 'Registered' && usageReporting) return undefined;
  return whyNothingIsTaken({ status, usageReporting, expiresAt });
}

async function lookAt(
  tools: BridgeTools,
  due: readonly DueWindow[],
  most: number,
): Promise<DryRun['sample']> {
  const sums = new ManifestSums();
  let [windows, batches, rows, bytes, compressedBytes] = [0, 0, 0, 0, 0];
  for await (const item of prepareWindows(tools, due)) {
    if (item.kind === 'end') {
      windows += 1;
    } else {
      batches += 1;
      rows += item.rows.length;
      bytes += item.bytes;
      compressedBytes += item.body.length;
      sums.add(item.rows, item.digest);
    }
    if (rows >= most) break;
  }
  const { meters } = sums.manifestOf(hourNumber(0));
  return { windows, rows, batches, bytes, compressedBytes, meters };
}
