import { hourNumber } from '../kernel/index.ts';
import type { HistoricalEvent } from '../stamp/intake/index.ts';
import { importHistory, recordsReportedIn, type ImportProgress } from '../stamp/sources/index.ts';
import type { DemoStamp, DemoTools } from './stamp.ts';

/** How far the history is, from 0 to 1. */
export type OnShare = (share: number) => void;

/**
 * Days before the present from which on all customers are there. Before, the cloud was young: one line of resources in
 * so many was used already.
 */
const GROWN_UP_DAYS = 62;
const EARLY_SHARE = 4;
const HOURS_PER_DAY = 24;

/** Writing takes about this share of the time, closing the rest. */
const WRITING = 0.75;

/** Brings in the history of the simulated stamp, up to the hour before this server's first. Can be repeated. */
export async function importDemoHistory(
  { server, clock }: DemoTools,
  demo: DemoStamp,
  onShare: OnShare,
): Promise<number> {
  const from: number = demo.simulated.startHour;
  const through = demo.firstHour - 1;
  const early = {
    ...demo.simulated,
    resources: demo.simulated.resources.filter((_, index) => index % EARLY_SHARE === 0),
  };
  const grownUp = through - GROWN_UP_DAYS * HOURS_PER_DAY;
  let hoursRead = 0;
  function* records(): Generator<HistoricalEvent> {
    for (let hour = from; hour <= through; hour++) {
      const stamp = hour < grownUp ? early : demo.simulated;
      for (const record of recordsReportedIn(stamp, hourNumber(hour))) {
        yield { event: demo.adopt(record), reportedHour: hour };
      }
      hoursRead += 1;
    }
  }
  const onProgress = (progress: ImportProgress): void => {
    onShare(
      progress.step === 'reading'
        ? (WRITING * hoursRead) / (through - from + 1)
        : WRITING + ((1 - WRITING) * progress.windows) / progress.of,
    );
  };
  const summary = await importHistory(
    { database: server.database, clock },
    { from, through, records: records(), onProgress },
  );
  if (summary.quarantined > 0) {
    throw new Error(`${summary.quarantined} simulated records were refused; see the quarantine`);
  }
  return summary.records;
}
