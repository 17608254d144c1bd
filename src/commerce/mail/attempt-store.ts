import type { Instant } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';

/** A message that is due, held for one attempt. */
export interface DueMail {
  readonly messageId: string;
  /** Behind the @ of its Message-ID. */
  readonly domain: string;
  readonly recipient: string;
  readonly language: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  readonly occurredAt: Instant;
  /** Attempts that came to an end before. */
  readonly attempts: number;
  /** Until when nobody else takes it. What came of it is noted only while it is still held by this claim. */
  readonly heldUntil: Instant;
}

/**
 * Takes the message that has been due for longest, and puts its next attempt off: should nothing be noted of
 * this one, because its sender was killed, the message is due again then.
 *
 * @param domain of the sender, for a message that has had no attempt
 * @param leaseMs longer than an attempt may last
 */
export async function claimMail(
  db: Queryable,
  now: Instant,
  domain: string,
  leaseMs: number,
): Promise<DueMail | undefined> {
  const { rows } = await db.query<DueMail>(
    `with due as (
       select message_id from mail_message where state = 'Pending' and next_attempt_at <= $1
       order by next_attempt_at limit 1 for update skip locked)
     update mail_message m set next_attempt_at = $3, message_domain = coalesce(message_domain, $2)
     from due where m.message_id = due.message_id
     returning m.message_id as "messageId", m.message_domain as domain, m.recipient, m.language, m.subject,
       m.body_text as text, m.body_html as html, m.occurred_at as "occurredAt", m.attempts,
       m.next_attempt_at as "heldUntil"`,
    [now.toString(), domain, now.add({ milliseconds: leaseMs }).toString()],
  );
  return rows[0];
}

type Held = Pick<DueMail, 'messageId' | 'heldUntil' | 'attempts'>;

export async function noteSent(
  db: Queryable,
  { messageId, heldUntil, attempts }: Held,
  status: number | undefined,
  now: Instant,
): Promise<void> {
  await db.query(
    `update mail_message set state = 'Sent', attempts = $3, last_status = $4, last_problem = null,
       next_attempt_at = null, sent_at = $5
     where message_id = $1 and state = 'Pending' and next_attempt_at = $2`,
    [messageId, heldUntil.toString(), attempts + 1, status ?? null, now.toString()],
  );
}

/** @param nextAttemptAt undefined: it is given up */
export async function noteUnsent(
  db: Queryable,
  { messageId, heldUntil, attempts }: Held,
  { status, problem }: { readonly status: number | undefined; readonly problem: string },
  nextAttemptAt: Instant | undefined,
): Promise<void> {
  await db.query(
    `update mail_message set state = case when $6::timestamptz is null then 'Dead' else 'Pending' end,
       attempts = $3, last_status = $4, last_problem = $5, next_attempt_at = $6
     where message_id = $1 and state = 'Pending' and next_attempt_at = $2`,
    [
      messageId,
      heldUntil.toString(),
      attempts + 1,
      status ?? null,
      problem,
      nextAttemptAt?.toString() ?? null,
    ],
  );
}

/**
 * The server takes no mail at all: all else that is due counts as tried, so that a thousand messages are not
 * a thousand waits.
 *
 * @param waitsMs by the number of attempts that came before; where there is none the message is given up
 */
export async function noteServerFailed(
  db: Queryable,
  problem: string,
  now: Instant,
  waitsMs: readonly number[],
): Promise<void> {
  await db.query(
    `update mail_message set attempts = attempts + 1, last_status = null, last_problem = $1,
       state = case when attempts < cardinality($3::float8[]) then 'Pending' else 'Dead' end,
       next_attempt_at = $2::timestamptz + ($3::float8[])[attempts + 1] * interval '1 millisecond'
     where message_id in (select message_id from mail_message where state = 'Pending' and next_attempt_at <= $2
                          order by message_id for update skip locked)`,
    [problem, now.toString(), waitsMs],
  );
}

/** There is no server that takes mail: what is due says so. What another process is sending is left to it. */
export async function holdUndeliverable(db: Queryable, now: Instant): Promise<void> {
  await db.query(
    `update mail_message set state = 'Undeliverable', next_attempt_at = null,
       last_problem = 'no mail server is configured (smtpUrl)'
     where state = 'Pending' and next_attempt_at <= $1`,
    [now.toString()],
  );
}

/**
 * There is a server now: what waited for one is due, unless it is of before a time. Nobody wants last year's
 * reminders; they can be replayed.
 */
export async function releaseUndeliverable(
  db: Queryable,
  now: Instant,
  notBefore: Instant,
): Promise<void> {
  await db.query(
    `update mail_message set state = case when occurred_at >= $2 then 'Pending' else 'Dead' end,
       next_attempt_at = case when occurred_at >= $2 then $1::timestamptz end,
       last_problem = case when occurred_at >= $2 then last_problem else 'it was too old when a mail server was configured' end
     where state = 'Undeliverable'`,
    [now.toString(), notBefore.toString()],
  );
}
