import type { SubscriptionId } from '../../kernel/index.ts';
import type { Tx } from '../../platform/index.ts';
import type { RegistrationWindow } from './booking.ts';
import type { WholeRange } from './comparison.ts';
import type { DetailPosition, DetailRow } from './rows.ts';
import { ACCEPTED, DETAIL_COLUMNS, DETAIL_TEXTS, LEAST_UUID, unacceptedArrays } from './store.ts';

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
  /** usage days, both inclusive */
  readonly days: WholeRange;
  readonly resource: ResourceFilter;
  readonly unaccepted: readonly RegistrationWindow[];
  readonly after: DetailPosition | undefined;
  readonly limit: number;
}

/** One page of rows by usage day, a usage day at a time, whenever they were reported. */
export async function readUsageDetails(tx: Tx, request: DetailsRequest): Promise<DetailRow[]> {
  const { after, days, limit } = request;
  const rows: DetailRow[] = [];
  for (let day = after?.usage ?? days.first; day <= days.last && rows.length < limit; day++) {
    const afterOfDay = after?.usage === day ? after : undefined;
    const left = limit - rows.length;
    rows.push(...(await readDay(tx, { ...request, day, after: afterOfDay, limit: left })));
  }
  return rows;
}

const RESOURCES = `
  and resource_key in (
    select resource_key from reported_resource
    where customer_subscription_id = $1::uuid
      and ($10::text is null or (lower(split_part(resource_uri, '/', 4)) = 'resourcegroups'
                                 and lower(split_part(resource_uri, '/', 5)) = lower($10)))
      and ($11::text is null or lower(regexp_replace(resource_uri, '^.*/', '')) = lower($11))
      and ($12::text is null or lower(resource_uri) = lower($12)))`;

/** A row may be reported long after its day, never a day before it; the index is skipped through by reported hour. */
function dayStatement(filtered: boolean): string {
  return `
    select ${DETAIL_COLUMNS}
    from (
      select $4::int as reported, $4::int as usage, resource_key, meter, registration_number, subscription_id,
             trim_scale(sum(quantity)) as quantity,
             trim_scale(coalesce(sum(quantity) filter (where billable), 0)) as billable_quantity
      from reported_usage
      where customer_subscription_id = $1::uuid and reported_hour >= ($4::int - 1) * 24
        and usage_hour >= $4::int * 24 and usage_hour < $4::int * 24 + 24
        and (resource_key, meter, registration_number, subscription_id) > ($5::uuid, $6::int, $7::int, $8::uuid)
        and ${ACCEPTED} ${filtered ? RESOURCES : ''}
      group by resource_key, meter, registration_number, subscription_id
      order by resource_key, meter, registration_number, subscription_id
      limit $9::int
    ) as page ${DETAIL_TEXTS}
    order by page.resource_key, page.meter, page.registration_number, page.subscription_id`;
}

const STATEMENTS = { all: dayStatement(false), filtered: dayStatement(true) };

async function readDay(
  tx: Tx,
  request: DetailsRequest & { readonly day: number },
): Promise<DetailRow[]> {
  const { account, day, after, resource, unaccepted, limit } = request;
  const { resourceGroup, instanceName, instanceId } = resource;
  const texts = [resourceGroup, instanceName, instanceId];
  const which = texts.some((text) => text !== undefined) ? 'filtered' : 'all';
  const { rows } = await tx.query<DetailRow>({
    name: `account-details-${which}`,
    text: STATEMENTS[which],
    values: [
      account,
      ...unacceptedArrays(unaccepted),
      day,
      after?.resourceKey ?? LEAST_UUID,
      after?.meter ?? -1,
      after?.registration ?? -1,
      after?.subscriptionId ?? LEAST_UUID,
      limit,
      ...(which === 'filtered' ? texts.map((text) => text ?? null) : []),
    ],
  });
  return rows;
}
