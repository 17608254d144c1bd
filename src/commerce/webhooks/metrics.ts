import type { Clock, Database, Metrics } from '../../platform/index.ts';
import { readBacklog } from './message-store.ts';

/** What waits to be told, what was given up, and for how long the oldest has been waiting. */
export function registerWebhookMetrics(
  metrics: Metrics,
  { database, clock }: { readonly database: Pick<Database, 'pool'>; readonly clock: Clock },
): void {
  const read = (): ReturnType<typeof readBacklog> => readBacklog(database.pool);
  metrics.gauge(
    {
      name: 'stackmeter_webhooks_pending',
      help: 'Messages that enabled webhook endpoints have not taken yet',
    },
    async (gauge) => {
      gauge.set(Number.parseInt(String((await read()).pending), 10));
    },
  );
  metrics.gauge(
    { name: 'stackmeter_webhooks_dead', help: 'Messages that were given up; they can be replayed' },
    async (gauge) => {
      gauge.set(Number.parseInt(String((await read()).dead), 10));
    },
  );
  metrics.gauge(
    {
      name: 'stackmeter_webhooks_oldest_pending_seconds',
      help: 'Seconds since what the oldest waiting message tells of; 0 when none waits',
    },
    async (gauge) => {
      const { oldest } = await read();
      const waited = oldest === null ? 0 : clock.now().epochMilliseconds - oldest.epochMilliseconds;
      gauge.set(Math.max(0, Math.floor(waited / 1000)));
    },
  );
}
