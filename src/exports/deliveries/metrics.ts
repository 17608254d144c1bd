import type { Clock, Database, Metrics } from '../../platform/index.ts';

/** An export that is so much later than its time is told. */
const LATE_MINUTES = 60;

/** What exports tell of themselves: those that failed last, and those that are late. */
export function registerExportMetrics(
  metrics: Metrics,
  { database, clock }: { readonly database: Database; readonly clock: Clock },
): void {
  metrics.gauge(
    { name: 'stackmeter_exports_failed', help: 'Exports whose last run failed' },
    async (gauge) => {
      const { rows } = await database.pool.query<{ count: number }>(
        `select count(*)::int as count from export_definition d
         cross join lateral (select state from export_run r where r.export_id = d.export_id
                             order by created_at desc, run_id desc limit 1) last
         where last.state = 'Failed'`,
      );
      gauge.set(rows[0]?.count ?? 0);
    },
  );
  metrics.gauge(
    { name: 'stackmeter_exports_late', help: 'Runs of exports that wait or go on for an hour' },
    async (gauge) => {
      const { rows } = await database.pool.query<{ count: number }>(
        `select count(*)::int as count from export_run
         where state in ('Queued', 'Running') and created_at < $1`,
        [clock.now().subtract({ minutes: LATE_MINUTES }).toString()],
      );
      gauge.set(rows[0]?.count ?? 0);
    },
  );
}
