import type { Clock, Database, Metrics } from '../../platform/index.ts';
import { readMailBacklog } from './message-store.ts';

/** What waits to be sent, what was given up, and for how long the oldest has been waiting. */
export function registerMailMetrics(
  metrics: Metrics,
  { database, clock }: { readonly database: Pick<Database, 'pool'>; readonly clock: Clock },
): void {
  const counts = {
    pending: 'E-mails that the mail server has not taken yet',
    dead: 'E-mails that were refused or given up; they can be replayed',
    undeliverable: 'E-mails that wait because no mail server is configured',
  } as const;
  for (const state of ['pending', 'dead', 'undeliverable'] as const) {
    metrics.gauge({ name: `stackmeter_mail_${state}`, help: counts[state] }, async (gauge) => {
      gauge.set((await readMailBacklog(database.pool))[state]);
    });
  }
  metrics.gauge(
    {
      name: 'stackmeter_mail_oldest_unsent_seconds',
      help: 'Seconds since what the oldest waiting e-mail tells of; 0 when none waits',
    },
    async (gauge) => {
      const { oldest } = await readMailBacklog(database.pool);
      const waited = oldest === null ? 0 : clock.now().epochMilliseconds - oldest.epochMilliseconds;
      gauge.set(Math.max(0, Math.floor(waited / 1000)));
    },
  );
}
