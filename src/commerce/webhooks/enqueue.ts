import { randomUUID } from 'node:crypto';
import type { Queryable } from '../../platform/index.ts';
import { payloadOf, type WebhookEvent } from './message.ts';

/**
 * Keeps what happened to be told, in the transaction in which it happens: it is told if that commits, and
 * only then. Goes to the endpoints that are enabled now, belong to one of the accounts and want the type;
 * where there is none nothing is kept. Whoever removes one of them waits.
 */
export async function enqueueWebhook(
  tx: Queryable,
  { type, occurredAt, accountIds, data }: WebhookEvent,
): Promise<void> {
  await tx.query(
    `with wanting as (
       select endpoint_id from webhook_endpoint
       where state = 'Enabled' and account_id = any($2::uuid[])
         and (event_types = '{}' or $3 = any(event_types))
       for key share),
     message as (
       insert into webhook_message (message_id, type, account_ids, occurred_at, payload)
       select $1, $3, $2, $4, $5 where exists (select from wanting)
       returning message_id)
     insert into webhook_delivery (message_id, endpoint_id, state, next_attempt_at)
     select message_id, endpoint_id, 'Pending', $4 from message cross join wanting`,
    [randomUUID(), accountIds, type, occurredAt.toString(), payloadOf(type, occurredAt, data)],
  );
}
