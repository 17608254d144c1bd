import { appendAudit } from '../../audit/index.ts';
import type { Changing } from '../../identity/index.ts';
import type { Queryable } from '../../platform/index.ts';
import { makeMailDue } from './message-store.ts';
import type { Replay } from './replay-request.ts';

/**
 * Has messages sent again, on behalf of somebody.
 *
 * @returns how many
 * @throws MailMessageNotFound for one that is not there
 */
export async function replayMail(
  tx: Queryable,
  which: Replay,
  { clock, actor }: Changing,
): Promise<number> {
  const messages = await makeMailDue(tx, which, clock.now());
  await appendAudit(tx, clock, {
    actor,
    action: 'Stackmeter.Billing/mailMessages/replay',
    target: '/mailMessages',
    detail: { ...saidOf(which), messages },
  });
  return messages;
}

/** What is to be sent again, as it was asked for. */
function saidOf(which: Replay): Readonly<Record<string, string | true>> {
  if ('since' in which) return { since: which.since.toString() };
  return 'dead' in which ? { dead: true } : { messageId: which.messageId };
}
