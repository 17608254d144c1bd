import {
  fail,
  hourFromInstant,
  hourNumber,
  meterKey,
  parseMeterId,
  parseSubscriptionId,
  parseWireTime,
  type HourNumber,
} from '../kernel/index.ts';
import {
  checkText,
  invalid,
  oneOf,
  refuseOthers,
  single,
  wholeNumber,
  type ParameterLists,
} from './parameters.ts';
import {
  comparisonKey,
  parseTagFilter,
  type AnalysisGranularity,
  type Dimension,
  type Grouping,
} from './words.ts';

/** What an interface of analysis has to offer. */
export interface AnalysisOffer {
  readonly dimensions: readonly Dimension[];
  readonly granularities: readonly AnalysisGranularity[];
  /** Names of further parameters, which the interface reads itself. */
  readonly others?: readonly string[];
}

/** Only what has one of the values; several filters have to hold all. */
export interface AnalysisFilter {
  readonly by: Grouping;
  /**
   * In the form in which keys compare. A tag's are as written; an empty one stands for what has no such tag, or has it
   * empty.
   */
  readonly values: readonly string[];
}

export type AnalysisOrder = 'amount' | 'name';

/** A question, checked. */
export interface AnalysisQuery {
  /** Hours of usage since 1970-01-01T00:00Z, from inclusive, to exclusive. */
  readonly from: HourNumber;
  readonly to: HourNumber;
  readonly granularity: AnalysisGranularity;
  readonly groupBy: Grouping;
  readonly filters: readonly AnalysisFilter[];
  /** Only groups whose name has this in it are listed, in the form of {@link comparisonKey}; empty: all. */
  readonly search: string;
  /** The largest amount first, or by name. */
  readonly order: AnalysisOrder;
  /** Listed groups of a page that carry points. */
  readonly top: number;
  /** Groups of a page. */
  readonly limit: number;
  readonly skipToken: string | undefined;
}

const LONGEST_VALUE = 2000;
const LONGEST_SEARCH = 200;
const MOST_POINTED = 25;
const MOST_LISTED = 1000;

/** Longest range, in hours, by granularity. */
const LONGEST: Readonly<Record<AnalysisGranularity, readonly [hours: number, text: string]>> = {
  hour: [31 * 24, '31 days'],
  day: [1100 * 24, '1,100 days'],
  month: [3660 * 24, '3,660 days'],
  none: [3660 * 24, '3,660 days'],
};

const ORDERS = ['-amount', 'name'] as const;

/**
 * Reads a question.
 *
 * @throws InvalidProperty naming the parameter; BadRequest for what is no time
 */
export function readAnalysisQuery(parameters: ParameterLists, offer: AnalysisOffer): AnalysisQuery {
  const { dimensions, granularities, others = [] } = offer;
  const own = ['from', 'to', 'granularity', 'groupBy', 'tag', 'search', 'order', 'top', 'limit'];
  refuseOthers(parameters, [...own, '$skiptoken', ...dimensions, ...others]);
  const granularity = oneOf(parameters, 'granularity', granularities, 'day');
  return {
    ...readRange(parameters, granularity),
    granularity,
    groupBy: readGrouping(parameters, 'groupBy', dimensions) ?? 'meter',
    filters: readFilters(parameters, dimensions),
    search: comparisonKey(single(parameters, 'search', LONGEST_SEARCH) ?? ''),
    order: oneOf(parameters, 'order', ORDERS, '-amount') === 'name' ? 'name' : 'amount',
    top: wholeNumber(parameters, 'top', [0, MOST_POINTED], 10),
    limit: wholeNumber(parameters, 'limit', [1, MOST_LISTED], 50),
    skipToken: single(parameters, '$skiptoken'),
  };
}

/** What decides on the groups and their order, so that a token of one question does not fit another. */
export function canonicalOf(query: AnalysisQuery): string {
  const { from, to, granularity, groupBy, filters, search, order } = query;
  return JSON.stringify([from, to, granularity, groupBy, filters, search, order]);
}

/**
 * The range of time of a question.
 *
 * @throws InvalidProperty (missing, not on the hour, not in order, too long), BadRequest (not a time)
 */
export function readRange(
  parameters: ParameterLists,
  granularity: AnalysisGranularity,
): { readonly from: HourNumber; readonly to: HourNumber } {
  const [from, to] = [readHour(parameters, 'from'), readHour(parameters, 'to')];
  if (from >= to) {
    throw invalid('from', single(parameters, 'from') ?? '', `it has to be before 'to'`);
  }
  const [longest, text] = LONGEST[granularity];
  if (to - from > longest) {
    const rule = `with the granularity ${granularity} a range is at most ${text}`;
    throw invalid('from', single(parameters, 'from') ?? '', rule);
  }
  return { from, to };
}

/** Whether the range begins and ends at midnight UTC, so that whole days answer it. */
export function isOfWholeDays({ from, to }: Pick<AnalysisQuery, 'from' | 'to'>): boolean {
  return from % 24 === 0 && to % 24 === 0;
}

function readHour(parameters: ParameterLists, name: string): HourNumber {
  const value = single(parameters, name);
  if (value === undefined) throw invalid(name, '', 'it is required and missing');
  const instant = parseWireTime(value);
  if (instant === undefined) throw fail('BadRequest', { parameter: name, value });
  const hour = hourFromInstant(instant);
  if (hour === undefined) {
    throw invalid(name, value, 'it has to be a date, or a time on the hour');
  }
  if (hour < 0 || hour > LATEST) {
    throw invalid(name, value, 'it has to be from 1970 to 9999');
  }
  return hourNumber(hour);
}

/** 9999-12-31, in hours since 1970. */
const LATEST = 2_932_896 * 24;

/**
 * What is grouped by, or whose values are wanted.
 *
 * @throws InvalidProperty when it is no dimension on offer, nor a tag
 */
export function readGrouping(
  parameters: ParameterLists,
  name: string,
  dimensions: readonly Dimension[],
): Grouping | undefined {
  const text = single(parameters, name, LONGEST_VALUE);
  if (text === undefined) return undefined;
  const [, tag] = /^tag:(.+)$/is.exec(text) ?? [];
  if (tag !== undefined) return `tag:${comparisonKey(tag)}`;
  const found = dimensions.find((dimension) => dimension.toLowerCase() === text.toLowerCase());
  if (found !== undefined) return found;
  throw invalid(name, text, `it is one of ${dimensions.join(', ')}, or tag:NAME`);
}

/** Filters in an order of their own, so that the same ones are the same text. */
export function readFilters(
  parameters: ParameterLists,
  dimensions: readonly Dimension[],
): AnalysisFilter[] {
  const filters = new Map<Grouping, Set<string>>();
  const add = (by: Grouping, value: string): void => {
    const values = filters.get(by) ?? new Set();
    filters.set(by, values.add(value));
  };
  for (const dimension of dimensions) {
    for (const text of parameters.get(dimension.toLowerCase()) ?? []) {
      add(dimension, valueOf(dimension, checkText(dimension, text, LONGEST_VALUE)));
    }
  }
  for (const text of parameters.get('tag') ?? []) {
    const tag = parseTagFilter(checkText('tag', text, LONGEST_VALUE));
    if (tag === undefined) throw invalid('tag', text, 'write it as NAME:VALUE');
    add(`tag:${comparisonKey(tag.name)}`, tag.value);
  }
  return [...filters].map(([by, values]) => ({ by, values: [...values].toSorted() }));
}

function valueOf(dimension: Dimension, text: string): string {
  if (dimension === 'subscription') {
    const id = parseSubscriptionId(text);
    if (id !== undefined) return id;
    throw invalid(dimension, text, 'it has to be a GUID');
  }
  if (dimension === 'meter') {
    const id = parseMeterId(text);
    if (id !== undefined) return meterKey(id);
    throw invalid(dimension, text, 'it has to be the id of a meter');
  }
  return comparisonKey(text);
}

/** The values of the filter by a dimension; undefined when there is none. */
export function filteredBy(
  { filters }: Pick<AnalysisQuery, 'filters'>,
  by: Grouping,
): readonly string[] | undefined {
  return filters.find((filter) => filter.by === by)?.values;
}
