import {
  dayFromInstant,
  fail,
  hourFromInstant,
  parseSubscriptionId,
  parseWireTime,
  type Instant,
  type StackmeterError,
  type SubscriptionId,
} from '../../kernel/index.ts';
import type { Granularity } from '../aggregation/index.ts';

/** The one version of both usage interfaces. */
export const USAGE_API_VERSION = '2015-06-01-preview';

/** What a caller asks for, checked. Windows are hours or days since 1970-01-01T00:00Z, by granularity. */
export interface UsageQuery {
  readonly granularity: Granularity;
  /** first reported window, inclusive */
  readonly from: number;
  /** last reported window, exclusive */
  readonly to: number;
  readonly reportedStart: Instant;
  readonly reportedEnd: Instant;
  /** one subscription only; undefined: all that the caller sees */
  readonly subscriberId: SubscriptionId | undefined;
  /** our addition: the whole tree below a provider, not only its direct tenants */
  readonly includeIndirect: boolean;
  /** our addition: a stable unique id of each row */
  readonly showRecordId: boolean;
  readonly continuationToken: string | undefined;
}

/** Query parameters by name in lower case. An empty one counts as absent. */
export type QueryParameters = ReadonlyMap<string, string>;

/**
 * Checks the api-version of a usage request.
 * @throws NoApiVersion, InvalidApiVersionParameter
 */
export function checkApiVersion(parameters: QueryParameters): void {
  const version = parameters.get('api-version') ?? '';
  if (version === '') throw fail('NoApiVersion', { supported: USAGE_API_VERSION });
  if (version.toLowerCase() !== USAGE_API_VERSION) {
    throw fail('InvalidApiVersionParameter', { version, supported: USAGE_API_VERSION });
  }
}

/**
 * Reads the parameters that the provider and the tenant interface share.
 *
 * @throws InvalidProperty (missing, not aligned, start not before end), BadRequest (not a time),
 *   RequestEndTimeIsInFuture, InvalidAggregationGranularity
 */
export function readUsageQuery(
  parameters: QueryParameters,
  now: Instant,
  which: 'provider' | 'tenant' | 'group',
): UsageQuery {
  const granularity = readGranularity(parameters);
  const reportedStart = readTime(parameters, 'reportedStartTime');
  const reportedEnd = readTime(parameters, 'reportedEndTime');
  if (Temporal.Instant.compare(reportedEnd, now) > 0) {
    throw fail('RequestEndTimeIsInFuture', {
      value: received(parameters, 'reportedEndTime'),
      now: now.toString({ smallestUnit: 'second' }),
    });
  }
  const from = alignedWindow(parameters, 'reportedStartTime', reportedStart, granularity);
  const to = alignedWindow(parameters, 'reportedEndTime', reportedEnd, granularity);
  if (from >= to) {
    throw invalid(parameters, 'reportedStartTime', 'it has to be before reportedEndTime');
  }
  return {
    granularity,
    from,
    to,
    reportedStart,
    reportedEnd,
    subscriberId: which === 'provider' ? readSubscriberId(parameters) : undefined,
    includeIndirect: which === 'provider' && readFlag(parameters, 'includeIndirect'),
    showRecordId: readFlag(parameters, 'showRecordId'),
    continuationToken: optional(parameters, 'continuationToken'),
  };
}

function readGranularity(parameters: QueryParameters): Granularity {
  const value = optional(parameters, 'aggregationGranularity') ?? 'Daily';
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
  const value = optional(parameters, name);
  if (value === undefined) throw invalid(parameters, name, 'it is required and missing');
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
  throw invalid(parameters, name, rule);
}

function readSubscriberId(parameters: QueryParameters): SubscriptionId | undefined {
  const value = optional(parameters, 'subscriberId');
  if (value === undefined) return undefined;
  const id = parseSubscriptionId(value);
  if (id === undefined) throw invalid(parameters, 'subscriberId', 'it has to be a GUID');
  return id;
}

function readFlag(parameters: QueryParameters, name: string): boolean {
  const value = optional(parameters, name)?.toLowerCase();
  if (value === undefined || value === 'false') return false;
  if (value === 'true') return true;
  throw invalid(parameters, name, 'it has to be true or false');
}

function optional(parameters: QueryParameters, name: string): string | undefined {
  const value = parameters.get(name.toLowerCase())?.trim();
  return value === '' ? undefined : value;
}

function received(parameters: QueryParameters, name: string): string {
  return parameters.get(name.toLowerCase()) ?? '';
}

function invalid(parameters: QueryParameters, parameter: string, rule: string): StackmeterError {
  return fail('InvalidProperty', { parameter, value: received(parameters, parameter), rule });
}
