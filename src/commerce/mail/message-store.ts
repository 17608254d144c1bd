import { fail, isGuid, type Instant } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import { parseMailAddress } from './address.ts';
import type { MailMessage, MailState } from './message.ts';
import type { Replay } from './replay-request.ts';

const COLUMNS = `message_id as "messageId", account_id as "accountId", recipient, template, language, subject,
  occurred_at as "occurredAt", state, attempts, next_attempt_at as "nextAttemptAt", last_status as "lastStatus",
  last_problem as "lastProblem", sent_at as "sentAt"`;

/** Which messages are listed. */
export interface MailFilter {
  readonly state?: MailState | undefined;
  readonly accountId?: string | undefined;
  /** Id of the message after which the page begins. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Messages, the newest first. */
export async function listMail(
  db: Queryable,
  { state, accountId, after, limit }: MailFilter,
): Promise<MailMessage[]> {
  const { rows } = await db.query<MailMessage>(
    `select ${COLUMNS} from mail_message
     where ($1::text is null or state = $1) and ($2::uuid is null or account_id = $2)
       and ($3::uuid is null or (occurred_at, message_id) <
         (select last.occurred_at, last.message_id from mail_message last where last.message_id = $3))
     order by occurred_at desc, message_id desc limit $4`,
    [state ?? null, accountId ?? null, after ?? null, limit],
  );
  return rows;
}

/**
 * Makes messages due again, under the ids that they have, whether or not they were sent. What has no address
 * stays as it is.
 *
 * @returns how many
 * @throws MailMessageNotFound for one that is not there
 */
export async function makeMailDue(tx: Queryable, which: Replay, now: Instant): Promise<number> {
  const messageId = 'messageId' in which ? which.messageId : undefined;
  if (messageId !== undefined && !isGuid(messageId)) throw mailNotFound(messageId);
  const { rows } = await tx.query<{ id: string; recipient: string }>(
    `select message_id as id, recipient from mail_message
     where ($1::uuid is null or message_id = $1) and ($2::timestamptz is null or occurred_at >= $2)
       and (not $3 or state in ('Dead', 'Undeliverable'))
     order by message_id for update`,
    [messageId ?? null, 'since' in which ? which.since.toString() : null, 'dead' in which],
  );
  if (messageId !== undefined && rows.length === 0) throw mailNotFound(messageId);
  const ids = rows.flatMap(({ id, recipient }) => (parseMailAddress(recipient) ? [id] : []));
  await tx.query(
    `update mail_message set state = 'Pending', attempts = 0, next_attempt_at = $2, sent_at = null
     where message_id = any($1::uuid[])`,
    [ids, now.toString()],
  );
  return ids.length;
}

function mailNotFound(message: string): Error {
  return fail('MailMessageNotFound', { message });
}

const SENT_KEPT_DAYS = 30;
const UNSENT_KEPT_DAYS = 365;
const MOST_AT_ONCE = 1000;

/** Forgets what was sent more than 30 days ago, and what nobody sent for a year. @returns how many */
export async function forgetMail(db: Queryable, now: Instant): Promise<number> {
  const daysAgo = (days: number): string => now.subtract({ hours: days * 24 }).toString();
  const { rowCount } = await db.query(
    `delete from mail_message where message_id in (
       select message_id from mail_message
       where occurred_at < $1 and (state = 'Sent' or (state in ('Dead', 'Undeliverable') and occurred_at < $2))
       order by occurred_at, message_id limit $3 for update skip locked)`,
    [daysAgo(SENT_KEPT_DAYS), daysAgo(UNSENT_KEPT_DAYS), MOST_AT_ONCE],
  );
  return rowCount ?? 0;
}

/** How many messages tell of an account since a time: for those who limit them. */
export async function countMailSince(
  db: Queryable,
  accountId: string,
  since: Instant,
): Promise<number> {
  const { rows } = await db.query<{ count: number }>(
    'select count(*)::integer as count from mail_message where account_id = $1 and occurred_at > $2',
    [accountId, since.toString()],
  );
  return rows[0]?.count ?? 0;
}

/** How the outbox stands. */
export interface MailBacklog {
  readonly pending: number;
  readonly dead: number;
  readonly undeliverable: number;
  /** When it happened what the oldest waiting message tells of. */
  readonly oldest: Instant | null;
}

export async function readMailBacklog(db: Queryable): Promise<MailBacklog> {
  const { rows } = await db.query<MailBacklog>(
    `select count(*) filter (where state = 'Pending')::integer as pending,
            count(*) filter (where state = 'Dead')::integer as dead,
            count(*) filter (where state = 'Undeliverable')::integer as undeliverable,
            min(occurred_at) filter (where state in ('Pending', 'Undeliverable')) as oldest
     from mail_message where state <> 'Sent'`,
  );
  return rows[0]!;
}
