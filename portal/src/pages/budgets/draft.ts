import type { Budget, BudgetAlert, BudgetGrain, BudgetTerms } from '../../api/types/budgets.ts';
import type { View } from '../analysis/search.ts';
import { readAddresses, readDecimal } from './amount.ts';
import { asBudgetFilters, asFilterTexts } from './paths.ts';

/** An alert while it is written. */
export interface AlertDraft {
  /** Tells drafts apart while they come and go. */
  readonly id: number;
  readonly of: BudgetAlert['of'];
  readonly unit: BudgetAlert['unit'];
  readonly threshold: string;
  readonly emails: string;
  readonly webhook: boolean;
}

/** A budget while it is written: texts as they were typed. */
export interface BudgetDraft {
  readonly name: string;
  readonly amount: string;
  readonly grain: BudgetGrain;
  readonly view: View;
  readonly filters: readonly string[];
  readonly alerts: readonly AlertDraft[];
}

export function newAlert(id: number): AlertDraft {
  return { id, of: 'actual', unit: 'percent', threshold: '80', emails: '', webhook: false };
}

export function newDraft(view: View): BudgetDraft {
  return {
    name: '',
    amount: '',
    grain: 'BillingPeriod',
    view,
    filters: [],
    alerts: [newAlert(0)],
  };
}

/** The service writes a point; who writes a comma sees one. */
function asTyped(decimal: string, language: string): string {
  return language === 'fr' ? decimal.replace('.', ',') : decimal;
}

export function draftOf(budget: Budget, language: string): BudgetDraft {
  const { name, amount, grain, view, filters, alerts } = budget;
  return {
    name,
    amount: asTyped(amount, language),
    grain,
    view,
    filters: asFilterTexts(filters),
    alerts: alerts.map(({ of, unit, threshold, notify }, id) => ({
      id,
      of,
      unit,
      threshold: asTyped(threshold, language),
      emails: notify.emails.join(', '),
      webhook: notify.webhook,
    })),
  };
}

export interface AlertFaults {
  readonly threshold?: true;
  /** Addresses that are none. */
  readonly emails?: string;
}

/** What keeps a draft from being sent. */
export interface Faults {
  readonly name?: true;
  readonly amount?: true;
  readonly alerts: readonly AlertFaults[];
}

const NAME = /^[\w.()-]{1,90}$/;

/** The terms that a draft says, or what is wrong with it. */
export function readDraft(
  draft: BudgetDraft,
  language: string,
): { readonly terms: BudgetTerms } | { readonly faults: Faults } {
  const amount = readDecimal(draft.amount, language);
  const alerts = draft.alerts.map((alert) => readAlert(alert, language));
  const hasName = NAME.test(draft.name);
  const faults = alerts.map((one) => ('faults' in one ? one.faults : {}));
  if (amount === undefined || !hasName || alerts.some((one) => 'faults' in one)) {
    return {
      faults: {
        ...(!hasName && { name: true }),
        ...(amount === undefined && { amount: true }),
        alerts: faults,
      },
    };
  }
  const { name, grain, view, filters } = draft;
  return {
    terms: {
      name,
      amount,
      grain,
      view,
      filters: asBudgetFilters(filters),
      alerts: alerts.flatMap((one) => ('alert' in one ? one.alert : [])),
    },
  };
}

const MOST_PERCENT = 1000;

function readAlert(
  { of, unit, threshold: text, emails, webhook }: AlertDraft,
  language: string,
): { readonly alert: BudgetAlert } | { readonly faults: AlertFaults } {
  const threshold = readDecimal(text, language);
  const isTooMuch = unit === 'percent' && Number(threshold) > MOST_PERCENT;
  const { addresses, wrong } = readAddresses(emails);
  if (threshold !== undefined && !isTooMuch && wrong.length === 0) {
    return { alert: { of, unit, threshold, notify: { emails: addresses, webhook } } };
  }
  return {
    faults: {
      ...((threshold === undefined || isTooMuch) && { threshold: true }),
      ...(wrong.length > 0 && { emails: wrong.join(', ') }),
    },
  };
}
