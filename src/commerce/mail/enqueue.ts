import { randomUUID } from 'node:crypto';
import type { Queryable } from '../../platform/index.ts';
import { parseMailAddress } from './address.ts';
import { composeMail, type NewMail } from './message.ts';
import { oneLine } from './texts/compose.ts';

const LONGEST_SHOWN = 254;

/**
 * Keeps a message to be sent, in the transaction in which it happens what it tells of: it is sent if that
 * commits, and only then. Its words are written now, so every attempt says the same. An address that is none
 * does not keep anything else from happening: the message is dead at once, and says why.
 */
export async function enqueueMail(tx: Queryable, mail: NewMail): Promise<void> {
  const { to, language, accountId, occurredAt, template } = mail;
  const address = parseMailAddress(to);
  const { subject, text, html } = composeMail(mail, language);
  await tx.query(
    `insert into mail_message (message_id, account_id, recipient, template, language, subject, body_text, body_html,
       occurred_at, state, next_attempt_at, last_problem)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
    [
      randomUUID(),
      accountId,
      address ?? oneLine(to).slice(0, LONGEST_SHOWN),
      template,
      language,
      subject,
      text,
      html,
      occurredAt.toString(),
      address === undefined ? 'Dead' : 'Pending',
      address === undefined ? null : occurredAt.toString(),
      address === undefined ? 'the address is not one that mail can be sent to' : null,
    ],
  );
}
