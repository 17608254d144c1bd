import type { Queryable } from '../../platform/index.ts';

/** The names of periods, such as 202610-1, by their numbers. */
export async function periodNames(
  db: Queryable,
  periods: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  const { rows } = await db.query<{ period: number; name: string }>({
    name: 'rating-period-names',
    text: 'select period, name from billing_period where period = any($1::int[])',
    values: [[...new Set(periods)]],
  });
  return new Map(rows.map(({ period, name }) => [period, name]));
}
