import { parseResourceUri, toWireQuantity, type Instant } from '../../kernel/index.ts';
import { uuidOf, uuidText } from '../../platform/index.ts';
import type { CommerceSubscription } from '../registration/index.ts';
import { dateText, monthOf, periodName } from './billing-period.ts';
import { additionalInfoJson, tagsJson } from './instance-data.ts';
import type { DetailRow } from './rows.ts';
import type { Expansion } from './usage-details-query.ts';

const TYPE = 'Microsoft.Consumption/usageDetails';

/** How a list of usage details writes rows. */
export interface DetailsWriting {
  readonly account: CommerceSubscription;
  readonly now: Instant;
  readonly expand: ReadonlySet<Expansion>;
}

/** One row as JSON, by hand because its quantities are JSON numbers of any length. */
export function toUsageDetail(
  row: DetailRow,
  registrationId: string,
  { account, now, expand }: DetailsWriting,
): string {
  const { subscriptionId, displayName } = account;
  const date = dateText(row.usage);
  const month = monthOf(Temporal.Instant.from(`${date}T00:00Z`));
  const period = `/subscriptions/${subscriptionId}/providers/Microsoft.Billing/billingPeriods/${periodName(month)}`;
  const name = uuidText(
    uuidOf(
      `usageDetail|${subscriptionId}|${row.usage}|${row.resourceKey}|${row.meter}|${row.registration}|${row.subscriptionId}`,
    ),
  );
  const resource = parseResourceUri(row.resourceUri);
  const before = {
    billingPeriodId: period,
    usageStart: `${date}T00:00:00Z`,
    usageEnd: `${date}T23:59:59Z`,
    instanceName: row.resourceUri.slice(row.resourceUri.lastIndexOf('/') + 1),
    instanceId: row.resourceUri,
    instanceLocation: row.location,
  };
  const after = {
    isEstimated: month >= monthOf(now),
    meterId: row.meterId,
    subscriptionGuid: subscriptionId,
    subscriptionName: displayName,
    product: row.meterName,
    consumedService: resource?.provider ?? '',
    ...(expand.has('meterDetails') && { meterDetails: meterDetails(row) }),
    ...(expand.has('additionalProperties') && {
      additionalProperties: additionalInfoJson(row, registrationId),
    }),
  };
  const tags = tagsJson(row.tags);
  return (
    `{"id":${JSON.stringify(`${period}/providers/${TYPE}/${name}`)},"name":"${name}","type":"${TYPE}",` +
    `${tags === undefined ? '' : `"tags":${tags},`}"properties":{${inner(before)},` +
    `"usageQuantity":${toWireQuantity(row.quantity)},"billableQuantity":${toWireQuantity(row.billableQuantity)},` +
    `${inner(after)}}}`
  );
}

function meterDetails(row: DetailRow): object {
  const { meterName, meterCategory, meterSubCategory, meterRegion, unit } = row;
  return { meterName, meterCategory, meterSubCategory, meterLocation: meterRegion, unit };
}

/** The members of an object without its braces. */
function inner(members: object): string {
  return JSON.stringify(members).slice(1, -1);
}
