import type { Currency, Decimal } from '../../../kernel/index.ts';
import type { MailContent } from './compose.ts';
import { formatsOf, type MailLanguage } from './formats.ts';

/** What is said when an invoice was not paid in time. */
export interface InvoiceOverdueMail {
  /** Names of the buyer and of the seller. */
  readonly account: string;
  readonly seller: string;
  readonly number: string;
  readonly dueDate: string;
  readonly daysOverdue: number;
  readonly open: Decimal;
  readonly currency: Currency;
}

export function invoiceOverdue(language: MailLanguage, mail: InvoiceOverdueMail): MailContent {
  const { money, day } = formatsOf(language, mail.currency);
  const [open, due] = [money(mail.open), day(mail.dueDate)];
  return language === 'fr' ? inFrench(mail, open, due) : inEnglish(mail, open, due);
}

function inEnglish(mail: InvoiceOverdueMail, open: string, due: string): MailContent {
  const { account, seller, number, daysOverdue } = mail;
  return {
    subject: `Reminder: invoice ${number} is overdue`,
    lead: `The invoice ${number} from ${seller} was due on ${due}, and ${open} of it is open.`,
    facts: [
      ['Account', account],
      ['Seller', seller],
      ['Invoice', number],
      ['Due', due],
      ['Days overdue', String(daysOverdue)],
      ['Open', open],
    ],
    closing: 'If you have paid in the meantime, please take this message as settled.',
  };
}

function inFrench(mail: InvoiceOverdueMail, open: string, due: string): MailContent {
  const { account, seller, number, daysOverdue } = mail;
  return {
    subject: `Rappel : la facture ${number} est échue`,
    lead: `La facture ${number} de ${seller} était à payer le ${due} ; il reste ${open} à régler.`,
    facts: [
      ['Compte', account],
      ['Vendeur', seller],
      ['Facture', number],
      ['Échéance', due],
      ['Jours de retard', String(daysOverdue)],
      ['Reste à payer', open],
    ],
    closing: 'Si vous avez payé entre-temps, veuillez ne pas tenir compte de ce message.',
  };
}
