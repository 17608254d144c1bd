import {
  Decimal,
  fail,
  meterKey,
  type DirectoryTenantId,
  type MeterId,
} from '../../kernel/index.ts';
import { uuidBytes, uuidOf } from '../../platform/index.ts';
import type { BillingModel, ReportedResource, ReportedRow } from '../../reporting/index.ts';
import type { MappingInForce, Registration } from '../registration/index.ts';
import type { BookedResource, BookedRow } from './batch-store.ts';
import { isPlainMeterId, type MeterInForce } from './meter-store.ts';

const PAID_MODELS: ReadonlySet<BillingModel> = new Set(['PayAsYouUse', 'Custom', 'Ruggedized']);

/** Whether usage under this model is paid by what was used. */
export function paysByUse(model: BillingModel): boolean {
  return PAID_MODELS.has(model);
}

/**
 * Books resources on the account that the mapping of their directory names, or on the subscription of
 * the registration where there is none.
 */
export function bookResources(
  resources: readonly ReportedResource[],
  registration: Pick<Registration, 'subscriptionId'>,
  mappings: ReadonlyMap<DirectoryTenantId, MappingInForce>,
): BookedResource[] {
  return resources.map((resource) => {
    const { subscriptionId, tenantId, resourceUri, location, tags, additionalInfo } = resource;
    const applied = mappings.get(tenantId);
    return {
      account: uuidBytes(applied?.customerSubscriptionId ?? registration.subscriptionId),
      key: keyOfResource(resource),
      subscription: uuidBytes(subscriptionId),
      tenant: uuidBytes(tenantId),
      mapping: applied?.mapping ?? 0,
      resourceUri,
      location,
      tags,
      additionalInfo,
    };
  });
}

/**
 * 128 bits of a hash of the subscription and the four texts; the length of each text goes into it, so
 * that two different resources never share one.
 */
function keyOfResource(resource: ReportedResource): BookedResource['key'] {
  const { subscriptionId, resourceUri, location, tags, additionalInfo } = resource;
  const texts = [subscriptionId, resourceUri, location, tags, additionalInfo];
  return uuidOf(`${texts.map((text) => text.length).join(',')}\n${texts.join('')}`);
}

/** @param meters by key in lower case; has all that the rows name */
export function bookRows(
  rows: readonly ReportedRow[],
  resources: readonly BookedResource[],
  meters: ReadonlyMap<string, MeterInForce>,
  billingModel: BillingModel,
): BookedRow[] {
  const isPaidByUse = paysByUse(billingModel);
  const bySpelling = new Map<MeterId, MeterInForce>();
  return rows.map(({ resource, meterId, usageHour, quantity }) => {
    const meter = bySpelling.get(meterId) ?? meters.get(meterKey(meterId))!;
    bySpelling.set(meterId, meter);
    return {
      resource: resources[resource]!,
      usageHour,
      meter: meter.meter,
      billable: isPaidByUse && meter.paid,
      quantity: Decimal.parse(quantity)!,
    };
  });
}

/**
 * The meters that rows name: one spelling of each, by key in lower case.
 *
 * @throws InvalidReport for an id that is no plain text
 */
export function spellingsOf(rows: readonly ReportedRow[]): Map<string, string> {
  const seen = new Set<MeterId>();
  for (const { meterId } of rows) seen.add(meterId);
  const spellings = new Map<string, string>();
  for (const meterId of seen) {
    if (!isPlainMeterId(meterId)) {
      const rule = `name the meter '${meterId}', whose id is not in plain letters`;
      throw fail('InvalidReport', { place: 'the rows', rule });
    }
    const key = meterKey(meterId);
    if (!spellings.has(key)) spellings.set(key, meterId);
  }
  return spellings;
}

/**
 * @throws InvalidReport for a text that the database cannot keep
 */
export function checkTexts(resources: readonly ReportedResource[]): void {
  for (const [at, { resourceUri, location, tags, additionalInfo }] of resources.entries()) {
    const holdsNul = [resourceUri, location, tags, additionalInfo].some((text) =>
      text.includes('\0'),
    );
    if (holdsNul) {
      const rule = 'has a text with the character U+0000';
      throw fail('InvalidReport', { place: `resources[${at}]`, rule });
    }
  }
}
