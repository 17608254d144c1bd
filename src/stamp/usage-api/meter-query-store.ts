import type { MeterKey, SubscriptionId } from '../../kernel/index.ts';
import type { Queryable, Tx } from '../../platform/index.ts';
import type { Granularity } from '../aggregation/index.ts';
import { DIMENSIONS, windowStart, type Dimension, type MeterQuery } from './meter-query.ts';

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
  // Not every resource is in a group; what is at this place of another's address is something else.
  resourceGroup: `case when lower(split_part(resource.resource_uri, '/', 4)) = 'resourcegroups'
                       then split_part(resource.resource_uri, '/', 5) else '' end`,
  location: 'resource.location',
};

/**
 * Adds up what closed windows hold of a meter for the subscription as which `tx` reads.
 *
 * Rows are found in the index that begins with subscription and reported window, from {@link firstReported} on. Late
 * usage is among them. Resources are looked up for sums, not for rows, and only if something of them is asked for.
 *
 * @param request.reportedFrom the first reported window that can hold any of it
 * @param request.limit most rows
 */
export async function readMeterUsage(
  tx: Tx,
  request: {
    readonly query: MeterQuery;
    readonly to: number;
    readonly reportedFrom: number;
    readonly subscriptionId: SubscriptionId;
    readonly meter: MeterKey;
    readonly limit: number;
  },
): Promise<MeterUsage[]> {
  const { query, to, reportedFrom, subscriptionId, meter, limit } = request;
  const { rows } = await tx.query<MeterUsage>({
    text: statement(query),
    values: [
      subscriptionId,
      query.from,
      to,
      meter,
      limit,
      reportedFrom,
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
    ([name], index) => `lower(${EXPRESSIONS[name]}) = lower($${index + 7}::text)`,
  );
  // Names of resources compare without case; shown is one of the spellings that were emitted.
  const keys = [window, ...groups.map((group) => `lower(${group})`)];
  return `
    with used as (
      select ${usage} as usage, resource_key, sum(quantity) as quantity from ${table}
      where subscription_id = $1::uuid and ${reported} >= $6::int
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

/** How far the end of usage may lie ahead of the moment at which its record comes in, as the intake allows it. */
const AHEAD = { minutes: 5 };

/**
 * The first reported window in which usage of a window can be. Most often it is the one before: usage may end a little
 * ahead of the present, and an hour is opened a moment after it has come. When windows were not opened in time, it is
 * the one that was open when the first such record could come in.
 */
export async function firstReported(
  db: Queryable,
  { granularity, from }: Pick<MeterQuery, 'granularity' | 'from'>,
): Promise<number> {
  const earliest = windowStart(granularity, from).subtract(AHEAD);
  const { rows } = await db.query<{ number: number }>({
    name: 'usage-first-reported',
    text: `select number from reported_window
           where granularity = $1 and number < $2 and origin = 'own' and opened_at <= $3
           order by number desc limit 1`,
    values: [granularity satisfies Granularity, from, earliest.toString()],
  });
  return Math.min(from - 1, rows[0]?.number ?? from);
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
