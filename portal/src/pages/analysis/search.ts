import { dayOf, textOf, textsOf, wordOf } from '../../app/address.ts';
import type { SearchTexts } from '../../app/area.ts';
import { presets, type Preset } from '../../components/period.ts';
import { chartKinds, granularities, type ChartKind, type Granularity } from './period.ts';

/** Usage counts quantities, cost adds up money. */
export type AnalysisKind = 'usage' | 'cost';

export const dimensions = [
  'meter',
  'service',
  'subscription',
  'resourceGroup',
  'resource',
  'resourceType',
  'location',
  'account',
] as const;
export type Dimension = (typeof dimensions)[number];

/** `tag:NAME` groups by the values of a tag. */
export type GroupBy = Dimension | `tag:${string}`;

/** A tag's value is NAME:VALUE, with a backslash before a colon or backslash of the name. */
export interface Filter {
  readonly dimension: Dimension | 'tag';
  readonly value: string;
}

/** An account buys from the one above it and sells to those below. */
export const views = ['buying', 'selling'] as const;
export type View = (typeof views)[number];

/** What the address of an analysis says. What is not said has a default. */
export interface AnalysisSearch {
  readonly period?: Preset | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly granularity?: Granularity | undefined;
  readonly groupBy?: GroupBy | undefined;
  /** Each `dimension=value`. */
  readonly filters?: readonly string[] | undefined;
  readonly search?: string | undefined;
  readonly order?: 'name' | undefined;
  readonly chart?: ChartKind | undefined;
  readonly view?: View | undefined;
  /** Buyers may pay in several. */
  readonly currency?: string | undefined;
}

const MOST_FILTERS = 40;
const LONGEST_TEXT = 2000;

/** Reads what stands in the address; what has no meaning is left out rather than refused. */
export function readAnalysisSearch(search: SearchTexts): AnalysisSearch {
  const filters = textsOf(search, 'filters')
    .filter((one) => one.length <= LONGEST_TEXT && parseFilter(one) !== undefined)
    .slice(0, MOST_FILTERS);
  return {
    period: wordOf(search, 'period', presets),
    from: dayOf(search, 'from'),
    to: dayOf(search, 'to'),
    granularity: wordOf(search, 'granularity', granularities),
    groupBy: readGroupBy(search),
    filters: filters.length > 0 ? filters : undefined,
    search: textOf(search, 'search')?.slice(0, LONGEST_SEARCH),
    order: wordOf(search, 'order', ['name']),
    chart: wordOf(search, 'chart', chartKinds),
    view: wordOf(search, 'view', views),
    currency: textOf(search, 'currency')?.slice(0, CURRENCY_LETTERS),
  };
}

const LONGEST_SEARCH = 200;
const CURRENCY_LETTERS = 3;

function readGroupBy(search: SearchTexts): GroupBy | undefined {
  const text = textOf(search, 'groupBy') ?? '';
  const tag = /^tag:(.+)$/.exec(text)?.[1];
  if (tag !== undefined && tag.length <= LONGEST_TEXT) return `tag:${tag}`;
  return dimensions.find((one) => one === text);
}

export function parseFilter(text: string): Filter | undefined {
  const at = text.indexOf('=');
  if (at < 1) return undefined;
  const name = text.slice(0, at);
  const dimension = name === 'tag' ? name : dimensions.find((one) => one === name);
  const value = text.slice(at + 1);
  if (dimension === undefined || value === '') return undefined;
  if (dimension === 'tag' && !value.includes(':')) return undefined;
  return { dimension, value };
}

export function printFilter({ dimension, value }: Filter): string {
  return `${dimension}=${value}`;
}

/** The filter of a tag; an empty value is what has no such tag, or has it empty. */
export function tagFilter(name: string, value: string): Filter {
  return { dimension: 'tag', value: `${name.replaceAll(/[\\:]/g, '\\$&')}:${value}` };
}

export function filtersOf(search: AnalysisSearch): readonly Filter[] {
  return (search.filters ?? []).flatMap((text) => parseFilter(text) ?? []);
}

export const defaultGroupBy: Readonly<Record<AnalysisKind, GroupBy>> = {
  usage: 'meter',
  cost: 'meter',
};

export function groupByOf(kind: AnalysisKind, search: AnalysisSearch): GroupBy {
  const { groupBy } = search;
  if (groupBy === undefined) return defaultGroupBy[kind];
  const isOffered = groupBy.startsWith('tag:') || dimensionsOf(kind).some((one) => one === groupBy);
  return isOffered ? groupBy : defaultGroupBy[kind];
}

/** What can be grouped by and filtered on, in the order in which it is offered. */
export function dimensionsOf(kind: AnalysisKind): readonly Dimension[] {
  return dimensions.filter((one) => kind === 'cost' || (one !== 'service' && one !== 'account'));
}

/** Quantities of different meters do not add up: any other grouping needs exactly one. */
export function needsMeter(kind: AnalysisKind, search: AnalysisSearch): boolean {
  if (kind !== 'usage' || groupByOf(kind, search) === 'meter') return false;
  return filtersOf(search).filter(({ dimension }) => dimension === 'meter').length !== 1;
}
