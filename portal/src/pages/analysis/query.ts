import { addressOf, type Query } from '../../api/client.ts';
import type { AnalysisAnswer } from '../../api/types/analysis.ts';
import { minus } from './exact.ts';
import { isPlausible } from './period.ts';
import { chosenGranularity, periodOf } from './range.ts';
import {
  filtersOf,
  groupByOf,
  needsMeter,
  type AnalysisKind,
  type AnalysisSearch,
  type GroupBy,
  type View,
} from './search.ts';

export const pathOf: Readonly<Record<AnalysisKind, string>> = {
  usage: '/api/v1/usage-analysis',
  cost: '/api/v1/cost-analysis',
};

/** Groups on a page of the table, and groups that the chart tells apart. */
const PAGE = 50;
const TOP = 10;
/** As many as the service gives on a page, for files. */
const WHOLE_PAGE = 1000;

/** What is asked, apart from how much of the answer at a time. */
export interface Question {
  readonly kind: AnalysisKind;
  readonly search: AnalysisSearch;
  readonly today: string;
  readonly account?: string | undefined;
  readonly view?: View | undefined;
}

export function analysisQuery(question: Question): Query {
  const { kind, search, today } = question;
  return {
    ...scopeOf(question),
    granularity: chosenGranularity(kind, search, today),
    groupBy: groupByOf(kind, search),
    search: search.search,
    order: search.order,
    top: TOP,
    limit: PAGE,
  };
}

/** Where a file of all groups begins. */
export function wholeAddress(question: Question): string {
  return addressOf(pathOf[question.kind], {
    ...analysisQuery(question),
    granularity: 'none',
    top: 0,
    limit: WHOLE_PAGE,
  });
}

/** Which days of what, filtered. */
export function scopeOf({ search, today, account, view }: Question): Query {
  const filters: Record<string, readonly string[]> = {};
  for (const { dimension, value } of filtersOf(search)) {
    // `account` says whose costs they are.
    const name = dimension === 'account' ? 'buyer' : dimension;
    filters[name] = [...(filters[name] ?? []), value];
  }
  const { currency } = search;
  return { ...periodOf(search, today), ...filters, account, view, currency };
}

/** The same without the days: of the open period. */
export function forecastQuery(question: Question): Query {
  return { ...scopeOf(question), from: undefined, to: undefined };
}

/** Days, account and currency alone: margins are of everything that was sold. */
export function marginQuery({ search, today, account }: Question): Query {
  return { ...periodOf(search, today), account, currency: search.currency };
}

/** What values can be listed of; those of `tag` are the names of tags. */
export type Listed = GroupBy | 'tag';

/** The values of a dimension that a filter may take: all there are, whatever else is filtered on. */
export function valuesQuery(
  { account, view, search: { currency } }: Question,
  { dimension, text, limit }: { dimension: Listed; text: string; limit: number },
): Query {
  return { account, view, currency, dimension, search: text === '' ? undefined : text, limit };
}

/**
 * All groups of the pages read so far, as one answer: the chart stays that of the first page, and the others are those
 * that no page has listed yet.
 */
export function joined(pages: readonly AnalysisAnswer[]): AnalysisAnswer | undefined {
  const [first, ...more] = pages;
  if (first === undefined || more.length === 0) return first;
  const { nextLink: _first, others, ...whole } = first;
  const added = more.flatMap((page) => page.groups).map(({ points: _undrawn, ...group }) => group);
  const nextLink = more.at(-1)?.nextLink;
  const groups = [...first.groups, ...added];
  const count = (others?.count ?? 0) - added.length;
  const listed = groups.map(({ amount }) => amount);
  return {
    ...whole,
    groups,
    ...(count > 0 &&
      first.total && { others: { count, amount: minus(first.total.amount, listed) } }),
    ...(nextLink !== undefined && { nextLink }),
  };
}

/** Whether the service would answer it. */
export function isAskable({ kind, search, today }: Question): boolean {
  return !needsMeter(kind, search) && isPlausible(periodOf(search, today));
}
