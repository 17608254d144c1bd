import type { Database } from '../../platform/index.ts';
import {
  sameSums,
  type Granularity,
  type ReportedWindow,
  type WindowId,
  type WindowSums,
} from './reported-window.ts';
import {
  differingRows,
  listWindows,
  sumRecomputed,
  sumStored,
  type DifferentRow,
} from './store.ts';

/** What became of checking one window. */
export type Verdict =
  | (WindowId & { readonly verdict: 'equal'; readonly sums: WindowSums })
  | (WindowId & {
      readonly verdict: 'different';
      /** as noted when the window closed */
      readonly noted: WindowSums;
      /** of the rows as they stand */
      readonly stored: WindowSums;
      /** of the rows as their input makes them now */
      readonly recomputed: WindowSums;
      readonly examples: readonly DifferentRow[];
    })
  | (WindowId & { readonly verdict: 'unverifiable'; readonly reason: string });

export interface VerifyRange {
  /** hours or days since 1970-01-01T00:00Z, inclusive */
  readonly from: number;
  readonly through: number;
}

/** Different rows shown for a window. */
const EXAMPLES = 10;

/** Windows read at a time. */
const PAGE = 500;

/**
 * Computes closed windows anew from what they were made of and compares rows, sums and hashes, three ways: as noted
 * when the window closed, as the rows stand, as the input makes them now. Changes nothing.
 */
export async function* verifyWindows(
  database: Database,
  granularity: Granularity,
  range: VerifyRange,
): AsyncGenerator<Verdict> {
  for (let from = range.from; ;) {
    const windows = await listWindows(database.pool, {
      granularity,
      from,
      through: range.through,
      limit: PAGE,
    });
    for (const window of windows) {
      if (window.state === 'closed') yield await verifyOne(database, window);
    }
    const last = windows.at(-1);
    if (last === undefined || windows.length < PAGE) return;
    from = last.number + 1;
  }
}

async function verifyOne(
  database: Database,
  window: ReportedWindow & { state: 'closed' },
): Promise<Verdict> {
  const { granularity, number, sums: noted } = window;
  if (window.expiredAt !== undefined) {
    return { granularity, number, verdict: 'unverifiable', reason: 'its rows are past retention' };
  }
  return database.transaction(async (tx) => {
    const stored = await sumStored(tx, granularity, number);
    const inputExpired = window.recordsExpiredAt !== undefined;
    const recomputed = inputExpired ? stored : await sumRecomputed(tx, granularity, number);
    if (sameSums(noted, stored) && sameSums(stored, recomputed)) {
      return inputExpired
        ? {
            granularity,
            number,
            verdict: 'unverifiable' as const,
            reason: 'its input is past retention; its rows are as noted at the close',
          }
        : { granularity, number, verdict: 'equal' as const, sums: stored };
    }
    const examples = inputExpired ? [] : await differingRows(tx, granularity, number, EXAMPLES);
    return {
      granularity,
      number,
      verdict: 'different' as const,
      noted,
      stored,
      recomputed,
      examples,
    };
  });
}
