import type { Database, Metrics } from '../../platform/index.ts';
import type { BridgeTools } from './activating.ts';
import { countImportedTooLate } from './due-store.ts';
import { lagOf, type BridgeLag } from './lag.ts';
import { needsOperator, type BridgeProgress } from './progress.ts';
import { findActivation, readProgress } from './store.ts';

/** Rows that this process reported, by database. */
const sentRows = new WeakMap<Database, number>();

export function countSentRows(database: Database, rows: number): void {
  sentRows.set(database, (sentRows.get(database) ?? 0) + rows);
}

interface Reading {
  readonly isActive: boolean;
  readonly progress: BridgeProgress | undefined;
  readonly lag: BridgeLag;
  readonly importedTooLate: number;
}

async function readAll({ database, clock }: BridgeTools): Promise<Reading> {
  const { pool } = database;
  const activation = await findActivation(pool);
  const progress = await readProgress(pool);
  const lag = await lagOf(pool, clock, { activation, progress });
  const importedTooLate =
    progress === undefined
      ? 0
      : await countImportedTooLate(pool, {
          registrationId: progress.registrationId,
          from: progress.firstWindow,
          to: progress.nextWindow,
        });
  return { isActive: activation?.state === 'Active', progress, lag, importedTooLate };
}

/** Name, what it says, and its value. */
const GAUGES: readonly (readonly [string, string, (reading: Reading) => number])[] = [
  [
    'lag_windows',
    'Closed reported hours that are to be reported to commerce and are not',
    ({ lag }) => lag.windows,
  ],
  [
    'lag_seconds',
    'Seconds since the oldest reported hour ended that is to be reported and is not; 0 when none is',
    ({ lag }) => lag.seconds,
  ],
  ['failures', 'Attempts in a row that led to nothing', ({ progress }) => progress?.failures ?? 0],
  [
    'refused',
    '1 while waiting does not help: commerce refuses, or what is here is not fit to be sent',
    ({ progress }) => (progress !== undefined && needsOperator(progress) ? 1 : 0),
  ],
  [
    'activated',
    '1 while the stamp is activated and commerce knows its registration',
    ({ isActive }) => (isActive ? 1 : 0),
  ],
  [
    'imported_too_late_windows',
    'Reported hours into which usage was imported after they had been reported as empty',
    ({ importedTooLate }) => importedTooLate,
  ],
  [
    'windows_without_receipt',
    'Reported hours that commerce accepted and of which no receipt could be had',
    ({ progress }) => progress?.withoutReceipt ?? 0,
  ],
];

/** What the bridge tells of itself; the page of this room says when to be alarmed. */
export function registerBridgeMetrics(metrics: Metrics, tools: BridgeTools): void {
  let underWay: Promise<Reading> | undefined;
  // All gauges of one scrape are asked at once, and share what is read for it.
  const read = (): Promise<Reading> => {
    underWay ??= readAll(tools).finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
  for (const [name, help, valueOf] of GAUGES) {
    metrics.gauge({ name: `stackmeter_bridge_${name}`, help }, async (one) => {
      one.set(valueOf(await read()));
    });
  }
  metrics.gauge(
    {
      name: 'stackmeter_bridge_rows_sent_total',
      help: 'Rows that this process reported and commerce acknowledged',
    },
    (one) => one.set(sentRows.get(tools.database) ?? 0),
  );
}
