import type { Currency, Decimal } from '../../../kernel/index.ts';
import type { MailContent } from './compose.ts';
import { formatsOf, type MailLanguage } from './formats.ts';

/** What is said when a threshold of a budget is reached. */
export interface BudgetAlertMail {
  /** Name of the account. */
  readonly account: string;
  readonly budget: string;
  readonly view: 'buying' | 'selling';
  /** Of what has been spent, or of what is expected by the end. */
  readonly of: 'actual' | 'forecast';
  readonly threshold: { readonly unit: 'percent' | 'amount'; readonly value: Decimal };
  readonly amount: Decimal;
  readonly spent: Decimal;
  readonly forecast: Decimal | undefined;
  readonly currency: Currency;
  /** What is sold in other currencies, which is in none of the amounts. */
  readonly otherCurrencies: readonly { readonly amount: Decimal; readonly currency: Currency }[];
  /** First and last day. */
  readonly from: string;
  readonly to: string;
}

export function budgetAlert(language: MailLanguage, mail: BudgetAlertMail): MailContent {
  const { money, percent, day } = formatsOf(language, mail.currency);
  const { unit, value } = mail.threshold;
  const words = {
    threshold: unit === 'percent' ? percent(value) : money(value),
    amount: money(mail.amount),
    spent: money(mail.spent),
    forecast: mail.forecast && money(mail.forecast),
    from: day(mail.from),
    to: day(mail.to),
    others: mail.otherCurrencies.map((one) => formatsOf(language, one.currency).money(one.amount)),
  };
  return language === 'fr' ? inFrench(mail, words) : inEnglish(mail, words);
}

interface Words {
  readonly threshold: string;
  readonly amount: string;
  readonly spent: string;
  readonly forecast: string | undefined;
  readonly from: string;
  readonly to: string;
  readonly others: readonly string[];
}

function inEnglish(mail: BudgetAlertMail, words: Words): MailContent {
  const { account, budget, view, of } = mail;
  const { threshold, amount, spent, forecast, from, to, others } = words;
  const what = view === 'selling' ? 'Sales' : 'Costs';
  const verb = of === 'forecast' ? 'are expected to reach' : 'have reached';
  const joint = mail.threshold.unit === 'percent' ? ' of the' : ', a threshold of the';
  return {
    subject: `Budget ${budget}: ${threshold} ${of === 'forecast' ? 'expected' : 'reached'} (${account})`,
    lead: `${what} of the account ${account} ${verb} ${threshold}${joint} budget ${budget}.`,
    facts: [
      ['Account', account],
      ['Budget', budget],
      ['Period', `${from} to ${to}`],
      ['Budgeted', amount],
      ['So far', spent],
      ...(forecast === undefined ? [] : [['Expected by the end', forecast] as const]),
      ...others.map((money) => ['Not counted, in another currency', money] as const),
    ],
    closing:
      'You get this message because your address is on this alert. It is sent once for each period. Amounts are before fees, discounts and taxes.',
  };
}

function inFrench(mail: BudgetAlertMail, words: Words): MailContent {
  const { account, budget, view, of } = mail;
  const { threshold, amount, spent, forecast, from, to, others } = words;
  const what = view === 'selling' ? 'Les ventes' : 'Les coûts';
  const verb = of === 'forecast' ? 'devraient atteindre' : 'ont atteint';
  const joint = mail.threshold.unit === 'percent' ? ' du' : ', un seuil du';
  return {
    subject: `Budget ${budget} : ${threshold} ${of === 'forecast' ? 'prévu' : 'atteint'} (${account})`,
    lead: `${what} du compte ${account} ${verb} ${threshold}${joint} budget ${budget}.`,
    facts: [
      ['Compte', account],
      ['Budget', budget],
      ['Période', `du ${from} au ${to}`],
      ['Montant du budget', amount],
      ["Jusqu'ici", spent],
      ...(forecast === undefined ? [] : [['Prévu à la fin', forecast] as const]),
      ...others.map((money) => ['Non compté, dans une autre devise', money] as const),
    ],
    closing:
      "Vous recevez ce message car votre adresse figure dans cette alerte. Il est envoyé une fois par période. Les montants s'entendent hors frais, remises et taxes.",
  };
}
