import type { Clock, Database, Metrics } from '../platform/index.ts';
import { countHeld, type IntakeEngine } from '../stamp/intake/index.ts';
import { readStampState } from '../stamp/aggregation/index.ts';

interface Measured {
  readonly database: Database;
  readonly engine: IntakeEngine;
  readonly clock: Clock;
}

/** What the stamp tells of itself: what came in, what is held, how far the windows are. */
export function registerMetrics(metrics: Metrics, { database, engine, clock }: Measured): void {
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
      name: 'stackmeter_windows_lag_seconds',
      help: 'Seconds since the end of the oldest reported hour that is over and not closed; 0 when none is',
    },
    async (gauge) => {
      gauge.set(await windowLag(database, clock));
    },
  );
}

async function windowLag(database: Database, clock: Clock): Promise<number> {
  const state = await readStampState(database.pool);
  if (state === undefined) return 0;
  const { rows } = await database.pool.query<{ oldest: number | null }>(
    `select min(number) as oldest from reported_window
     where granularity = 'hour' and state <> 'closed' and origin = 'own'`,
  );
  const oldest = rows[0]?.oldest ?? state.openHour;
  const end = (oldest + 1) * 3600;
  return Math.max(0, Math.floor(clock.now().epochMilliseconds / 1000) - end);
}
