import {
  dayNumber,
  dayOf,
  dayStart,
  fail,
  hourNumber,
  hourOf,
  hourStart,
  isUtcMidnight,
  isWholeHour,
  parseSubscriptionId,
  parseWireTime,
  type Instant,
  type StackmeterError,
  type SubscriptionId,
} from '../../kernel/index.ts';
import type { Granularity } from '../aggregation/index.ts';

/** Query parameters by name in lower case, all values of each; empty values are left out. */
export type ParameterLists = ReadonlyMap<string, readonly string[]>;

/** By what the usage of a meter may be told apart and picked out, besides its subject. */
export const DIMENSIONS = ['resourceUri', 'resourceGroup', 'location'] as const;
export type Dimension = (typeof DIMENSIONS)[number];

export type WindowSize = 'HOUR' | 'DAY';

/** A point in time by the window that holds it. */
interface WindowBound {
  readonly window: number;
  /** whether it is the very start of the window */
  readonly isStart: boolean;
}

/** Usage of a meter over usage time. Windows are hours or days since 1970-01-01T00:00Z, by granularity. */
export interface MeterQuery {
  /** undefined: one row for the whole time */
  readonly windowSize: WindowSize | undefined;
  /** of the rows that are added up */
  readonly granularity: Granularity;
  /** first usage window, inclusive */
  readonly from: number;
  /** exclusive; undefined: as far as windows are closed */
  readonly to: WindowBound | undefined;
  readonly groupBy: readonly Dimension[];
  readonly filters: readonly (readonly [Dimension, string])[];
}

/** Subscriptions in one question: each is read on its own. */
export const MOST_SUBJECTS = 100;

/** Most windows of usage time that are added up for one question. */
const LONGEST: Readonly<Record<Granularity, number>> = { hour: 31 * 24, day: 366 };

/** What is understood; `clientId` only names the one who asks, for the caching of others. */
const OFFERED = [
  'subject',
  'from',
  'to',
  'windowSize',
  'windowTimeZone',
  'groupBy',
  'filterGroupBy',
  'clientId',
];

/** Reads the query of a request target: `/path?name=value&name=value`. */
export function readParameterLists(target: string): ParameterLists {
  const lists = new Map<string, string[]>();
  const from = target.indexOf('?');
  const text = from === -1 ? '' : target.slice(from + 1);
  for (const [name, value] of new URLSearchParams(text)) {
    if (value === '') continue;
    const key = name.toLowerCase();
    const list = lists.get(key);
    if (list === undefined) lists.set(key, [value]);
    else list.push(value);
  }
  return lists;
}

/**
 * The subscriptions that are asked about.
 *
 * @throws InvalidProperty when none is named, too many, or what is no GUID
 */
export function readSubjects(parameters: ParameterLists): SubscriptionId[] {
  const values = parameters.get('subject') ?? [];
  const subjects = new Set<SubscriptionId>();
  for (const value of values) {
    const id = parseSubscriptionId(value);
    if (id === undefined) {
      throw invalid('subject', value, 'it has to be the GUID of a subscription');
    }
    subjects.add(id);
  }
  if (subjects.size === 0) throw invalid('subject', '', 'name the subscription to be read');
  if (subjects.size > MOST_SUBJECTS) {
    throw invalid('subject', values[0] ?? '', `at most ${MOST_SUBJECTS} may be given at once`);
  }
  return [...subjects];
}

/**
 * Reads what is asked of a meter, subjects aside.
 *
 * @throws InvalidProperty (missing, not aligned, not offered), BadRequest (not a time)
 */
export function readMeterQuery(parameters: ParameterLists): MeterQuery {
  refuseOthers(parameters, OFFERED);
  const windowSize = readWindowSize(parameters);
  readTimeZone(parameters);
  const start = readTime(parameters, 'from');
  const end = readTime(parameters, 'to');
  if (start === undefined) throw invalid('from', '', 'it is required and missing');
  const granularity = granularityOf(windowSize, start, end);
  const from = boundAt(granularity, start);
  if (!from.isStart) throw unaligned('from', start, granularity);
  if (end !== undefined && Temporal.Instant.compare(start, end) >= 0) {
    throw invalid('from', start.toString(), 'it has to be before to');
  }
  return {
    windowSize,
    granularity,
    from: from.window,
    to: end && boundAt(granularity, end),
    groupBy: readGroupBy(parameters),
    filters: readFilters(parameters),
  };
}

/** Windows from `from` on of which it has to be known whether they are closed: one more than are read at once. */
export function furthestOf({ granularity, from, to }: MeterQuery): number {
  const furthest = from + LONGEST[granularity] + 1;
  return to === undefined ? furthest : Math.min(to.isStart ? to.window : to.window + 1, furthest);
}

/**
 * Where the usage that is read ends, exclusive.
 *
 * @param closedUntil the first window of {@link furthestOf} that is not closed, or the furthest itself
 * @throws InvalidProperty when it would end inside a closed window, or too late
 */
export function endOf(query: MeterQuery, closedUntil: number): number {
  const { granularity, from, to } = query;
  if (to !== undefined && !to.isStart && to.window < closedUntil) {
    throw unaligned('to', windowStart(granularity, to.window), granularity);
  }
  const end = to === undefined ? closedUntil : Math.min(to.window, closedUntil);
  if (end - from > LONGEST[granularity]) {
    const rule = `at most ${LONGEST[granularity]} ${granularity}s are read at once, name a 'to' in reach`;
    throw invalid('from', windowStart(granularity, from).toString(), rule);
  }
  return end;
}

/** The start of an hour or a day. */
export function windowStart(granularity: Granularity, window: number): Instant {
  return granularity === 'hour' ? hourStart(hourNumber(window)) : dayStart(dayNumber(window));
}

/** Whole days are read where the bounds allow, since hours are kept for a shorter time. */
function granularityOf(
  windowSize: WindowSize | undefined,
  start: Instant,
  end: Instant | undefined,
): Granularity {
  if (windowSize !== undefined) return windowSize === 'HOUR' ? 'hour' : 'day';
  return isUtcMidnight(start) && end !== undefined && isUtcMidnight(end) ? 'day' : 'hour';
}

function boundAt(granularity: Granularity, instant: Instant): WindowBound {
  return granularity === 'hour'
    ? { window: hourOf(instant), isStart: isWholeHour(instant) }
    : { window: dayOf(instant), isStart: isUtcMidnight(instant) };
}

function unaligned(name: string, given: Instant, granularity: Granularity): StackmeterError {
  const rule = granularity === 'day' ? 'it has to be midnight UTC' : 'it has to be a whole hour';
  return invalid(name, given.toString(), rule);
}

function readWindowSize(parameters: ParameterLists): WindowSize | undefined {
  const value = optional(parameters, 'windowSize');
  if (value === undefined) return undefined;
  const size = value.toUpperCase();
  if (size === 'HOUR' || size === 'DAY') return size;
  throw invalid('windowSize', value, 'it has to be HOUR or DAY, or absent for one row');
}

function readTimeZone(parameters: ParameterLists): void {
  const value = optional(parameters, 'windowTimeZone');
  if (value === undefined || ['utc', 'etc/utc'].includes(value.toLowerCase())) return;
  throw invalid('windowTimeZone', value, 'windows are in UTC only');
}

function readGroupBy(parameters: ParameterLists): Dimension[] {
  const names = (parameters.get('groupby') ?? []).filter(
    (name) => name.toLowerCase() !== 'subject',
  );
  return [...new Set(names.map((name) => dimensionOf('groupBy', name)))];
}

function readFilters(parameters: ParameterLists): [Dimension, string][] {
  const filters: [Dimension, string][] = [];
  for (const [name, values] of parameters) {
    const [, key] = /^filtergroupby\[(.*)\]$/.exec(name) ?? [];
    if (key === undefined) {
      if (!name.startsWith('filtergroupby')) continue;
      throw invalid(name, values[0] ?? '', 'write it as filterGroupBy[name]=value');
    }
    const [value = '', ...more] = values;
    if (more.length > 0) throw invalid(`filterGroupBy[${key}]`, value, 'it may be given once only');
    filters.push([dimensionOf('filterGroupBy', key), value]);
  }
  return filters;
}

function dimensionOf(parameter: string, name: string): Dimension {
  const known = DIMENSIONS.find((dimension) => dimension.toLowerCase() === name.toLowerCase());
  if (known !== undefined) return known;
  throw invalid(parameter, name, `it has to be one of subject, ${DIMENSIONS.join(', ')}`);
}

/**
 * Refuses every parameter but those named, with or without a key in brackets.
 *
 * @throws InvalidProperty for one that would be ignored, and the answer taken for filtered
 */
export function refuseOthers(parameters: ParameterLists, names: readonly string[]): void {
  const known = new Set(names.map((name) => name.toLowerCase()));
  for (const [given, values] of parameters) {
    const [name = given] = given.split('[', 1);
    if (known.has(name)) continue;
    throw invalid(given, values[0] ?? '', 'this service cannot filter by it; leave it out');
  }
}

/** @throws BadRequest when it is not a time, InvalidProperty when it is given twice */
export function readTime(parameters: ParameterLists, name: string): Instant | undefined {
  const value = optional(parameters, name);
  if (value === undefined) return undefined;
  const instant = parseWireTime(value);
  if (instant === undefined) throw fail('BadRequest', { parameter: name, value });
  return instant;
}

/** @throws InvalidProperty when it is given twice */
export function optional(parameters: ParameterLists, name: string): string | undefined {
  const [value, ...more] = parameters.get(name.toLowerCase()) ?? [];
  if (more.length > 0) throw invalid(name, value ?? '', 'the parameter may be given once only');
  return value;
}

export function invalid(parameter: string, value: string, rule: string): StackmeterError {
  return fail('InvalidProperty', { parameter, value, rule });
}
