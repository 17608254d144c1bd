import assert from 'node:assert/strict';
import type { Database } from '../../src/platform/index.ts';

/** A row as text, the same on both sides. */
type RowText = string;

const ROW = (row: string): string =>
  `concat_ws('|', ${row}, r.resource_uri, r.location, r.tags, r.additional_info)`;

/** Closed rows of the stamp from `from` on, by text. */
async function closedRows(stamp: Database, from: number): Promise<RowText[]> {
  const { rows } = await stamp.pool.query<{ text: string }>(
    `select ${ROW('u.reported_hour, u.subscription_id, u.usage_hour, lower(s.spelled), u.quantity::text')} as text
     from usage_hourly u
     join reported_window w on w.granularity = 'hour' and w.number = u.reported_hour and w.state = 'closed'
     join resource r on r.subscription_id = u.subscription_id and r.resource_key = u.resource_key
     join meter_spelling s on s.spelling = u.spelling
     where u.reported_hour >= $1`,
    [from],
  );
  return rows.map(({ text }) => text).toSorted();
}

async function receivedRows(
  commerce: Database,
  registration: number | undefined,
): Promise<RowText[]> {
  const { rows } = await commerce.pool.query<{ text: string }>(
    `select ${ROW('u.reported_hour, u.subscription_id, u.usage_hour, m.local_meter_key, u.quantity::text')} as text
     from reported_usage u
     join received_window w on w.registration_number = u.registration_number and w.reported_hour = u.reported_hour
     join reported_resource r on r.customer_subscription_id = u.customer_subscription_id and r.resource_key = u.resource_key
     join commerce_meter m on m.meter = u.meter
     where $1::int is null or u.registration_number = $1`,
    [registration ?? null],
  );
  return rows.map(({ text }) => text).toSorted();
}

/**
 * Compares what a stamp has closed with what commerce has received of it: row for row, quantities with them, none twice.
 *
 * @param registration number of the stamp's; all there is unless given
 * @returns how many rows
 */
export async function assertReceivedEqualsClosed(
  stamp: Database,
  commerce: Database,
  from: number,
  registration?: number,
): Promise<number> {
  const closed = await closedRows(stamp, from);
  const received = await receivedRows(commerce, registration);
  assert.equal(received.length, closed.length, 'as many rows');
  assert.equal(new Set(received).size, received.length, 'no row twice');
  const differing = closed.findIndex((row, at) => row !== received[at]);
  assert.equal(differing, -1, `${closed[differing]} is not ${received[differing]}`);
  const { rows } = await commerce.pool.query<{ left: bigint }>(
    `select count(*) as left from reported_batch b where not exists (
       select from received_window w
       where w.registration_number = b.registration_number and w.reported_hour = b.reported_hour)`,
  );
  assert.equal(String(rows[0]?.left), '0', 'nothing is left half received');
  return received.length;
}
