import { parseResourceUri, toWireQuantity, type Currency } from '../../kernel/index.ts';
import { uuidOf, uuidText } from '../../platform/index.ts';
import type { CommerceSubscription } from '../registration/index.ts';
import { invoiceIdOf, periodIdOf } from './billing-ids.ts';
import { dateText, type UsagePeriod } from './billing-period.ts';
import type { Cost } from './cost.ts';
import { additionalInfoJson, tagsJson } from './instance-data.ts';
import type { DetailRow } from './rows.ts';
import type { Expansion } from './usage-details-query.ts';

const HOURS_PER_DAY = 24;
const TYPE = 'Microsoft.Consumption/usageDetails';

/** How a list of usage details writes rows. */
export interface DetailsWriting {
  readonly account: CommerceSubscription;
  /** Of what the rows cost; undefined: another account pays, or nothing is billed yet. */
  readonly currency: Currency | undefined;
  readonly expand: ReadonlySet<Expansion>;
}

/** What is known of a row besides its usage. */
export interface DetailBilling {
  readonly registrationId: string;
  readonly period: UsagePeriod;
  /** Undefined while nothing of it is rated, or another account pays. */
  readonly cost: Cost | undefined;
  /** Whether it can still change. */
  readonly isEstimated: boolean;
}

/** One row as JSON, by hand because its quantities are JSON numbers of any length. */
export function toUsageDetail(
  row: DetailRow,
  { registrationId, period, cost, isEstimated }: DetailBilling,
  { account, currency, expand }: DetailsWriting,
): string {
  const { subscriptionId, displayName } = account;
  const date = dateText(row.usage);
  const periodId = periodIdOf(subscriptionId, period.name);
  const name = uuidText(uuidOf(nameOf(row, subscriptionId, period)));
  const resource = parseResourceUri(row.resourceUri);
  const before = {
    billingPeriodId: periodId,
    ...(cost?.invoice !== undefined && { invoiceId: invoiceIdOf(subscriptionId, cost.invoice) }),
    usageStart: `${date}T00:00:00Z`,
    usageEnd: `${date}T23:59:59Z`,
    instanceName: row.resourceUri.slice(row.resourceUri.lastIndexOf('/') + 1),
    instanceId: row.resourceUri,
    instanceLocation: row.location,
    ...(currency !== undefined && cost?.amount !== undefined && { currency }),
  };
  const after = {
    isEstimated,
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
  const amount = cost?.amount;
  const pretaxCost = amount && `"pretaxCost":${toWireQuantity(amount.toText())},`;
  return (
    `{"id":${JSON.stringify(`${periodId}/providers/${TYPE}/${name}`)},"name":"${name}","type":"${TYPE}",` +
    `${tags === undefined ? '' : `"tags":${tags},`}"properties":{${inner(before)},` +
    `"usageQuantity":${toWireQuantity(row.quantity)},"billableQuantity":${toWireQuantity(row.billableQuantity)},${pretaxCost ?? ''}` +
    `${inner(after)}}}`
  );
}

/** Where a billing period begins within the day, what belongs to it is a row of its own. */
function nameOf(row: DetailRow, subscriptionId: string, { hours }: UsagePeriod): string {
  const { usage, resourceKey, meter, registration } = row;
  const later = hours.from > usage * HOURS_PER_DAY ? `|${hours.from}` : '';
  return `usageDetail|${subscriptionId}|${usage}|${resourceKey}|${meter}|${registration}|${row.subscriptionId}${later}`;
}

function meterDetails(row: DetailRow): object {
  const { meterName, meterCategory, meterSubCategory, meterRegion, unit } = row;
  return { meterName, meterCategory, meterSubCategory, meterLocation: meterRegion, unit };
}

/** The members of an object without its braces. */
function inner(members: object): string {
  return JSON.stringify(members).slice(1, -1);
}
