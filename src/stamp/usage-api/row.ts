import { toWireQuantity, usageBucket } from '../../kernel/index.ts';
import { uuidOf, uuidText } from '../../platform/index.ts';
import type { Granularity } from '../aggregation/index.ts';
import type { UsageRow } from './store.ts';

/** The texts of the resource, inside JSON, inside a JSON string; kept as emitted, byte for byte. */
export function instanceData(row: UsageRow): string {
  return JSON.stringify({
    'Microsoft.Resources': {
      resourceUri: row.resourceUri,
      location: row.location,
      tags: row.tags,
      additionalInfo: row.additionalInfo,
    },
  });
}

/** A stable id of the row, unique over both granularities: our addition, given when asked for. */
export function recordIdOf(granularity: Granularity, row: UsageRow): string {
  const key = `${granularity}|${row.reported}|${row.subscriptionId}|${row.usage}|${row.resourceKey}|${row.meter}`;
  return uuidText(uuidOf(key));
}

/**
 * One row as compact JSON, fields in the order in which clients know them. Written by hand because the quantity is a
 * JSON number of any length, which JSON.stringify cannot write.
 *
 * @param callerId the subscription under which the caller asked
 */
export function toWireRow(
  row: UsageRow,
  query: { granularity: Granularity; showRecordId: boolean },
  callerId: string,
): string {
  const name = JSON.stringify(`${row.subscriptionId}-${row.meterId}`);
  const id = JSON.stringify(
    `/subscriptions/${callerId}/providers/Microsoft.Commerce/UsageAggregate/${row.subscriptionId}-${row.meterId}`,
  );
  const { start, end } = usageBucket(query.granularity, row.usage);
  const recordId = query.showRecordId ? `,"recordId":"${recordIdOf(query.granularity, row)}"` : '';
  return (
    `{"id":${id},"name":${name},"type":"Microsoft.Commerce/UsageAggregate","properties":{` +
    `"subscriptionId":"${row.subscriptionId}","usageStartTime":"${start}","usageEndTime":"${end}",` +
    `"instanceData":${JSON.stringify(instanceData(row))},"quantity":${toWireQuantity(row.quantity)},` +
    `"meterId":${JSON.stringify(row.meterId)},"name":${name}${recordId}}}`
  );
}
