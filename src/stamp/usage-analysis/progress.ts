import { hourNumber, hourStart, type Instant } from '../../kernel/index.ts';
import type { Clock, Database, Metrics, Queryable } from '../../platform/index.ts';
import type { Freshness } from '../../analysis/index.ts';

/**
 * Up to when usage is closed, and in the sums. Windows of an import come out of order: while some of them wait, what is
 * in the sums ends before the first of them.
 */
export async function readFreshness(db: Queryable): Promise<Freshness> {
  const { rows } = await db.query<{ closed: number | null; pending: number | null }>(
    `select coalesce(
              (select min(number) from reported_window
               where granularity = 'hour' and state <> 'closed' and origin = 'own'),
              (select max(number) + 1 from reported_window where granularity = 'hour' and state = 'closed')
            ) as closed,
            (select min(number) from reported_window w
             where granularity = 'hour' and state = 'closed'
               and not exists (select from usage_summarized s where s.reported_hour = w.number)) as pending`,
  );
  const { closed, pending } = rows[0]!;
  const summarized = closed === null ? null : Math.min(closed, pending ?? closed);
  return { closedTo: startOf(closed), summarizedTo: startOf(summarized) };
}

function startOf(hour: number | null): Instant | undefined {
  return hour === null ? undefined : hourStart(hourNumber(hour));
}

/** The first hour kept after those of the range that are past retention; undefined when all of it is kept. */
export async function keptFrom(
  db: Queryable,
  from: number,
  to: number,
): Promise<Instant | undefined> {
  const { rows } = await db.query<{ expired: number | null }>(
    `select max(number) as expired from reported_window
     where granularity = 'hour' and expired_at is not null and number >= $1 and number < $2`,
    [from, to],
  );
  const expired = rows[0]?.expired ?? null;
  return expired === null ? undefined : startOf(expired + 1);
}

/** How far the sums of usage are behind the closing of hours. */
export function registerUsageAnalysisMetrics(
  metrics: Metrics,
  { database, clock }: { readonly database: Database; readonly clock: Clock },
): void {
  metrics.gauge(
    {
      name: 'stackmeter_usage_analysis_hours_waiting',
      help: 'Closed reported hours that are not in the sums of usage yet',
    },
    async (gauge) => gauge.set((await readBacklog(database.pool)).hours),
  );
  metrics.gauge(
    {
      name: 'stackmeter_usage_analysis_lag_seconds',
      help: 'Seconds since the first hour closed that is not in the sums of usage yet; 0 when there is none',
    },
    async (gauge) => {
      const { since } = await readBacklog(database.pool);
      const lag = since === null ? 0 : clock.now().since(since).total('seconds');
      gauge.set(Math.max(0, Math.floor(lag)));
    },
  );
}

async function readBacklog(db: Queryable): Promise<{ hours: number; since: Instant | null }> {
  const { rows } = await db.query<{ hours: number; since: Instant | null }>(
    `select count(*)::int as hours, min(closed_at) as since from reported_window w
     where granularity = 'hour' and state = 'closed'
       and not exists (select from usage_summarized s where s.reported_hour = w.number)`,
  );
  return rows[0]!;
}
