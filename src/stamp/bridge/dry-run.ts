import { fail, hourNumber, type HourNumber } from '../../kernel/index.ts';
import { ManifestSums, windowName, type MeterSum } from '../../reporting/index.ts';
import type { BridgeTools } from './activating.ts';
import { listDue, readBacklog, type DueWindow } from './due-store.ts';
import { prepareWindows } from './prepare.ts';
import { readProgress } from './store.ts';

/** What would be sent. */
export interface DryRun {
  readonly nextWindow: HourNumber;
  /** Closed windows that are due, and their rows. */
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
 * @throws NotActivated unless a window is named; NotFound for one that is not closed; InternalServerError when what is
 * stored does not add up
 */
export async function dryRun(tools: BridgeTools, options: DryRunOptions = {}): Promise<DryRun> {
  const { pool } = tools.database;
  const { window, rows = ROWS } = options;
  const progress = await readProgress(pool);
  const nextWindow = window ?? progress?.nextWindow;
  if (nextWindow === undefined) throw fail('NotActivated');
  const due = await listDue(pool, nextWindow, window === undefined ? MOST_WINDOWS : 1);
  if (window !== undefined && due.length === 0) {
    throw fail('NotFound', { path: `closed window ${windowName(window)}` });
  }
  const backlog =
    window === undefined
      ? await readBacklog(pool, nextWindow)
      : { windows: 1, rows: due[0]?.rows ?? 0n };
  const sample = await lookAt(tools, due, rows);
  return {
    nextWindow,
    windows: backlog.windows,
    rows: backlog.rows,
    sample,
    isComplete: sample.windows >= backlog.windows && BigInt(sample.rows) >= backlog.rows,
  };
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
