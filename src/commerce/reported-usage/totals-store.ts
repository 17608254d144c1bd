import type { SubscriptionId } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import { countOf } from './batch-store.ts';
import { lastAcceptedOf, type WindowRange } from './window-store.ts';

/** What was accepted of one meter of one subscription of a stamp on one reported day. */
export interface ReceivedTotal {
  /** Days since 1970-01-01, of the windows. */
  readonly day: number;
  /** Of the stamp. */
  readonly subscriptionId: SubscriptionId;
  /** Of the stamp, in lower case. */
  readonly meterId: string;
  readonly rows: number;
  /** All three are exact; decimal text in its shortest form. */
  readonly quantity: string;
  /** Of it, what no mapping applied to: it is booked on the subscription of the registration. */
  readonly onBaseQuantity: string;
  /** Of it, what costs nothing, whoever it is booked on. */
  readonly unpaidQuantity: string;
}

/**
 * Sums of the accepted windows from `from`, inclusive, to `to`, exclusive: by day, subscription and
 * meter, in this order. What has not been accepted yet counts nothing.
 *
 * Reads one registration's rows hour by hour along the primary key, (reported_hour, registration_number).
 */
export async function receivedTotals(
  db: Queryable,
  registrationNumber: number,
  from: number,
  to: number,
): Promise<ReceivedTotal[]> {
  const { rows } = await db.query<Omit<ReceivedTotal, 'rows'> & { rows: bigint }>(
    `select u.day, u.subscription_id as "subscriptionId", m.local_meter_key as "meterId", sum(u.rows)::bigint as rows,
            trim_scale(sum(u.quantity)) as quantity, trim_scale(sum(u.base)) as "onBaseQuantity",
            trim_scale(sum(u.unpaid)) as "unpaidQuantity"
     from (select reported_hour / 24 as day, subscription_id, meter, count(*) as rows, sum(quantity) as quantity,
                  coalesce(sum(quantity) filter (where mapping is null), 0) as base,
                  coalesce(sum(quantity) filter (where not billable), 0) as unpaid
           from reported_usage
           where registration_number = $1 and reported_hour >= $2 and reported_hour < $3
             and reported_hour <= ${lastAcceptedOf('$1')}
           group by 1, 2, 3) u
     join commerce_meter m using (meter)
     group by u.day, u.subscription_id, m.local_meter_key
     order by u.day, u.subscription_id, m.local_meter_key collate "C"`,
    [registrationNumber, from, to],
  );
  return rows.map((row) => ({ ...row, rows: countOf(row.rows) }));
}

const HOURS_OF_DAY = 24;

/** {@link receivedTotals} a reported day at a time, so that a long range takes no more memory than a day. */
export async function* streamTotals(
  db: Queryable,
  registrationNumber: number,
  { from, to }: WindowRange,
): AsyncGenerator<readonly ReceivedTotal[], void, undefined> {
  for (let start = from; start < to;) {
    const end = Math.min(to, (Math.floor(start / HOURS_OF_DAY) + 1) * HOURS_OF_DAY);
    yield await receivedTotals(db, registrationNumber, start, end);
    start = end;
  }
}
