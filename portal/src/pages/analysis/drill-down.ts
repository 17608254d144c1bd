import {
  dimensionsOf,
  filtersOf,
  groupByOf,
  printFilter,
  tagFilter,
  type AnalysisKind,
  type AnalysisSearch,
  type Dimension,
  type Filter,
} from './search.ts';

/** From the coarse to the fine; what is filtered on already is left out on the way down. */
const ladder: readonly Dimension[] = [
  'account',
  'service',
  'meter',
  'subscription',
  'resourceGroup',
  'resource',
];

/** Where a dimension outside the ladder enters it. */
const entrance: Readonly<Partial<Record<Dimension, Dimension>>> = {
  location: 'subscription',
  resourceType: 'resource',
};

/** What the groups of this search are divided into next; undefined at the finest. */
export function nextDimension(kind: AnalysisKind, search: AnalysisSearch): Dimension | undefined {
  const groupBy = groupByOf(kind, search);
  const taken = new Set<string>(filtersOf(search).map(({ dimension }) => dimension));
  taken.add(groupBy);
  const offered = dimensionsOf(kind);
  const steps = ladder.filter((one) => offered.includes(one) && !taken.has(one));
  const at = ladder.findIndex((one) => one === groupBy);
  if (at >= 0) return steps.find((one) => ladder.indexOf(one) > at);
  const enter = offered.find((one) => one === groupBy);
  const first = ladder.indexOf((enter && entrance[enter]) ?? 'subscription');
  return steps.find((one) => ladder.indexOf(one) >= first);
}

/** The search of one group, divided further; undefined where there is nothing finer. */
export function drillDown(
  kind: AnalysisKind,
  search: AnalysisSearch,
  key: string,
): AnalysisSearch | undefined {
  const next = nextDimension(kind, search);
  if (next === undefined) return undefined;
  const filter = filterOfGroup(kind, search, key);
  if (filter === undefined) return undefined;
  return withFilter({ ...search, groupBy: next, search: undefined }, filter);
}

function filterOfGroup(
  kind: AnalysisKind,
  search: AnalysisSearch,
  key: string,
): Filter | undefined {
  const groupBy = groupByOf(kind, search);
  if (groupBy.startsWith('tag:')) {
    return tagFilter(groupBy.slice('tag:'.length), key);
  }
  const dimension = dimensionsOf(kind).find((one) => one === groupBy);
  return dimension && key !== '' ? { dimension, value: key } : undefined;
}

/** With one more filter; filters of the same kind widen, filters of different kinds narrow. */
export function withFilter(search: AnalysisSearch, filter: Filter): AnalysisSearch {
  const text = printFilter(filter);
  const others = (search.filters ?? []).filter((one) => one !== text);
  return { ...search, filters: [...others, text] };
}

export function withoutFilter(search: AnalysisSearch, filter: Filter): AnalysisSearch {
  const text = printFilter(filter);
  const filters = (search.filters ?? []).filter((one) => one !== text);
  return { ...search, filters: filters.length > 0 ? filters : undefined };
}
