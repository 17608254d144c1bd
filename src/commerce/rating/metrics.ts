import { hourStart } from '../../kernel/index.ts';
import type { Clock, Database, Metrics } from '../../platform/index.ts';
import { ratingBacklog } from './progress-store.ts';

/** What commerce tells of rating: how far it is behind what was accepted, and what has no price. */
export function registerRatingMetrics(
  metrics: Metrics,
  { database, clock }: { readonly database: Database; readonly clock: Clock },
): void {
  let reading: ReturnType<typeof ratingBacklog> | undefined;
  // Gauges are read side by side: they share one reading.
  const read = (): ReturnType<typeof ratingBacklog> => {
    reading ??= ratingBacklog(database.pool).finally(() => {
      reading = undefined;
    });
    return reading;
  };
  metrics.gauge(
    { name: 'stackmeter_rating_windows_waiting', help: 'Accepted windows that are not rated yet' },
    async (gauge) => gauge.set((await read()).windows),
  );
  metrics.gauge(
    { name: 'stackmeter_rating_rows_waiting', help: 'Rows of windows that are not rated yet' },
    async (gauge) => gauge.set((await read()).rows),
  );
  metrics.gauge(
    {
      name: 'stackmeter_rating_lag_seconds',
      help: 'Seconds since the earliest window that is not rated yet ended; 0 when there is none',
    },
    async (gauge) => {
      const { earliest } = await read();
      const since = earliest === undefined ? undefined : hourStart(earliest).epochMilliseconds;
      const lag = since === undefined ? 0 : clock.now().epochMilliseconds - since;
      gauge.set(Math.max(0, Math.floor(lag / 1000)));
    },
  );
  metrics.gauge(
    { name: 'stackmeter_rating_charges_unpriced', help: 'Charges that have no price' },
    async (gauge) => gauge.set(await unpricedCharges(database)),
  );
}

/** A charge without an amount is never invoiced, so the index of those that are not has all of them. */
async function unpricedCharges({ pool }: Database): Promise<number> {
  const { rows } = await pool.query<{ charges: number }>(
    `select count(*)::int as charges from charge
     where (quantity <> invoiced_quantity or amount is distinct from invoiced_amount)
       and amount is null and quantity <> 0`,
  );
  return rows[0]?.charges ?? 0;
}
