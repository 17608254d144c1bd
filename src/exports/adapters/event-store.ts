import type { Instant } from '../../kernel/index.ts';
import type { Queryable, Tx } from '../../platform/index.ts';
import type { AdapterDefinition } from './adapter.ts';
import type { LeftEvent, UsageEvent } from './event.ts';
import { adaptersByKind } from './kinds/index.ts';
import type { Refusal } from './kinds/kind.ts';

const COLUMNS = `e.event_id as "eventId", w.reported_hour as window, r.registration_id as "registrationId",
  e.account_id as "accountId", e.customer_subscription_id as "customerSubscriptionId",
  e.subscription_id as "subscriptionId", e.meter_id as "meterId", e.meter_name as "meterName", e.unit, e.quantity,
  e.usage_from as "usageFrom", e.usage_to as "usageTo", e.code, e.customer`;
const TABLES = `adapter_event e join adapter_window w using (window_id) join registration r using (registration_number)`;

/** An event that waits, and when it was first sent without an answer. */
export interface PendingEvent extends UsageEvent {
  readonly attemptedAt: Instant | null;
}

/** Events of a window that wait, in the order of their ids. */
export async function pendingEvents(
  db: Queryable,
  windowId: string,
  limit: number,
): Promise<PendingEvent[]> {
  const { rows } = await db.query<PendingEvent>(
    `select ${COLUMNS}, e.attempted_at as "attemptedAt" from ${TABLES}
     where e.window_id = $1 and e.state = 'Pending' order by e.event_id limit $2`,
    [windowId, limit],
  );
  return rows;
}

/** Notes before they are sent that they may have arrived. */
export async function noteAttempted(
  db: Queryable,
  eventIds: readonly string[],
  now: Instant,
): Promise<void> {
  await db.query(
    `update adapter_event set attempted_at = $2
     where event_id = any($1) and attempted_at is null and state = 'Pending'`,
    [eventIds, now.toString()],
  );
}

/** Notes that they did not arrive. */
export async function noteNotArrived(tx: Queryable, eventIds: readonly string[]): Promise<void> {
  await tx.query(
    `update adapter_event set attempted_at = null where event_id = any($1) and state = 'Pending'`,
    [eventIds],
  );
}

export async function noteTaken(
  tx: Queryable,
  windowId: string,
  eventIds: readonly string[],
): Promise<void> {
  await tx.query(
    `with gone as (delete from adapter_event where window_id = $1 and event_id = any($2) and state = 'Pending'
                   returning event_id)
     update adapter_window set delivered = delivered + (select count(*) from gone) where window_id = $1`,
    [windowId, eventIds],
  );
}

export async function noteRefused(
  tx: Queryable,
  refused: readonly Refusal[],
  now: Instant,
): Promise<void> {
  await tx.query(
    `update adapter_event e set state = 'Dead', status = r.status, answer = r.answer, failed_at = $4
     from unnest($1::uuid[], $2::int[], $3::text[]) as r (event_id, status, answer)
     where e.event_id = r.event_id and e.state = 'Pending'`,
    [
      refused.map(({ eventId }) => eventId),
      refused.map(({ status }) => status ?? null),
      refused.map(({ answer }) => answer),
      now.toString(),
    ],
  );
}

/** Ends a window of which nothing waits. */
export async function closeWindow(tx: Queryable, windowId: string, now: Instant): Promise<void> {
  await tx.query(
    `update adapter_window w set state = 'Delivered', delivered_at = $2
     where window_id = $1 and not exists (
       select from adapter_event e where e.window_id = w.window_id and e.state = 'Pending')`,
    [windowId, now.toString()],
  );
}

/** How many events of an adapter are held or refused. */
export async function countLeft(db: Queryable, adapterId: string): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    `select count(*)::int as count from adapter_event where adapter_id = $1 and state <> 'Pending'`,
    [adapterId],
  );
  return rows[0]?.count ?? 0;
}

/** Events that were refused, in the order of their ids. @param after id of the last of the page before */
export async function listDeadLetters(
  db: Queryable,
  adapterId: string,
  { after, limit }: { readonly after: string | undefined; readonly limit: number },
): Promise<LeftEvent[]> {
  const { rows } = await db.query<LeftEvent>(
    `select ${COLUMNS}, e.status, e.answer, e.failed_at as "failedAt" from ${TABLES}
     where e.adapter_id = $1 and e.state = 'Dead' and ($2::uuid is null or e.event_id > $2)
     order by e.event_id limit $3`,
    [adapterId, after ?? null, limit],
  );
  return rows;
}

/**
 * Makes events wait again that are held and have names by now, or that were refused. Their names are those of the mapping
 * as it is: nobody has taken them under others.
 *
 * @param which of those that were refused only this one, if one is given
 * @returns how many
 */
export async function releaseEvents(
  tx: Tx,
  { adapterId, kind, meters, customers }: AdapterDefinition,
  which: { readonly state: 'Held' | 'Dead'; readonly eventId?: string | undefined },
): Promise<number> {
  const { needsNames } = adaptersByKind[kind];
  const { rows } = await tx.query<{ count: number }>(
    `with named as (
       select event_id, $3::jsonb ->> meter_id as code, $4::jsonb ->> customer_subscription_id::text as customer
       from adapter_event where adapter_id = $1 and state = $2 and ($6::uuid is null or event_id = $6)),
     released as (
       update adapter_event e
       set code = n.code, customer = n.customer, attempted_at = null, status = null, answer = null, failed_at = null,
           state = case when $5 and (n.code is null or n.customer is null) then 'Held' else 'Pending' end
       from named n where n.event_id = e.event_id and ($2 = 'Dead' or (n.code is not null and n.customer is not null))
       returning e.window_id),
     opened as (
       update adapter_window set state = 'Sending', delivered_at = null where window_id in (select window_id from released))
     select count(*)::int as count from released`,
    [
      adapterId,
      which.state,
      JSON.stringify(meters),
      JSON.stringify(customers),
      needsNames,
      which.eventId ?? null,
    ],
  );
  return rows[0]?.count ?? 0;
}

const KEPT_DAYS = 400;
const MOST_FORGOTTEN = 1000;

/** Forgets windows that went long ago, whole. */
export async function forgetWindows(db: Queryable, now: Instant): Promise<void> {
  await db.query(
    `delete from adapter_window where window_id in (
       select window_id from adapter_window
       where state = 'Delivered' and delivered = events and delivered_at < $1 limit ${MOST_FORGOTTEN})`,
    [now.subtract({ hours: 24 * KEPT_DAYS }).toString()],
  );
}
