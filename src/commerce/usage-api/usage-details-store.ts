import type { SubscriptionId } from '../../kernel/index.ts';
import type { Tx } from '../../platform/index.ts';
import type { RegistrationWindow } from './booking-store.ts';
import type { HourRange } from './billing-period.ts';
import type { DetailPosition, DetailRow } from './rows.ts';
import { ACCEPTED, DETAIL_COLUMNS, DETAIL_TEXTS, LEAST_UUID, unacceptedArrays } from './store.ts';

const HOURS_PER_DAY = 24;

/** Texts that resources have to have, compared without case. */
export interface ResourceFilter {
  readonly resourceGroup: string | undefined;
  /** the last part of the resource URI */
  readonly instanceName: string | undefined;
  /** the resource URI */
  readonly instanceId: string | undefined;
}

export interface DetailsRequest {
  readonly account: SubscriptionId;
  /** stretches of usage hours, in order, each in one billing period: a day that has two has rows in each */
  readonly stretches: readonly HourRange[];
  readonly resource: ResourceFilter;
  readonly unaccepted: readonly RegistrationWindow[];
  readonly after: DetailPosition | undefined;
  readonly limit: number;
}

/** Most usage days that one statement sums. */
const MOST_DAYS_AT_ONCE = 16;

/**
 * One page of rows by usage day, whenever they were reported. Usage days are read one first, then twice as many at a time
 * until the page is full, each with the reported hours alone that have usage of them. In place of a reported window rows
 * have the first hour of their stretch.
 */
export async function readUsageDetails(tx: Tx, request: DetailsRequest): Promise<DetailRow[]> {
  const { after, limit, account } = request;
  const stretches = request.stretches.filter(
    ({ from, to }) => from < to && from >= (after?.reported ?? from),
  );
  const [first] = stretches;
  const last = stretches.at(-1);
  if (first === undefined || last === undefined) return [];
  const keys = await findResources(tx, request);
  if (keys?.length === 0) return [];
  const hours = await readReportedHours(tx, account, { from: first.from, to: last.to });
  const rows: DetailRow[] = [];
  let atOnce = 1;
  for (const stretch of stretches) {
    const isSame = stretch.from === after?.reported;
    let from = isSame ? Math.max(stretch.from, after.usage * HOURS_PER_DAY) : stretch.from;
    for (let day = dayOf(from); from < stretch.to && rows.length < limit; day = dayOf(from)) {
      const span = { from, to: Math.min(stretch.to, (day + atOnce) * HOURS_PER_DAY) };
      const reported = hours.filter((hour) => overlaps(hour, span)).map(({ hour }) => hour);
      if (reported.length > 0) {
        const page = {
          after: isSame && after.usage === day ? after : undefined,
          limit: limit - rows.length,
        };
        rows.push(...(await readDays(tx, { ...request, ...page, stretch, span, reported, keys })));
      }
      from = span.to;
      atOnce = Math.min(MOST_DAYS_AT_ONCE, atOnce * 2);
    }
  }
  return rows;
}

function dayOf(hour: number): number {
  return Math.floor(hour / HOURS_PER_DAY);
}

/** A reported hour and the usage hours between which its usage lies. */
interface ReportedHour {
  readonly hour: number;
  readonly earliest: number;
  readonly latest: number;
}

function overlaps({ earliest, latest }: ReportedHour, { from, to }: HourRange): boolean {
  return earliest < to && latest >= from;
}

/** The resources that the filter leaves; undefined when there is none. */
async function findResources(
  tx: Tx,
  { account, resource }: DetailsRequest,
): Promise<string[] | undefined> {
  const { resourceGroup, instanceName, instanceId } = resource;
  const texts = [resourceGroup, instanceName, instanceId];
  if (texts.every((text) => text === undefined)) return undefined;
  const { rows } = await tx.query<{ key: string }>({
    name: 'account-details-resources',
    text: `
      select resource_key as key from reported_resource
      where customer_subscription_id = $1::uuid
        and ($2::text is null or (lower(split_part(resource_uri, '/', 4)) = 'resourcegroups'
                                  and lower(split_part(resource_uri, '/', 5)) = lower($2)))
        and ($3::text is null or lower(regexp_replace(resource_uri, '^.*/', '')) = lower($3))
        and ($4::text is null or lower(resource_uri) = lower($4))`,
    values: [account, ...texts.map((text) => text ?? null)],
  });
  return rows.map(({ key }) => key);
}

/**
 * The reported hours that have usage of the range. A row may be reported long after its day, never a day before it; there is
 * no index by usage time alone, so for each reported hour the first and the last usage hour are looked up: steps in the
 * index instead of all rows.
 */
async function readReportedHours(
  tx: Tx,
  account: SubscriptionId,
  { from, to }: HourRange,
): Promise<ReportedHour[]> {
  const { rows } = await tx.query<ReportedHour>({
    name: 'account-details-hours',
    text: `
      with recursive reported (hour) as (
        select min(reported_hour) from reported_usage
        where customer_subscription_id = $1::uuid and reported_hour >= $2::int - 24
        union all
        select (select min(reported_hour) from reported_usage
                where customer_subscription_id = $1::uuid and reported_hour > hour)
        from reported where hour is not null
      )
      select hour, one.earliest, one.latest
      from reported cross join lateral (
        select min(usage_hour) as earliest, max(usage_hour) as latest from reported_usage
        where customer_subscription_id = $1::uuid and reported_hour = hour) as one
      where hour is not null and one.earliest < $3::int and one.latest >= $2::int`,
    values: [account, from, to],
  });
  return rows;
}

/** @param filtered whether only resources of the last parameter count */
function daysStatement(filtered: boolean): string {
  return `
    select ${DETAIL_COLUMNS}
    from (
      select $12::int as reported, usage_hour / 24 as usage, resource_key, meter, registration_number,
             subscription_id, trim_scale(sum(quantity)) as quantity,
             trim_scale(coalesce(sum(quantity) filter (where billable), 0)) as billable_quantity
      from reported_usage
      where customer_subscription_id = $1::uuid and reported_hour = any($11::int[])
        and usage_hour >= $4::int and usage_hour < $5::int
        and (usage_hour / 24, resource_key, meter, registration_number, subscription_id)
          > ($4::int / 24, $6::uuid, $7::int, $8::int, $9::uuid)
        and ${ACCEPTED} ${filtered ? 'and resource_key = any($13::uuid[])' : ''}
      group by usage_hour / 24, resource_key, meter, registration_number, subscription_id
      order by usage_hour / 24, resource_key, meter, registration_number, subscription_id
      limit $10::int
    ) as page ${DETAIL_TEXTS}
    order by page.usage, page.resource_key, page.meter, page.registration_number, page.subscription_id`;
}

const STATEMENTS = { all: daysStatement(false), filtered: daysStatement(true) };

async function readDays(
  tx: Tx,
  request: DetailsRequest & {
    readonly stretch: HourRange;
    /** the part of it that is read */
    readonly span: HourRange;
    /** the hours that have usage of it */
    readonly reported: readonly number[];
    /** of the resources that count; undefined for all */
    readonly keys: readonly string[] | undefined;
  },
): Promise<DetailRow[]> {
  const { account, stretch, span, after, reported, keys, unaccepted, limit } = request;
  const which = keys === undefined ? 'all' : 'filtered';
  const { rows } = await tx.query<DetailRow>({
    name: `account-details-${which}`,
    text: STATEMENTS[which],
    values: [
      account,
      ...unacceptedArrays(unaccepted),
      span.from,
      span.to,
      after?.resourceKey ?? LEAST_UUID,
      after?.meter ?? -1,
      after?.registration ?? -1,
      after?.subscriptionId ?? LEAST_UUID,
      limit,
      reported,
      stretch.from,
      ...(keys === undefined ? [] : [keys]),
    ],
  });
  return rows;
}
