import { hourNumber } from '../../kernel/index.ts';
import type { HistoricalEvent } from '../../stamp/intake/index.ts';
import {
  importHistory,
  recordsReportedIn,
  type ImportProgress,
} from '../../stamp/sources/index.ts';
import type { DemoStamp, DemoTools } from './stamp.ts';

/** How far the history is, from 0 to 1. */
export type OnShare = (share: number) => void;

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
  let hoursRead = 0;
  function* records(): Generator<HistoricalEvent> {
    for (let hour = from; hour <= through; hour++) {
      for (const record of recordsReportedIn(demo.simulated, hourNumber(hour))) {
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
