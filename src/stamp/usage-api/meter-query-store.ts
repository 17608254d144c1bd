import type { MeterKey, SubscriptionId } from '../../kernel/index.ts';
import type { Tx } from '../../platform/index.ts';
import { DIMENSIONS, type Dimension, type MeterQuery } from './meter-query.ts';

/** The usage of one subscription in one window, as far as it is told apart. */
export interface MeterUsage {
  /** first usage window that it covers; undefined: the whole time asked for */
  readonly window: number | null;
  readonly groups: readonly string[];
  /** decimal text, exact */
  readonly value: string;
}

const TABLES = {
  hour: { table: 'usage_hourly', reported: 'reported_hour', usage: 'usage_hour' },
  day: { table: 'usage_daily', reported: 'reported_day', usage: 'usage_day' },
} as const;

const EXPRESSIONS: Readonly<Record<Dimension, string>> = {
  resourceUri: 'resource.resource_uri',
  resourceGroup: `split_part(resource.resource_uri, '/', 5)`,
  location: 'resource.location',
};

/**
 * Adds up what closed windows hold of a meter for the subscription as which `tx` reads.
 *
 * Usage is never reported before its own window, so rows reported from `from` on are all there are: they are found in
 * the index that begins with subscription and reported window. Late usage is among them. Resources are looked up for
 * sums, not for rows, and only if something of them is asked for.
 *
 * @param limit most rows
 */
export async function readMeterUsage(
  tx: Tx,
  request: {
    readonly query: MeterQuery;
    readonly to: number;
    readonly subscriptionId: SubscriptionId;
    readonly meter: MeterKey;
    readonly limit: number;
  },
): Promise<MeterUsage[]> {
  const { query, to, subscriptionId, meter, limit } = request;
  const { rows } = await tx.query<MeterUsage>({
    text: statement(query),
    values: [
      subscriptionId,
      query.from,
      to,
      meter,
      limit,
      ...query.filters.map(([, value]) => value),
    ],
  });
  return rows;
}

function statement({ granularity, windowSize, groupBy, filters }: MeterQuery): string {
  const { table, reported, usage } = TABLES[granularity];
  const window = windowSize === undefined ? 'null::int' : 'used.usage';
  const groups = groupBy.map((name) => EXPRESSIONS[name]);
  const needsResource = groups.length + filters.length > 0;
  const conditions = filters.map(
    ([name], index) => `lower(${EXPRESSIONS[name]}) = lower($${index + 6}::text)`,
  );
  // Names of resources compare without case; shown is one of the spellings that were emitted.
  const keys = [window, ...groups.map((group) => `lower(${group})`)];
  return `
    with used as (
      select ${usage} as usage, resource_key, sum(quantity) as quantity from ${table}
      where subscription_id = $1::uuid and ${reported} >= $2::int
        and ${usage} >= $2::int and ${usage} < $3::int
        and meter = (select meter from meter where meter_key = $4)
      group by ${usage}, resource_key
    )
    select ${window} as window, array[${groups.map((group) => `min(${group})`).join(', ')}]::text[] as groups,
           trim_scale(sum(used.quantity))::text as value
    from used ${needsResource ? 'join resource on resource.subscription_id = $1::uuid and resource.resource_key = used.resource_key' : ''}
    ${conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`}
    group by ${keys.join(', ')}
    order by ${keys.join(', ')}
    limit $5::int`;
}

/** Names of the dimensions with the values of a row, in the order in which they were asked for. */
export function groupsOf(
  groupBy: readonly Dimension[],
  values: readonly string[],
): Partial<Record<Dimension, string>> {
  const groups: Partial<Record<Dimension, string>> = {};
  for (const name of DIMENSIONS) {
    const index = groupBy.indexOf(name);
    if (index >= 0) groups[name] = values[index] ?? '';
  }
  return groups;
}
