import { sumOf, type Decimal } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import type { Charge } from './charge.ts';
import { decimalOf } from './numbers.ts';

/** What a resource has of a charge. */
export interface ResourceSum {
  readonly resourceKey: string;
  readonly resourceUri: string;
  readonly location: string;
  readonly quantity: Decimal;
  /** Rows of reported usage. */
  readonly rows: number;
  /** By day of use, days since 1970. */
  readonly days: readonly { readonly day: number; readonly quantity: Decimal }[];
}

/**
 * The resources of a charge, by key, a page of them. Steps in the key of the lines, (charge, usage_day, resource_key), for
 * each day of the period and each resource of the page: how many lines the charge has does not matter.
 */
export async function resourcesOfCharge(
  db: Queryable,
  { charge, customerSubscriptionId, period }: Charge,
  after: string | undefined,
  limit: number,
): Promise<ResourceSum[]> {
  const days = await daysOfPeriod(db, period);
  const keys = await firstKeysOf(db, charge, days, after, limit);
  const lines = await linesOf(db, charge, days, keys);
  const texts = await textsOf(db, customerSubscriptionId, keys);
  return [...Map.groupBy(lines, ({ resourceKey }) => resourceKey)].map(([resourceKey, its]) => ({
    resourceKey,
    resourceUri: texts.get(resourceKey)?.uri ?? '',
    location: texts.get(resourceKey)?.location ?? '',
    quantity: sumOf(its.map(({ quantity }) => quantity)),
    rows: its.reduce((sum, { rows }) => sum + rows, 0),
    days: its.map(({ day, quantity }) => ({ day, quantity })),
  }));
}

/** Days since 1970, both inclusive. */
type DayRange = readonly [first: number, last: number];

async function daysOfPeriod(db: Queryable, period: number): Promise<DayRange> {
  const { rows } = await db.query<{ first: number; last: number }>({
    name: 'resources-period',
    text: `select from_hour / 24 as first, (to_hour - 1) / 24 as last from billing_period where period = $1`,
    values: [period],
  });
  const [range] = rows;
  if (range === undefined) throw new Error(`the period ${period} is missing`);
  return [range.first, range.last];
}

/** Of each day its first few keys, and of these the first. */
async function firstKeysOf(
  db: Queryable,
  charge: bigint,
  [firstDay, lastDay]: DayRange,
  after: string | undefined,
  limit: number,
): Promise<string[]> {
  const { rows } = await db.query<{ key: string }>({
    name: 'resources-keys',
    text: `select first.resource_key as key
           from generate_series($2::int, $3::int) as day
           cross join lateral (
             select resource_key from rated_line
             where charge = $1 and usage_day = day and ($4::uuid is null or resource_key > $4)
             order by resource_key limit $5
           ) as first
           group by first.resource_key order by first.resource_key limit $5`,
    values: [charge.toString(), firstDay, lastDay, after ?? null, limit],
  });
  return rows.map(({ key }) => key);
}

interface ResourceDay {
  readonly resourceKey: string;
  readonly day: number;
  readonly quantity: Decimal;
  readonly rows: number;
}

async function linesOf(
  db: Queryable,
  charge: bigint,
  [firstDay, lastDay]: DayRange,
  keys: readonly string[],
): Promise<ResourceDay[]> {
  const { rows } = await db.query<Omit<ResourceDay, 'quantity'> & { readonly quantity: string }>({
    name: 'resources-days',
    text: `select l.resource_key as "resourceKey", l.usage_day as day, l.quantity, l.rows
           from generate_series($3::int, $4::int) as day
           cross join unnest($2::uuid[]) as given (resource_key)
           join rated_line l on l.charge = $1 and l.usage_day = day and l.resource_key = given.resource_key
           order by l.resource_key, l.usage_day`,
    values: [charge.toString(), keys, firstDay, lastDay],
  });
  return rows.map(({ quantity, ...rest }) => ({ ...rest, quantity: decimalOf(quantity) }));
}

async function textsOf(
  db: Queryable,
  customer: Charge['customerSubscriptionId'],
  keys: readonly string[],
): Promise<ReadonlyMap<string, { readonly uri: string; readonly location: string }>> {
  const { rows } = await db.query<{ key: string; uri: string; location: string }>({
    name: 'resources-texts',
    text: `select resource_key as key, resource_uri as uri, location from reported_resource
           where customer_subscription_id = $1 and resource_key = any($2::uuid[])`,
    values: [customer, keys],
  });
  return new Map(rows.map(({ key, uri, location }) => [key, { uri, location }]));
}
