import { hourNumber, hourStart } from '../../kernel/index.ts';
import type { Clock, Database, Metrics } from '../../platform/index.ts';
import { readReceivedSince, type ReceivedSince } from './window-store.ts';

/** What has been accepted of a registration as of the last reading. */
interface Known {
  readonly through: number;
  readonly windows: number;
  readonly rows: number;
}

/**
 * What commerce tells of the usage that stamps report, by registration: accepted windows and rows, and
 * how long ago the last accepted window ended. Accepted windows never change, so each is read once.
 */
export function registerReportedUsageMetrics(
  metrics: Metrics,
  { database, clock }: { readonly database: Database; readonly clock: Clock },
): void {
  const known = new Map<number, Known>();
  let reading: Promise<readonly ReceivedSince[]> | undefined;
  // Gauges are read side by side: they share one reading, so that none is added twice.
  const read = (): Promise<readonly ReceivedSince[]> => {
    reading ??= readOn(database, known).finally(() => {
      reading = undefined;
    });
    return reading;
  };
  const labels = ['registration'] as const;
  const gauge = (
    name: string,
    help: string,
    valueOf: (since: ReceivedSince) => number | undefined,
  ): void => {
    metrics.gauge({ name: `stackmeter_reported_usage_${name}`, help, labels }, async (one) => {
      const all = await read();
      one.reset();
      for (const since of all) {
        const value = valueOf(since);
        if (value !== undefined) one.set({ registration: since.registrationId }, value);
      }
    });
  };
  gauge(
    'windows_received',
    'Windows that were accepted of a registration',
    ({ registrationNumber }) => known.get(registrationNumber)?.windows ?? 0,
  );
  gauge(
    'rows_received',
    'Rows of usage that were accepted of a registration',
    ({ registrationNumber }) => known.get(registrationNumber)?.rows ?? 0,
  );
  gauge(
    'lag_seconds',
    'Seconds since the last accepted window of a registration that reports ended',
    ({ next }) => (next === undefined ? undefined : secondsSince(clock, next)),
  );
}

async function readOn(
  database: Database,
  known: Map<number, Known>,
): Promise<readonly ReceivedSince[]> {
  const through = new Map([...known].map(([number, one]) => [number, one.through]));
  const all = await readReceivedSince(database.pool, through);
  for (const since of all) {
    const before = known.get(since.registrationNumber);
    if (since.through === undefined) continue;
    known.set(since.registrationNumber, {
      through: since.through,
      windows: (before?.windows ?? 0) + since.windows,
      rows: (before?.rows ?? 0) + since.rows,
    });
  }
  return all;
}

function secondsSince(clock: Clock, window: number): number {
  const ended = hourStart(hourNumber(window)).epochMilliseconds;
  return Math.max(0, Math.floor((clock.now().epochMilliseconds - ended) / 1000));
}
