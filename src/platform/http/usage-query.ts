import {
  dayFromInstant,
  fail,
  hourFromInstant,
  parseWireTime,
  type Granularity,
  type Instant,
  type StackmeterError,
} from '../../kernel/index.ts';
import type { OperationParameter } from './operation.ts';

/** The one version of the usage interfaces. */
export const USAGE_API_VERSION = '2015-06-01-preview';

/** Query parameters by name in lower case. An empty one counts as absent. */
export type QueryParameters = ReadonlyMap<string, string>;

/** A range of reported time, checked. Windows are hours or days since 1970-01-01T00:00Z, by granularity. */
export interface ReportedRange {
  readonly granularity: Granularity;
  /** first reported window, inclusive */
  readonly from: number;
  /** last reported window, exclusive */
  readonly to: number;
  readonly reportedStart: Instant;
  readonly reportedEnd: Instant;
}

/** How an interface calls the parameters of a range. */
export interface RangeNames {
  readonly start: string;
  readonly end: string;
  readonly granularity: string;
}

const RANGE_NAMES: RangeNames = {
  start: 'reportedStartTime',
  end: 'reportedEndTime',
  granularity: 'aggregationGranularity',
};

/**
 * Checks the api-version of a usage request.
 * @throws NoApiVersion, InvalidApiVersionParameter
 */
export function checkUsageApiVersion(parameters: QueryParameters): void {
  const version = parameters.get('api-version') ?? '';
  if (version === '') throw fail('NoApiVersion', { supported: USAGE_API_VERSION });
  if (version.toLowerCase() !== USAGE_API_VERSION) {
    throw fail('InvalidApiVersionParameter', { version, supported: USAGE_API_VERSION });
  }
}

/**
 * Reads the range of reported time of a usage query.
 *
 * @throws InvalidProperty (missing, not aligned, start not before end), BadRequest (not a time),
 *   RequestEndTimeIsInFuture, InvalidAggregationGranularity
 */
export function readReportedRange(
  parameters: QueryParameters,
  now: Instant,
  names: RangeNames = RANGE_NAMES,
): ReportedRange {
  const granularity = readGranularity(parameters, names.granularity);
  const reportedStart = readTime(parameters, names.start);
  const reportedEnd = readTime(parameters, names.end);
  if (Temporal.Instant.compare(reportedEnd, now) > 0) {
    throw fail('RequestEndTimeIsInFuture', {
      value: received(parameters, names.end),
      now: now.toString({ smallestUnit: 'second' }),
    });
  }
  const from = alignedWindow(parameters, names.start, reportedStart, granularity);
  const to = alignedWindow(parameters, names.end, reportedEnd, granularity);
  if (from >= to) {
    throw invalidParameter(parameters, names.start, `it has to be before ${names.end}`);
  }
  return { granularity, from, to, reportedStart, reportedEnd };
}

function readGranularity(parameters: QueryParameters, name: string): Granularity {
  const value = optionalParameter(parameters, name) ?? 'Daily';
  switch (value.toLowerCase()) {
    case 'daily':
      return 'day';
    case 'hourly':
      return 'hour';
    default:
      throw fail('InvalidAggregationGranularity', { value });
  }
}

function readTime(parameters: QueryParameters, name: string): Instant {
  const value = optionalParameter(parameters, name);
  if (value === undefined) throw invalidParameter(parameters, name, 'it is required and missing');
  const instant = parseWireTime(value);
  if (instant === undefined) throw fail('BadRequest', { parameter: name, value });
  return instant;
}

function alignedWindow(
  parameters: QueryParameters,
  name: string,
  instant: Instant,
  granularity: Granularity,
): number {
  const window = granularity === 'hour' ? hourFromInstant(instant) : dayFromInstant(instant);
  if (window !== undefined) return window;
  const rule =
    granularity === 'hour'
      ? 'with hourly granularity it has to be a whole hour'
      : 'with daily granularity it has to be midnight UTC';
  throw invalidParameter(parameters, name, rule);
}

/** @throws InvalidProperty when it is neither true nor false, in any case */
export function readFlag(parameters: QueryParameters, name: string, otherwise = false): boolean {
  const value = optionalParameter(parameters, name)?.toLowerCase();
  if (value === undefined) return otherwise;
  if (value === 'true' || value === 'false') return value === 'true';
  throw invalidParameter(parameters, name, 'it has to be true or false');
}

/** A parameter without spaces around it; one of nothing but spaces counts as absent. */
export function optionalParameter(parameters: QueryParameters, name: string): string | undefined {
  const value = parameters.get(name.toLowerCase())?.trim();
  return value === '' ? undefined : value;
}

function received(parameters: QueryParameters, name: string): string {
  return parameters.get(name.toLowerCase()) ?? '';
}

/** InvalidProperty for a parameter of the query, with its value as received. */
export function invalidParameter(
  parameters: QueryParameters,
  parameter: string,
  rule: string,
): StackmeterError {
  return fail('InvalidProperty', { parameter, value: received(parameters, parameter), rule });
}

const time = { type: 'string', format: 'date-time' };

/** The parameters that all usage interfaces share, for the interface description. */
export const USAGE_QUERY_PARAMETERS: readonly OperationParameter[] = [
  {
    name: 'api-version',
    in: 'query',
    required: true,
    description: 'The one version there is.',
    schema: { enum: [USAGE_API_VERSION] },
  },
  {
    name: 'reportedStartTime',
    in: 'query',
    required: true,
    description:
      'Start of the range of reported time, inclusive. A whole hour with Hourly, midnight UTC with Daily.',
    schema: time,
  },
  {
    name: 'reportedEndTime',
    in: 'query',
    required: true,
    description: 'End of the range, exclusive, not in the future.',
    schema: time,
  },
  {
    name: 'aggregationGranularity',
    in: 'query',
    description: 'In any case.',
    schema: { enum: ['Daily', 'Hourly'], default: 'Daily' },
  },
  {
    name: 'continuationToken',
    in: 'query',
    description: 'From the nextLink of this very query; absent for the first page.',
    schema: { type: 'string' },
  },
];
