import type { Database, Metrics } from '../../platform/index.ts';
import { listAdapters, readProgress } from './store.ts';

/** What adapters tell of themselves: how far behind they are, what is left, and which do not go on. */
export function registerAdapterMetrics(
  metrics: Metrics,
  { database }: { readonly database: Pick<Database, 'pool'> },
): void {
  const read = async () => {
    const adapters = await listAdapters(database.pool);
    const progress = await readProgress(
      database.pool,
      adapters.map(({ adapterId }) => adapterId),
    );
    return { adapters, progress: [...progress.values()] };
  };
  metrics.gauge(
    {
      name: 'stackmeter_adapter_lag_hours',
      help: 'Hours of reported usage that the slowest adapter has not delivered',
    },
    async (gauge) => {
      gauge.set(Math.max(0, ...(await read()).progress.map(({ lagHours }) => lagHours)));
    },
  );
  metrics.gauge(
    { name: 'stackmeter_adapter_dead_letters', help: 'Events that another billing system refused' },
    async (gauge) => {
      gauge.set((await read()).progress.reduce((sum, one) => sum + one.deadLetters, 0));
    },
  );
  metrics.gauge(
    { name: 'stackmeter_adapter_held', help: 'Events that wait for a mapping' },
    async (gauge) => {
      gauge.set((await read()).progress.reduce((sum, { held }) => sum + held, 0));
    },
  );
  metrics.gauge(
    {
      name: 'stackmeter_adapters_failing',
      help: 'Adapters that are parked, or whose last attempt failed',
    },
    async (gauge) => {
      const { adapters } = await read();
      const failing = adapters.filter(({ state, failures }) => state === 'Parked' || failures > 0);
      gauge.set(failing.length);
    },
  );
}
