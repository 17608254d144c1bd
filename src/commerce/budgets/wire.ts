import { hourStart } from '../../kernel/index.ts';
import { percentOf } from '../../analysis/index.ts';
import type { Money } from '../cost-analysis/index.ts';
import type {
  Budget,
  BudgetAccount,
  BudgetAlert,
  BudgetFiring,
  BudgetSpan,
  BudgetStatus,
} from './budget.ts';

type Wire = Readonly<Record<string, unknown>>;

export function toWireAlert({ of, unit, threshold, emails, webhook }: BudgetAlert): Wire {
  return { of, unit, threshold: threshold.toText(), notify: { emails, webhook } };
}

/** What somebody said of a budget, as answers and the audit trail have it. */
export function toWireTerms(budget: Budget): Wire {
  return {
    name: budget.name,
    accountId: budget.accountId,
    amount: budget.amount.toText(),
    grain: budget.grain,
    view: budget.view,
    filters: budget.filters,
    alerts: budget.alerts.map(toWireAlert),
  };
}

/** The entity tag as headers and budgets have it. */
export function etagText({ etag }: Pick<Budget, 'etag'>): string {
  return `"${etag}"`;
}

export function toWireMoney({ amount, currency }: Money): Wire {
  return { amount: amount.toText(), currency };
}

/** A budget and how it stands. */
export function toWireBudget(
  budget: Budget,
  { currency }: Pick<BudgetAccount, 'currency'>,
  status: BudgetStatus | undefined,
): Wire {
  return {
    ...toWireTerms(budget),
    currency,
    eTag: etagText(budget),
    createdAt: budget.createdAt.toString(),
    updatedAt: budget.updatedAt.toString(),
    ...(status !== undefined && { current: toWireStatus(budget, status) }),
  };
}

function toWireStatus({ amount }: Budget, status: BudgetStatus): Wire {
  const { evaluatedAt, span, figures, problem } = status;
  const forecast = figures?.forecast;
  return {
    evaluatedAt: evaluatedAt.toString(),
    ...(span && toWireSpan(span)),
    ...(figures && {
      spent: figures.spent.toText(),
      percent: percentOf(figures.spent, amount),
      ...(figures.unpriced > 0 && { unpriced: figures.unpriced }),
      ...(figures.otherCurrencies.length > 0 && {
        otherCurrencies: figures.otherCurrencies.map(toWireMoney),
      }),
    }),
    ...(forecast && {
      forecast: {
        amount: forecast.amount.toText(),
        low: forecast.low.toText(),
        high: forecast.high.toText(),
        percent: percentOf(forecast.amount, amount),
      },
    }),
    ...(problem !== undefined && { problem }),
  };
}

function toWireSpan({ fromHour, toHour }: BudgetSpan): Wire {
  return { from: hourStart(fromHour).toString(), to: hourStart(toHour).toString() };
}

/** An alert that went out. */
export function toWireFiring(firing: BudgetFiring): Wire {
  const { of, unit, threshold, amount, spent, forecast, firedAt } = firing;
  return {
    firedAt: firedAt.toString(),
    ...toWireSpan(firing),
    of,
    unit,
    threshold: threshold.toText(),
    amount: amount.toText(),
    spent: spent.toText(),
    percent: percentOf(spent, amount),
    ...(forecast && { forecast: forecast.toText() }),
    mails: firing.mails,
    mailsWithheld: firing.mailsWithheld,
    webhook: firing.webhook,
  };
}
