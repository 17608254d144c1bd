import { randomUUID } from 'node:crypto';
import { fail, isGuid, type Instant } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import type { Replay } from '../mail/index.ts';
import type { WebhookEndpoint } from './endpoint.ts';
import { findEndpoint } from './endpoint-store.ts';
import { payloadOf, TEST_EVENT } from './message.ts';

/** A message that is due at an endpoint, held for one attempt. */
export interface DueDelivery {
  readonly messageId: string;
  /** Attempts that came to an end before. */
  readonly attempts: number;
  readonly payload: string;
  readonly endpoint: WebhookEndpoint;
  /** Until when nobody else takes it. What came of it is noted only while it is still held by this claim. */
  readonly heldUntil: Instant;
}

/**
 * Takes the message that has been due for longest, and puts its next attempt off: should
 * nothing be noted of this one, because its sender was killed, the message is due again then.
 *
 * @param which.busy endpoints that are left out
 * @param which.again one that was tried before, or one that was not
 * @param leaseMs longer than an attempt may last
 */
export async function claimDelivery(
  db: Queryable,
  now: Instant,
  { busy, again }: { readonly busy: readonly string[]; readonly again: boolean },
  leaseMs: number,
): Promise<DueDelivery | undefined> {
  const { rows } = await db.query<{
    message_id: string;
    endpoint_id: string;
    attempts: number;
    payload: string;
    held_until: Instant;
  }>(
    `with due as (
       select d.endpoint_id, d.message_id from webhook_delivery d join webhook_endpoint e using (endpoint_id)
       where d.state = 'Pending' and d.next_attempt_at <= $1 and e.state = 'Enabled' and d.endpoint_id <> all($2::uuid[])
         and (d.attempts > 0) = $4
       order by d.next_attempt_at limit 1 for update of d skip locked)
     update webhook_delivery d set next_attempt_at = $3 from due join webhook_message m using (message_id)
     where d.endpoint_id = due.endpoint_id and d.message_id = due.message_id
     returning d.message_id, d.endpoint_id, d.attempts, m.payload, d.next_attempt_at as held_until`,
    [now.toString(), busy, now.add({ milliseconds: leaseMs }).toString(), again],
  );
  const [row] = rows;
  const endpoint = row && (await findEndpoint(db, row.endpoint_id));
  if (row === undefined || endpoint === undefined) return undefined;
  return {
    messageId: row.message_id,
    attempts: row.attempts,
    payload: row.payload,
    endpoint,
    heldUntil: row.held_until,
  };
}

type Attempted = Pick<DueDelivery, 'messageId' | 'endpoint' | 'heldUntil'>;

/** How an attempt ended. */
export interface AttemptEnd {
  readonly attempts: number;
  /** Of the answer; undefined when there was none. */
  readonly status: number | undefined;
  readonly problem: string | undefined;
}

export async function noteDelivered(
  db: Queryable,
  { messageId, endpoint, heldUntil }: Attempted,
  { attempts, status }: AttemptEnd,
  now: Instant,
): Promise<void> {
  await db.query(
    `update webhook_delivery set state = 'Delivered', attempts = $3, last_status = $4, last_problem = null,
       next_attempt_at = null, delivered_at = $5
     where endpoint_id = $1 and message_id = $2 and state = 'Pending' and next_attempt_at = $6`,
    [
      endpoint.endpointId,
      messageId,
      attempts,
      status ?? null,
      now.toString(),
      heldUntil.toString(),
    ],
  );
}

/** @param nextAttemptAt undefined: it is given up */
export async function noteFailed(
  db: Queryable,
  { messageId, endpoint, heldUntil }: Attempted,
  { attempts, status, problem }: AttemptEnd,
  nextAttemptAt: Instant | undefined,
): Promise<void> {
  await db.query(
    `update webhook_delivery set state = case when $6::timestamptz is null then 'Dead' else 'Pending' end,
       attempts = $3, last_status = $4, last_problem = $5, next_attempt_at = $6
     where endpoint_id = $1 and message_id = $2 and state = 'Pending' and next_attempt_at = $7`,
    [
      endpoint.endpointId,
      messageId,
      attempts,
      status ?? null,
      problem ?? null,
      nextAttemptAt?.toString() ?? null,
      heldUntil.toString(),
    ],
  );
}

/**
 * Nobody answers at an endpoint: all else that is due there counts as tried, so that a thousand messages
 * are not a thousand waits.
 *
 * @param waitsMs by the number of attempts that came before; where there is none the message is given up
 */
export async function noteUnanswered(
  db: Queryable,
  endpointId: string,
  problem: string,
  now: Instant,
  waitsMs: readonly number[],
): Promise<void> {
  await db.query(
    `update webhook_delivery set attempts = attempts + 1, last_status = null, last_problem = $2,
       state = case when attempts < cardinality($4::float8[]) then 'Pending' else 'Dead' end,
       next_attempt_at = $3::timestamptz + ($4::float8[])[attempts + 1] * interval '1 millisecond'
     where endpoint_id = $1 and state = 'Pending' and next_attempt_at <= $3`,
    [endpointId, problem, now.toString(), waitsMs],
  );
}

/** An endpoint that says that it is gone for good is asked no more. */
export async function disableGone(db: Queryable, endpointId: string): Promise<void> {
  await db.query(
    `with gone as (update webhook_endpoint set state = 'Disabled' where endpoint_id = $1 returning endpoint_id)
     update webhook_delivery d set state = 'Dead', next_attempt_at = null, last_problem = 'the endpoint is gone'
     from gone where d.endpoint_id = gone.endpoint_id and d.state = 'Pending'`,
    [endpointId],
  );
}

/**
 * Makes messages due again, under the ids that they have, whether or not they were delivered.
 *
 * @returns how many
 * @throws WebhookMessageNotFound for one that the endpoint never had
 */
export async function replayMessages(
  tx: Queryable,
  endpointId: string,
  which: Replay,
  now: Instant,
): Promise<number> {
  const messageId = 'messageId' in which ? which.messageId : undefined;
  if (messageId !== undefined && !isGuid(messageId)) throw messageNotFound(messageId);
  const { rowCount } = await tx.query(
    `update webhook_delivery d set state = 'Pending', attempts = 0, next_attempt_at = $2, delivered_at = null
     from webhook_message m
     where d.endpoint_id = $1 and m.message_id = d.message_id and ($3::uuid is null or m.message_id = $3)
       and ($4::timestamptz is null or m.occurred_at >= $4) and (not $5 or d.state = 'Dead')`,
    [
      endpointId,
      now.toString(),
      messageId ?? null,
      'since' in which ? which.since.toString() : null,
      'dead' in which,
    ],
  );
  if (messageId !== undefined && rowCount === 0) throw messageNotFound(messageId);
  return rowCount ?? 0;
}

function messageNotFound(message: string): Error {
  return fail('WebhookMessageNotFound', { message });
}

/** Sends a message that says nothing to one endpoint. @returns its id */
export async function enqueueTest(
  tx: Queryable,
  { endpointId, accountId }: Pick<WebhookEndpoint, 'endpointId' | 'accountId'>,
  now: Instant,
): Promise<string> {
  const messageId = randomUUID();
  await tx.query(
    `with message as (
       insert into webhook_message (message_id, type, account_ids, occurred_at, payload)
       values ($1, $2, array[$3::uuid], $4, $5) returning message_id)
     insert into webhook_delivery (message_id, endpoint_id, state, next_attempt_at)
     select message_id, $6, 'Pending', $4 from message`,
    [
      messageId,
      TEST_EVENT,
      accountId,
      now.toString(),
      payloadOf(TEST_EVENT, now, { endpointId }),
      endpointId,
    ],
  );
  return messageId;
}
