import { Decimal, meterKey, parseMeterId, type Instant } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import { readWindow } from './store.ts';

/** A row of usage as others know it: by its texts and by hours since 1970. */
export interface RowName {
  readonly subscriptionId: string;
  readonly resourceUri: string;
  readonly location: string;
  readonly tags: string;
  readonly additionalInfo: string;
  /** In any case. */
  readonly meterId: string;
  readonly reportedHour: number;
  readonly usageHour: number;
}

/** A record of a row, or the part of it that lies in the usage hour of the row. */
export interface RowRecord {
  /** A hash of who emitted it and under which id. */
  readonly recordKey: string;
  readonly usageStart: Instant;
  readonly usageEnd: Instant;
  readonly quantity: Decimal;
}

/**
 * The records of a row; or none any more, since the records of its reported hour are past their retention; or nothing,
 * since there is no such row here.
 */
export type RecordsOfRow =
  | { readonly state: 'found'; readonly records: readonly RowRecord[]; readonly more: boolean }
  | { readonly state: 'expired' }
  | { readonly state: 'elsewhere' };

/** So many records of a row are read. */
const MOST_RECORDS = 1000;

/**
 * The records that a row was summed up from, in the order of their time.
 *
 * Looks among the resources of the subscription, and then through the records of the reported hour: they are kept as they
 * came, with an index that tells hours apart and no more.
 */
export async function recordsOfRow(db: Queryable, row: RowName): Promise<RecordsOfRow> {
  const meterId = parseMeterId(row.meterId);
  const window = await readWindow(db, 'hour', row.reportedHour);
  const resourceKey = await findResource(db, row);
  if (meterId === undefined || window === undefined || resourceKey === undefined) {
    return { state: 'elsewhere' };
  }
  if (window.state === 'closed' && window.recordsExpiredAt !== undefined) {
    return { state: 'expired' };
  }
  const { rows } = await db.query<Omit<RowRecord, 'quantity'> & { quantity: string }>({
    name: 'records-of-row',
    text: `select record_key as "recordKey", usage_start as "usageStart", usage_end as "usageEnd", quantity
           from usage_record
           where reported_hour = $1 and subscription_id = $2 and resource_key = $3 and usage_hour = $4
             and spelling in (
               select spelling from meter_spelling join meter using (meter) where meter_key = $5)
           order by usage_start, usage_end, record_key limit $6`,
    values: [
      row.reportedHour,
      row.subscriptionId,
      resourceKey,
      row.usageHour,
      meterKey(meterId),
      MOST_RECORDS + 1,
    ],
  });
  if (rows.length === 0) return { state: 'elsewhere' };
  const records = rows.slice(0, MOST_RECORDS).map(({ quantity, ...rest }) => ({
    ...rest,
    quantity: Decimal.parse(quantity)!,
  }));
  return { state: 'found', records, more: rows.length > MOST_RECORDS };
}

async function findResource(
  db: Queryable,
  { subscriptionId, resourceUri, location, tags, additionalInfo }: RowName,
): Promise<string | undefined> {
  const { rows } = await db.query<{ key: string }>({
    name: 'records-resource',
    text: `select resource_key as key from resource
           where subscription_id = $1 and resource_uri = $2 and location = $3 and tags = $4 and additional_info = $5`,
    values: [subscriptionId, resourceUri, location, tags, additionalInfo],
  });
  return rows[0]?.key;
}
