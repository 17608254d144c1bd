import type { Query } from '../../api/client.ts';
import type { Budget, BudgetFilters } from '../../api/types/budgets.ts';
import { parseFilter, dimensions, type Dimension } from '../analysis/search.ts';

export function budgetsPath(accountId: string): string {
  return `/api/v1/accounts/${encodeURIComponent(accountId)}/budgets`;
}

export function budgetPath(accountId: string, name: string): string {
  return `${budgetsPath(accountId)}/${encodeURIComponent(name)}`;
}

/** A budget belongs to one account, so that it cannot be narrowed to another. */
export const budgetDimensions: readonly Dimension[] = dimensions.filter((one) => one !== 'account');

/** Filters of a budget as an analysis has them in its address. */
export function asFilterTexts(filters: BudgetFilters): readonly string[] {
  return Object.entries(filters).flatMap(([name, values]) => values.map((one) => `${name}=${one}`));
}

/** And back. */
export function asBudgetFilters(texts: readonly string[]): BudgetFilters {
  const found: Record<string, readonly string[]> = {};
  for (const filter of texts.flatMap((text) => parseFilter(text) ?? [])) {
    found[filter.dimension] = [...(found[filter.dimension] ?? []), filter.value];
  }
  return found;
}

/**
 * What leads to the costs that a budget counts.
 *
 * @param zone in which its periods begin
 */
export function costSearchOf(budget: Budget, zone: string): Query {
  const { current, view, filters, accountId } = budget;
  return {
    account: accountId,
    view,
    from: current?.from && dayIn(current.from, zone),
    to: current?.to && dayIn(current.to, zone),
    filters: asFilterTexts(filters),
  };
}

/** The day of an instant in a time zone: an analysis goes by days. */
export function dayIn(instant: string, zone: string): string {
  const format = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  const parts = new Map(
    format.formatToParts(Date.parse(instant)).map(({ type, value }) => [type, value]),
  );
  return `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
}
