import type { Instant } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';

/** A message and how far it is with one endpoint. */
export interface SentMessage {
  readonly messageId: string;
  readonly type: string;
  readonly occurredAt: Instant;
  readonly state: DeliveryState;
  readonly attempts: number;
  readonly nextAttemptAt: Instant | null;
  readonly lastStatus: number | null;
  readonly lastProblem: string | null;
  readonly deliveredAt: Instant | null;
  readonly payload: string;
}

export const deliveryStates = ['Pending', 'Delivered', 'Dead'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

const COLUMNS = `m.message_id as "messageId", m.type, m.occurred_at as "occurredAt", d.state, d.attempts,
  d.next_attempt_at as "nextAttemptAt", d.last_status as "lastStatus", d.last_problem as "lastProblem",
  d.delivered_at as "deliveredAt", m.payload`;

/** A message as it stands with an endpoint. */
export async function findMessage(
  db: Queryable,
  endpointId: string,
  messageId: string,
): Promise<SentMessage | undefined> {
  const { rows } = await db.query<SentMessage>(
    `select ${COLUMNS} from webhook_delivery d join webhook_message m using (message_id)
     where d.endpoint_id = $1 and d.message_id = $2`,
    [endpointId, messageId],
  );
  return rows[0];
}

/** The messages of an endpoint, the newest first. */
export async function listMessages(
  db: Queryable,
  endpointId: string,
  {
    state,
    after,
    limit,
  }: {
    readonly state?: DeliveryState | undefined;
    /** Id of the message after which the page begins. */
    readonly after?: string | undefined;
    readonly limit: number;
  },
): Promise<SentMessage[]> {
  const { rows } = await db.query<SentMessage>(
    `select ${COLUMNS}
     from webhook_delivery d join webhook_message m using (message_id)
     where d.endpoint_id = $1 and ($2::text is null or d.state = $2)
       and ($3::uuid is null or (m.occurred_at, m.message_id) <
         (select last.occurred_at, last.message_id from webhook_message last where last.message_id = $3))
     order by m.occurred_at desc, m.message_id desc limit $4`,
    [endpointId, state ?? null, after ?? null, limit],
  );
  return rows;
}

/** A message as answers and commands have it. */
export function toWireMessage(one: SentMessage): Readonly<Record<string, unknown>> {
  const { occurredAt, nextAttemptAt, deliveredAt, payload, ...rest } = one;
  const entries = Object.entries({
    ...rest,
    occurredAt: occurredAt.toString(),
    nextAttemptAt: nextAttemptAt?.toString(),
    deliveredAt: deliveredAt?.toString(),
    payload,
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== null));
}

const KEPT_DAYS = 30;
const MOST_AT_ONCE = 1000;

/** Forgets messages of more than 30 days ago that wait for nothing. @returns how many */
export async function forgetMessages(db: Queryable, now: Instant): Promise<number> {
  const before = now.subtract({ hours: KEPT_DAYS * 24 }).toString();
  const { rowCount } = await db.query(
    `delete from webhook_message where message_id in (
       select message_id from webhook_message m
       where occurred_at < $1
         and not exists (select from webhook_delivery d where d.message_id = m.message_id and d.state = 'Pending')
       order by occurred_at limit $2)`,
    [before, MOST_AT_ONCE],
  );
  return rowCount ?? 0;
}

/** How the outbox stands; deliveries to disabled endpoints wait for nobody. */
export async function readBacklog(db: Queryable): Promise<{
  readonly pending: bigint;
  readonly dead: bigint;
  readonly oldest: Instant | null;
}> {
  const { rows } = await db.query<{ pending: bigint; dead: bigint; oldest: Instant | null }>(
    `select count(*) filter (where d.state = 'Pending' and e.state = 'Enabled') as pending,
            count(*) filter (where d.state = 'Dead') as dead,
            min(m.occurred_at) filter (where d.state = 'Pending' and e.state = 'Enabled') as oldest
     from webhook_delivery d join webhook_endpoint e using (endpoint_id) join webhook_message m using (message_id)
     where d.state in ('Pending', 'Dead')`,
  );
  return rows[0]!;
}
