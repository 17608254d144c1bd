import type { Instant } from '../../kernel/index.ts';
import { budgetAlert, type BudgetAlertMail } from './texts/budget-alert.ts';
import { compose, type ComposedMail } from './texts/compose.ts';
import type { MailLanguage } from './texts/formats.ts';
import { invoiceOverdue, type InvoiceOverdueMail } from './texts/invoice-overdue.ts';

/**
 * - Pending: it waits for an attempt;
 * - Sent: the mail server took it;
 * - Dead: it was refused or given up;
 * - Undeliverable: there is no mail server.
 */
export const mailStates = ['Pending', 'Sent', 'Dead', 'Undeliverable'] as const;
export type MailState = (typeof mailStates)[number];

/** What can be said, with what each text needs. */
export type MailTemplate =
  | { readonly template: 'budget.alert'; readonly parameters: BudgetAlertMail }
  | { readonly template: 'invoice.overdue'; readonly parameters: InvoiceOverdueMail };

/** A message as it is handed over to be sent. */
export type NewMail = MailTemplate & {
  readonly to: string;
  readonly language: MailLanguage;
  /** Of whom it tells. */
  readonly accountId: string;
  readonly occurredAt: Instant;
};

/** A message and how far it is. */
export interface MailMessage {
  readonly messageId: string;
  readonly accountId: string;
  readonly recipient: string;
  readonly template: string;
  readonly language: MailLanguage;
  readonly subject: string;
  readonly occurredAt: Instant;
  readonly state: MailState;
  readonly attempts: number;
  readonly nextAttemptAt: Instant | null;
  readonly lastStatus: number | null;
  readonly lastProblem: string | null;
  readonly sentAt: Instant | null;
}

export function composeMail(mail: MailTemplate, language: MailLanguage): ComposedMail {
  const content =
    mail.template === 'budget.alert'
      ? budgetAlert(language, mail.parameters)
      : invoiceOverdue(language, mail.parameters);
  return compose(content, language);
}

/** A message as answers and commands have it; its text is only for the one it is for. */
export function toWireMail(one: MailMessage): Readonly<Record<string, unknown>> {
  const { occurredAt, nextAttemptAt, sentAt, ...rest } = one;
  const entries = Object.entries({
    ...rest,
    occurredAt: occurredAt.toString(),
    nextAttemptAt: nextAttemptAt?.toString(),
    sentAt: sentAt?.toString(),
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined && value !== null));
}
