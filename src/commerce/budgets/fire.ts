import type { Instant } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import type { AccountTree, BillingAccount } from '../accounts/index.ts';
import { countMailSince, enqueueMail } from '../mail/index.ts';
import { enqueueWebhook } from '../webhooks/index.ts';
import type { Budget, BudgetAlert, BudgetFigures, BudgetFiring, BudgetSpan } from './budget.ts';
import { noteFiring } from './firing-store.ts';
import { spanDays } from './spans.ts';
import { toWireFiring, toWireMoney } from './wire.ts';

/** Anybody's address can be put on an alert: an account is not to flood others. */
export const MOST_MAILS_A_DAY = 200;
const HOURS_PER_DAY = 24;

/** What an alert is told of. */
export interface Reached {
  readonly tree: AccountTree;
  readonly budget: Budget;
  readonly account: BillingAccount;
  readonly alert: BudgetAlert;
  readonly span: BudgetSpan;
  readonly figures: BudgetFigures;
  readonly now: Instant;
}

/**
 * Tells an alert, unless that was done: the note of it, the webhook and the mails are one transaction.
 *
 * @returns whether it was told now
 */
export async function fireAlert(tx: Queryable, reached: Reached): Promise<boolean> {
  const { budget, alert, span, figures, account, now } = reached;
  const room = MOST_MAILS_A_DAY - (await mailsToday(tx, reached));
  const mails = Math.max(0, Math.min(alert.emails.length, room));
  const firing: BudgetFiring = {
    ...span,
    of: alert.of,
    unit: alert.unit,
    threshold: alert.threshold,
    amount: budget.amount,
    spent: figures.spent,
    forecast: figures.forecast?.amount,
    mails,
    mailsWithheld: alert.emails.length - mails,
    webhook: alert.webhook,
    firedAt: now,
  };
  if (!(await noteFiring(tx, budget, firing))) return false;
  if (alert.webhook) await tellWebhooks(tx, reached, firing);
  for (const to of alert.emails.slice(0, mails)) {
    await enqueueMail(tx, {
      template: 'budget.alert',
      to,
      language: account.language,
      accountId: account.accountId,
      occurredAt: now,
      parameters: {
        account: account.name,
        budget: budget.name,
        view: budget.view,
        of: alert.of,
        threshold: { unit: alert.unit, value: alert.threshold },
        amount: budget.amount,
        spent: figures.spent,
        forecast: figures.forecast?.amount,
        currency: account.currency,
        otherCurrencies: figures.otherCurrencies,
        ...spanDays(budget, account, span),
      },
    });
  }
  return true;
}

function mailsToday(
  tx: Queryable,
  { alert, account, now }: Pick<Reached, 'alert' | 'account' | 'now'>,
): Promise<number> {
  if (alert.emails.length === 0) return Promise.resolve(0);
  return countMailSince(tx, account.accountId, now.subtract({ hours: HOURS_PER_DAY }));
}

async function tellWebhooks(
  tx: Queryable,
  { tree, budget, account, figures, now }: Reached,
  firing: BudgetFiring,
): Promise<void> {
  const {
    firedAt: _at,
    mails: _mails,
    mailsWithheld: _held,
    webhook: _hook,
    ...told
  } = toWireFiring(firing);
  await enqueueWebhook(tx, {
    type: 'budget.alert',
    occurredAt: now,
    accountIds: [account, ...tree.ancestors(account.accountId)].map((one) => one.accountId),
    data: {
      accountId: account.accountId,
      budget: budget.name,
      view: budget.view,
      currency: account.currency,
      ...told,
      ...(figures.otherCurrencies.length > 0 && {
        otherCurrencies: figures.otherCurrencies.map(toWireMoney),
      }),
    },
  });
}
