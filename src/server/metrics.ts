import type { Clock, Database, Metrics } from '../platform/index.ts';
import type { TrustedIssuers } from '../identity/index.ts';
import { countHeld, type IntakeEngine } from '../stamp/intake/index.ts';
import { countOpenImportedHours, readDueSince } from '../stamp/aggregation/index.ts';

interface Measured {
  readonly database: Database;
  readonly engine: IntakeEngine;
  readonly clock: Clock;
  readonly trusted: TrustedIssuers;
}

/** What the stamp tells of itself: what came in, what is held, how far the windows are. */
export function registerMetrics(metrics: Metrics, measured: Measured): void {
  const { database, engine, clock, trusted } = measured;
  const counters = [
    ['accepted', 'Usage records counted'],
    ['duplicates', 'Usage records that had been counted before'],
    ['quarantined', 'Usage records that could not be counted and went into quarantine'],
    ['batches', 'Transactions that wrote usage records'],
    ['rejectedBusy', 'Requests turned away because too much was waiting'],
  ] as const;
  for (const [counter, help] of counters) {
    const name = `stackmeter_intake_${counter.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`)}_total`;
    metrics.gauge({ name, help }, (gauge) => {
      gauge.set(engine.counters[counter]);
    });
  }
  metrics.gauge(
    { name: 'stackmeter_intake_reserved_bytes', help: 'Bytes of requests waiting or under way' },
    (gauge) => {
      gauge.set(engine.reservedBytes);
    },
  );
  metrics.gauge(
    { name: 'stackmeter_quarantine_held', help: 'Records held, by reason', labels: ['code'] },
    async (gauge) => {
      gauge.reset();
      for (const { code, count } of await countHeld(database.pool)) {
        gauge.set({ code }, Number.parseInt(String(count), 10));
      }
    },
  );
  metrics.gauge(
    {
      name: 'stackmeter_issuers_failing',
      help: 'Trusted issuers whose keys could not be fetched the last time',
    },
    (gauge) => {
      gauge.set(trusted.states().filter(({ lastError }) => lastError !== undefined).length);
    },
  );
  metrics.gauge(
    {
      name: 'stackmeter_windows_lag_seconds',
      help: 'Seconds for which the reported hour or day has been due that has waited longest to be closed; 0 when none is',
    },
    async (gauge) => {
      gauge.set(await windowLag(database, clock));
    },
  );
  metrics.gauge(
    {
      name: 'stackmeter_windows_imported_open',
      help: 'Imported reported hours that are open because an import did not end',
    },
    async (gauge) => {
      gauge.set(await countOpenImportedHours(database.pool));
    },
  );
}

async function windowLag(database: Database, clock: Clock): Promise<number> {
  const since = await readDueSince(database.pool);
  if (since === undefined) return 0;
  const waited = clock.now().epochMilliseconds - since.epochMilliseconds;
  return Math.max(0, Math.floor(waited / 1000));
}
