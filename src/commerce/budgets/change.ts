import { randomUUID } from 'node:crypto';
import { fail, type Instant, type StackmeterError } from '../../kernel/index.ts';
import { appendAudit } from '../../audit/index.ts';
import type { Changing } from '../../identity/index.ts';
import { checkResourceName, invalidProperty, type Queryable } from '../../platform/index.ts';
import { checkMatch, type BillingAccount, type Precondition } from '../accounts/index.ts';
import type { Budget, BudgetAlert, BudgetView, KeptAlert } from './budget.ts';
import { keyOfAlert, type BudgetChange } from './fields.ts';
import { countBudgets, deleteBudget, findBudget, writeBudget } from './store.ts';
import { toWireTerms } from './wire.ts';

/** Budgets of an account. */
export const MOST_BUDGETS = 100;

/**
 * Makes a budget, or changes it. Another amount, grain, view or filter makes another version of it, of which all
 * alerts can go out anew; other alerts do not.
 *
 * @param precondition what the caller has seen of it
 * @throws InvalidProperty, BudgetsTooMany, PreconditionFailed
 */
export async function putBudget(
  tx: Queryable,
  account: BillingAccount,
  name: string,
  change: BudgetChange,
  changing: Changing,
  precondition?: Precondition,
): Promise<{ readonly budget: Budget; readonly created: boolean }> {
  checkResourceName('budget', name);
  const before = (await findBudget(tx, account.accountId, name, { lock: true }))?.budget;
  checkMatch(precondition, before);
  const now = changing.clock.now().round({ smallestUnit: 'microsecond', roundingMode: 'floor' });
  const terms = termsOf(account, change, before);
  if (before === undefined && (await countBudgets(tx, account.accountId)) >= MOST_BUDGETS) {
    throw fail('BudgetsTooMany', { account: account.accountId, limit: MOST_BUDGETS });
  }
  const isSame = before !== undefined && saidOf(before) === saidOf(terms);
  const budget: Budget = {
    budgetId: before?.budgetId ?? randomUUID(),
    accountId: account.accountId,
    name: before?.name ?? name,
    ...terms,
    alerts: keepAlerts(change.alerts ?? before?.alerts ?? [], isSame ? before.alerts : [], now),
    version: isSame ? before.version : (before?.version ?? 0) + 1,
    etag: randomUUID(),
    createdAt: before?.createdAt ?? now,
    updatedAt: now,
  };
  await writeBudget(tx, budget);
  await tell(tx, changing, budget, 'write');
  return { budget, created: before === undefined };
}

/** @param before of the same version: who is there already is there since then */
function keepAlerts(
  alerts: readonly BudgetAlert[],
  before: readonly KeptAlert[],
  now: Instant,
): KeptAlert[] {
  const known = new Map(before.map((alert) => [keyOfAlert(alert), alert.since]));
  return alerts.map((alert) => ({ ...alert, since: known.get(keyOfAlert(alert)) ?? now }));
}

type Terms = Pick<Budget, 'amount' | 'grain' | 'view' | 'filters'>;

function termsOf(account: BillingAccount, change: BudgetChange, before: Budget | undefined): Terms {
  const amount = change.amount ?? before?.amount;
  if (amount === undefined) throw invalidProperty('amount', undefined, 'it has to be given');
  const usual: BudgetView = account.kind === 'provider' ? 'selling' : 'buying';
  const view = change.view ?? before?.view ?? usual;
  if (view === 'buying' && account.kind === 'provider') {
    throw invalidProperty('view', view, 'the provider buys from nobody; its view is selling');
  }
  if (view === 'selling' && account.kind !== 'provider' && account.kind !== 'partner') {
    throw invalidProperty('view', view, 'the account sells nothing; its view is buying');
  }
  return {
    amount,
    view,
    grain: change.grain ?? before?.grain ?? 'BillingPeriod',
    filters: change.filters ?? before?.filters ?? {},
  };
}

function saidOf({ amount, grain, view, filters }: Terms): string {
  return JSON.stringify([amount.toText(), grain, view, filters]);
}

/** Forgets a budget and what it told. @throws BudgetNotFound, PreconditionFailed */
export async function removeBudget(
  tx: Queryable,
  { accountId }: Pick<BillingAccount, 'accountId'>,
  name: string,
  changing: Changing,
  precondition?: Precondition,
): Promise<void> {
  const found = await findBudget(tx, accountId, name, { lock: true });
  if (found === undefined) throw budgetNotFound(name);
  checkMatch(precondition, found.budget);
  await deleteBudget(tx, found.budget.budgetId);
  await tell(tx, changing, found.budget, 'delete');
}

export function budgetNotFound(budget: string): StackmeterError {
  return fail('BudgetNotFound', { budget });
}

async function tell(
  tx: Queryable,
  { clock, actor }: Changing,
  budget: Budget,
  verb: 'write' | 'delete',
): Promise<void> {
  await appendAudit(tx, clock, {
    actor,
    action: `Microsoft.Consumption/budgets/${verb}`,
    target: `/accounts/${budget.accountId}/budgets/${budget.name}`,
    detail: toWireTerms(budget),
  });
}
