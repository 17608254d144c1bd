import type { Granularity, SubscriptionId } from '../../kernel/index.ts';
import type { Tx } from '../../platform/index.ts';
import type { RegistrationWindow } from './booking-store.ts';
import type { DetailPosition, DetailRow, SumPosition, SumRow } from './rows.ts';

/** A range of reported windows of one account; `to` is exclusive. */
export interface RangeRequest {
  readonly account: SubscriptionId;
  readonly granularity: Granularity;
  readonly from: number;
  readonly to: number;
  readonly unaccepted: readonly RegistrationWindow[];
  readonly limit: number;
}

export const LEAST_UUID = '00000000-0000-0000-0000-000000000000';
const HOURS_PER_DAY = 24;

/** Columns of a page with its texts; they are looked up for the rows of the page alone. */
export const DETAIL_COLUMNS = `
  page.reported, page.usage, page.resource_key as "resourceKey", page.meter,
  page.registration_number as registration, page.subscription_id as "subscriptionId",
  page.quantity::text as quantity, page.billable_quantity::text as "billableQuantity",
  resource.resource_uri as "resourceUri", resource.location, resource.tags,
  resource.additional_info as "additionalInfo", meter.commerce_meter_id as "meterId",
  meter.name as "meterName", meter.category as "meterCategory",
  meter.sub_category as "meterSubCategory", meter.region as "meterRegion", meter.unit`;

export const DETAIL_TEXTS = `
  join reported_resource as resource on resource.customer_subscription_id = $1::uuid
                                    and resource.resource_key = page.resource_key
  join commerce_meter as meter on meter.meter = page.meter`;

/** The rows of windows that are accepted; a handful of windows at most are not. */
export const ACCEPTED = `
  (registration_number, reported_hour) not in (select * from unnest($2::int[], $3::int[]))`;

export function unacceptedArrays(
  windows: readonly RegistrationWindow[],
): [registrations: number[], hours: number[]] {
  return [windows.map(({ registration }) => registration), windows.map(({ hour }) => hour)];
}

/**
 * One page of rows of single resources, in the order of their keys: reported window, usage window, resource, meter,
 * registration, subscription. Days are summed on the fly, one reported day and in it one usage day at a time.
 */
export async function readDetailPage(
  tx: Tx,
  request: RangeRequest & { readonly after: DetailPosition | undefined },
): Promise<DetailRow[]> {
  if (request.granularity === 'hour') return readHours(tx, request);
  const { account, from, to, after, limit } = request;
  const rows: DetailRow[] = [];
  let day = after?.reported ?? (await nextReportedDay(tx, { account, from, to }));
  let fromUsage = after?.usage ?? 0;
  while (day !== undefined && rows.length < limit) {
    const usage = await nextUsageDay(tx, { account, day, from: fromUsage });
    if (usage === undefined) {
      day = await nextReportedDay(tx, { account, from: day + 1, to });
      fromUsage = 0;
      continue;
    }
    const isSame = day === after?.reported && usage === after.usage;
    const page = { day, usage, after: isSame ? after : undefined, limit: limit - rows.length };
    rows.push(...(await readDay(tx, { ...request, ...page })));
    fromUsage = usage + 1;
  }
  return rows;
}

/** A minimum by the index, so that days without usage cost nothing. */
async function nextReportedDay(
  tx: Tx,
  { account, from, to }: Pick<RangeRequest, 'account' | 'from' | 'to'>,
): Promise<number | undefined> {
  const { rows } = await tx.query<{ hour: number | null }>({
    name: 'account-next-reported',
    text: `select min(reported_hour) as hour from reported_usage
           where customer_subscription_id = $1::uuid and reported_hour >= $2::int and reported_hour < $3::int`,
    values: [account, from * HOURS_PER_DAY, to * HOURS_PER_DAY],
  });
  const hour = rows[0]?.hour ?? undefined;
  return hour === undefined ? undefined : Math.floor(hour / HOURS_PER_DAY);
}

/** The first usage day, from one on, of which something was reported on a day: a step in the index for each hour. */
async function nextUsageDay(
  tx: Tx,
  {
    account,
    day,
    from,
  }: { readonly account: SubscriptionId; readonly day: number; readonly from: number },
): Promise<number | undefined> {
  const { rows } = await tx.query<{ hour: number | null }>({
    name: 'account-next-usage',
    text: `select min(one.hour) as hour
           from generate_series($2::int * 24, $2::int * 24 + 23) as reported cross join lateral (
             select min(usage_hour) as hour from reported_usage
             where customer_subscription_id = $1::uuid and reported_hour = reported and usage_hour >= $3::int * 24
           ) as one`,
    values: [account, day, from],
  });
  const hour = rows[0]?.hour ?? undefined;
  return hour === undefined ? undefined : Math.floor(hour / HOURS_PER_DAY);
}

/** The index by account has the rows in this order but for the registration, so a page reads on where the last ended. */
async function readHours(
  tx: Tx,
  request: RangeRequest & { readonly after: DetailPosition | undefined },
): Promise<DetailRow[]> {
  const { account, from, to, after, unaccepted, limit } = request;
  const { rows } = await tx.query<DetailRow>({
    name: 'account-hours',
    text: `
      select ${DETAIL_COLUMNS}
      from (
        select reported_hour as reported, usage_hour as usage, resource_key, meter, registration_number, subscription_id,
               quantity, case when billable then quantity else 0 end as billable_quantity
        from reported_usage
        where customer_subscription_id = $1::uuid and reported_hour >= $4::int and reported_hour < $5::int
          and (reported_hour, usage_hour, resource_key, meter, registration_number, subscription_id)
            > ($4::int, $6::int, $7::uuid, $8::int, $9::int, $10::uuid)
          and ${ACCEPTED}
        order by reported_hour, usage_hour, resource_key, meter, registration_number, subscription_id
        limit $11::int
      ) as page ${DETAIL_TEXTS}
      order by page.reported, page.usage, page.resource_key, page.meter, page.registration_number, page.subscription_id`,
    values: [
      account,
      ...unacceptedArrays(unaccepted),
      after?.reported ?? from,
      to,
      ...keyValues(after),
      limit,
    ],
  });
  return rows;
}

async function readDay(
  tx: Tx,
  request: RangeRequest & {
    readonly day: number;
    readonly usage: number;
    readonly after: DetailPosition | undefined;
  },
): Promise<DetailRow[]> {
  const { account, day, usage, after, unaccepted, limit } = request;
  const [, ...key] = keyValues(after);
  const { rows } = await tx.query<DetailRow>({
    name: 'account-day',
    text: `
      select ${DETAIL_COLUMNS}
      from (
        select $4::int as reported, $5::int as usage, resource_key, meter, registration_number, subscription_id,
               trim_scale(sum(quantity)) as quantity,
               trim_scale(coalesce(sum(quantity) filter (where billable), 0)) as billable_quantity
        from reported_usage
        where customer_subscription_id = $1::uuid
          and reported_hour >= $4::int * 24 and reported_hour < $4::int * 24 + 24
          and usage_hour >= $5::int * 24 and usage_hour < $5::int * 24 + 24
          and (resource_key, meter, registration_number, subscription_id) > ($6::uuid, $7::int, $8::int, $9::uuid)
          and ${ACCEPTED}
        group by resource_key, meter, registration_number, subscription_id
        order by resource_key, meter, registration_number, subscription_id
        limit $10::int
      ) as page ${DETAIL_TEXTS}
      order by page.resource_key, page.meter, page.registration_number, page.subscription_id`,
    values: [account, ...unacceptedArrays(unaccepted), day, usage, ...key, limit],
  });
  return rows;
}

/** The key after the window; without a row before it one that is less than any. */
function keyValues(after: DetailPosition | undefined): (string | number)[] {
  return [
    after?.usage ?? -1,
    after?.resourceKey ?? LEAST_UUID,
    after?.meter ?? -1,
    after?.registration ?? -1,
    after?.subscriptionId ?? LEAST_UUID,
  ];
}

/**
 * One page of sums over all resources, by usage window and meter, whatever the reported window in the range. Versions of
 * one meter are one meter while their unit is the same; the newest gives the names.
 */
export async function readSumPage(
  tx: Tx,
  request: RangeRequest & { readonly after: SumPosition | undefined },
): Promise<SumRow[]> {
  const { account, granularity, from, to, after, unaccepted, limit } = request;
  const length = granularity === 'hour' ? 1 : HOURS_PER_DAY;
  const { rows } = await tx.query<SumRow>({
    name: 'account-sums',
    text: `
      select sums.usage, sums.meter_key as "meterKey", sums.quantity::text as quantity,
             meter.commerce_meter_id as "meterId", meter.name as "meterName", meter.category as "meterCategory",
             meter.sub_category as "meterSubCategory", meter.region as "meterRegion", sums.unit
      from (
        select used.usage, lower(commerce_meter_id) as meter_key, unit, max(meter) as meter,
               trim_scale(sum(used.quantity)) as quantity
        from (
          select usage_hour / $6::int as usage, meter, sum(quantity) as quantity
          from reported_usage
          where customer_subscription_id = $1::uuid and reported_hour >= $4::int and reported_hour < $5::int
            and usage_hour >= $7::int * $6::int and ${ACCEPTED}
          group by usage_hour / $6::int, meter
        ) as used join commerce_meter using (meter)
        where (used.usage, lower(commerce_meter_id), unit) > ($7::int, $8, $9)
        group by used.usage, lower(commerce_meter_id), unit
        order by used.usage, lower(commerce_meter_id), unit
        limit $10::int
      ) as sums join commerce_meter as meter on meter.meter = sums.meter
      order by sums.usage, sums.meter_key, sums.unit`,
    values: [
      account,
      ...unacceptedArrays(unaccepted),
      from * length,
      to * length,
      length,
      after?.usage ?? -1,
      after?.meterKey ?? '',
      after?.unit ?? '',
      limit,
    ],
  });
  return rows;
}
