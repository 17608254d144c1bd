import { fail, hourNumber, hourStart, formatWireTime } from '../../kernel/index.ts';
import {
  closeImportedWindows,
  openImportedWindows,
  type ClosedWindow,
  type WindowTools,
} from '../aggregation/index.ts';
import { HistoryWriter, type HistoricalEvent } from '../intake/index.ts';

/** Where an import stands. */
export type ImportProgress =
  | { readonly step: 'reading'; readonly records: number }
  | { readonly step: 'closing'; readonly windows: number; readonly of: number };

export interface ImportSummary {
  readonly records: number;
  readonly accepted: number;
  /** records that were there already, from an earlier run of the same import */
  readonly duplicates: number;
  /** records that could not be taken; they are in quarantine, and the windows stay open */
  readonly quarantined: number;
  readonly windowsClosed: number;
}

export interface HistoryImport {
  /** hours since 1970-01-01T00:00Z: the reported windows that the history covers, inclusive */
  readonly from: number;
  readonly through: number;
  /** records with the reported hour of each; every hour within from..through */
  readonly records: AsyncIterable<HistoricalEvent> | Iterable<HistoricalEvent>;
  readonly onProgress?: (progress: ImportProgress) => void;
  /** leave the windows open for further imports */
  readonly keepOpen?: boolean;
}

const BATCH_RECORDS = 4000;

/** Batches written at the same time: while one waits for the disk the next is made. */
const BATCHES_UNDER_WAY = 2;

/**
 * Brings in another stamp's history: opens its reported windows, writes its records into them, closes them.
 *
 * The windows lie before the first one of this stamp. Interrupted anywhere it can be run again: what is there already
 * counts as duplicate, and what is closed already stays closed. A record that is new for a closed window stops it,
 * since closed windows are final.
 *
 * @throws ImportWindowNotBeforeFirst, ImportWindowClosed
 */
export async function importHistory(
  tools: WindowTools,
  history: HistoryImport,
): Promise<ImportSummary> {
  const { from, through, onProgress = () => undefined } = history;
  const closed = await openImportedWindows(tools, from, through);
  const written = await writeAll(tools, history, closed);
  if (written.quarantined > 0 || history.keepOpen === true) return { ...written, windowsClosed: 0 };
  const windowsClosed = await closeAll(tools, from, through, onProgress);
  return { ...written, windowsClosed };
}

async function writeAll(
  tools: WindowTools,
  history: HistoryImport,
  closed: ReadonlySet<number>,
): Promise<Omit<ImportSummary, 'windowsClosed'>> {
  const writer = new HistoryWriter(tools);
  const sums = { records: 0, accepted: 0, duplicates: 0, quarantined: 0 };
  const underWay = new Set<Promise<void>>();
  const write = async (batch: readonly HistoricalEvent[]): Promise<void> => {
    const outcome = await writer.write(batch, (hour) => {
      if (closed.has(hour)) {
        throw fail('ImportWindowClosed', { window: formatWireTime(hourStart(hourNumber(hour))) });
      }
    });
    sums.records += batch.length;
    sums.accepted += outcome.accepted;
    sums.duplicates += outcome.duplicates;
    sums.quarantined += outcome.quarantined.length;
    history.onProgress?.({ step: 'reading', records: sums.records });
  };
  let failure: { readonly error: unknown } | undefined;
  for await (const batch of batches(history.records)) {
    const writing: Promise<void> = write(batch)
      .catch((error: unknown) => {
        failure ??= { error };
      })
      .finally(() => underWay.delete(writing));
    underWay.add(writing);
    if (underWay.size >= BATCHES_UNDER_WAY) await Promise.race(underWay);
    if (failure !== undefined) break;
  }
  await Promise.all(underWay);
  if (failure !== undefined) throw failure.error;
  return sums;
}

async function* batches(
  records: AsyncIterable<HistoricalEvent> | Iterable<HistoricalEvent>,
): AsyncGenerator<HistoricalEvent[]> {
  let batch: HistoricalEvent[] = [];
  for await (const record of records) {
    batch.push(record);
    if (batch.length === BATCH_RECORDS) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

async function closeAll(
  tools: WindowTools,
  from: number,
  through: number,
  onProgress: (progress: ImportProgress) => void,
): Promise<number> {
  const of = through - from + 1;
  let windows = 0;
  return closeImportedWindows(tools, from, through, (window: ClosedWindow) => {
    if (window.granularity === 'hour') onProgress({ step: 'closing', windows: ++windows, of });
  });
}
