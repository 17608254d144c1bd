import {
  fail,
  formatWireTime,
  hourNumber,
  hourOf,
  hourStart,
  type Instant,
  type SubscriptionId,
} from '../../kernel/index.ts';
import type { Queryable, Tx } from '../../platform/index.ts';
import { beginRead } from './bounded-read.ts';
import { invalid, optional, readTime, refuseOthers, type ParameterLists } from './meter-query.ts';
import type { UsageApi } from './routes.ts';

/** Most records in one answer, and how many there are unless asked otherwise. */
const MOST_RECORDS = 100;

/** Records are kept by reported hour and by nothing else, so that they are written fast: a day of them is searched. */
const MOST_HOURS = 24;

/** What is understood; `clientId` only names the one who asks. */
const OFFERED = ['subject', 'ingestedAtFrom', 'ingestedAtTo', 'from', 'to', 'limit', 'clientId'];

interface RecordRow {
  readonly recordKey: string;
  readonly usageStart: Instant;
  readonly usageEnd: Instant;
  readonly meterId: string;
  readonly quantity: string;
  readonly resourceUri: string;
  readonly location: string;
  readonly tags: string;
  readonly additionalInfo: string;
}

interface RecordsQuery {
  /** reported hours, both inclusive */
  readonly firstHour: number;
  readonly lastHour: number;
  /** start of usage, both inclusive */
  readonly from: Instant | undefined;
  readonly to: Instant | undefined;
  readonly limit: number;
}

/**
 * The records of a subscription that came in last, newest reported hour first, as a JSON array.
 *
 * @throws InvalidProperty (not offered, out of bounds), BadRequest (not a time), UsageDataExpired
 */
export async function recordsPage(
  api: UsageApi,
  parameters: ParameterLists,
  subscriptionId: SubscriptionId,
): Promise<string> {
  const query = readRecordsQuery(parameters, api.clock.now());
  await requireKept(api.database.pool, query);
  const start = hourStart(hourNumber(query.firstHour)).toString();
  const read = beginRead(api, ['ingestedAtFrom', start]);
  return read.as({ kind: 'tenant', subscriptionId }, async (tx, renew) => {
    const records: string[] = [];
    for (let hour = query.lastHour; hour >= query.firstHour; hour--) {
      const limit = query.limit - records.length;
      if (limit <= 0) break;
      await renew();
      const rows = await readHour(tx, { ...query, hour, subscriptionId, limit });
      for (const row of rows) records.push(toWireRecord(subscriptionId, hour, row));
    }
    return `[${records.join(',')}]`;
  });
}

/** An empty list would say that nothing came in. */
async function requireKept(db: Queryable, query: RecordsQuery): Promise<void> {
  const { rows } = await db.query<{ expired: number | null }>({
    name: 'usage-records-expired',
    text: `select max(number) as expired from reported_window
           where granularity = 'hour' and number between $1 and $2 and records_expired_at is not null`,
    values: [query.firstHour, query.lastHour],
  });
  const expired = rows[0]?.expired ?? undefined;
  if (expired === undefined) return;
  const keptFrom = formatWireTime(hourStart(hourNumber(expired + 1)));
  throw fail('UsageDataExpired', { granularity: 'Raw', keptFrom });
}

/** Reads what is asked of records, the subject aside; empty parameters are absent. */
export function readRecordsQuery(parameters: ParameterLists, now: Instant): RecordsQuery {
  refuseOthers(parameters, OFFERED);
  const until = readTime(parameters, 'ingestedAtTo');
  const present: number = hourOf(now);
  const lastHour = until === undefined ? present : Math.min(hourOf(until), present);
  const since = readTime(parameters, 'ingestedAtFrom');
  const firstHour = since === undefined ? lastHour - MOST_HOURS + 1 : hourOf(since);
  if (since !== undefined && lastHour - firstHour >= MOST_HOURS) {
    const rule = `at most ${MOST_HOURS} hours up to ingestedAtTo are searched at once`;
    throw invalid('ingestedAtFrom', since.toString(), rule);
  }
  return {
    firstHour,
    lastHour,
    from: readTime(parameters, 'from'),
    to: readTime(parameters, 'to'),
    limit: readLimit(optional(parameters, 'limit')),
  };
}

function readLimit(text: string | undefined): number {
  if (text === undefined) return MOST_RECORDS;
  const limit = /^[0-9]{1,3}$/.test(text) ? Number.parseInt(text, 10) : 0;
  if (limit >= 1 && limit <= MOST_RECORDS) return limit;
  throw invalid('limit', text, `it has to be a number from 1 to ${MOST_RECORDS}`);
}

/** A record that crosses hours is kept in parts, all of one reported hour: put together again. */
async function readHour(
  tx: Tx,
  request: Omit<RecordsQuery, 'firstHour' | 'lastHour'> & {
    readonly hour: number;
    readonly subscriptionId: SubscriptionId;
  },
): Promise<RecordRow[]> {
  const { hour, subscriptionId, from, to, limit } = request;
  const { rows } = await tx.query<RecordRow>({
    name: 'usage-records-of-hour',
    text: `
      select record.record_key as "recordKey", record.usage_start as "usageStart", record.usage_end as "usageEnd",
             spelling.spelled as "meterId", record.quantity::text as quantity, resource.resource_uri as "resourceUri",
             resource.location, resource.tags, resource.additional_info as "additionalInfo"
      from (
        select record_key, resource_key, spelling, min(usage_start) as usage_start, max(usage_end) as usage_end,
               trim_scale(sum(quantity)) as quantity
        from usage_record
        where reported_hour = $1::int and subscription_id = $2::uuid
        group by record_key, resource_key, spelling
        having min(usage_start) >= coalesce($3::timestamptz, '-infinity')
           and min(usage_start) <= coalesce($4::timestamptz, 'infinity')
        order by min(usage_start) desc, record_key limit $5::int
      ) as record
      join resource on resource.subscription_id = $2::uuid and resource.resource_key = record.resource_key
      join meter_spelling as spelling on spelling.spelling = record.spelling
      order by record.usage_start desc, record.record_key`,
    values: [hour, subscriptionId, from?.toString(), to?.toString(), limit],
  });
  return rows;
}

/**
 * A record as the event that brought it in. Of its source and id only a hash is kept, which stands for the id; when it
 * came in is known to the hour.
 */
function toWireRecord(subscriptionId: SubscriptionId, hour: number, row: RecordRow): string {
  const { recordKey, usageStart, usageEnd, meterId, quantity, ...resource } = row;
  const { resourceUri, location, tags, additionalInfo } = resource;
  const reported = hourStart(hourNumber(hour)).toString();
  const attributes = {
    specversion: '1.0',
    id: recordKey,
    source: `/subscriptions/${subscriptionId}`,
    type: 'stackmeter.usage',
    subject: subscriptionId,
    time: usageStart.toString(),
  };
  const texts = {
    usageStartTime: usageStart.toString(),
    usageEndTime: usageEnd.toString(),
    location,
    tags,
    additionalInfo,
  };
  const named = { subscriptionId, resourceUri, meterId };
  return (
    `{"event":{${membersOf(attributes)},` +
    `"data":{${membersOf(named)},"quantity":${quantity},${membersOf(texts)}}},` +
    `"ingestedAt":"${reported}","storedAt":"${reported}"}`
  );
}

function membersOf(values: Readonly<Record<string, string>>): string {
  return JSON.stringify(values).slice(1, -1);
}
