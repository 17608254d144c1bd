import { sumOf, type Decimal } from '../../kernel/index.ts';
import { decimalOf, type Queryable } from '../../platform/index.ts';
import type { Charge } from './charge.ts';
import type { HourRange } from './spans.ts';

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
  const hours = await hoursOfPeriod(db, period);
  const keys = await resourceKeysOf(db, charge, hours, { after, limit });
  const lines = await resourceDaysOf(db, charge, hours, keys);
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

async function hoursOfPeriod(db: Queryable, period: number): Promise<HourRange> {
  const { rows } = await db.query<HourRange>({
    name: 'resources-period',
    text: `select from_hour as "fromHour", to_hour as "toHour" from billing_period where period = $1`,
    values: [period],
  });
  const [range] = rows;
  if (range === undefined) throw new Error(`the period ${period} is missing`);
  return range;
}

/**
 * The keys of the resources of a charge in order, a page of them: of each day of the period the first few, and of
 * these the first.
 */
export async function resourceKeysOf(
  db: Queryable,
  charge: bigint,
  { fromHour, toHour }: HourRange,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Promise<string[]> {
  const { rows } = await db.query<{ key: string }>({
    name: 'resources-keys',
    text: `select first.resource_key as key
           from generate_series($2::int / 24, ($3::int - 1) / 24) as day
           cross join lateral (
             select resource_key from rated_line
             where charge = $1 and usage_day = day and ($4::uuid is null or resource_key > $4)
             order by resource_key limit $5
           ) as first
           group by first.resource_key order by first.resource_key limit $5`,
    values: [charge.toString(), fromHour, toHour, after ?? null, limit],
  });
  return rows.map(({ key }) => key);
}

/** What a resource used of a charge on a day. */
export interface ResourceDay {
  readonly resourceKey: string;
  /** Of use, days since 1970. */
  readonly day: number;
  readonly quantity: Decimal;
  /** Rows of reported usage. */
  readonly rows: number;
}

/** The days of these resources in a charge, by resource, then day. @param hours of the period */
export async function resourceDaysOf(
  db: Queryable,
  charge: bigint,
  { fromHour, toHour }: HourRange,
  keys: readonly string[],
): Promise<ResourceDay[]> {
  const { rows } = await db.query<Omit<ResourceDay, 'quantity'> & { readonly quantity: string }>({
    name: 'resources-days',
    text: `select l.resource_key as "resourceKey", l.usage_day as day, l.quantity, l.rows
           from generate_series($3::int / 24, ($4::int - 1) / 24) as day
           cross join unnest($2::uuid[]) as given (resource_key)
           join rated_line l on l.charge = $1 and l.usage_day = day and l.resource_key = given.resource_key
           order by l.resource_key, l.usage_day`,
    values: [charge.toString(), keys, fromHour, toHour],
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
