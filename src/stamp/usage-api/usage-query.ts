import { parseSubscriptionId, type Instant, type SubscriptionId } from '../../kernel/index.ts';
import {
  invalidParameter,
  optionalParameter,
  readFlag,
  readReportedRange,
  type QueryParameters,
  type ReportedRange,
} from '../../platform/index.ts';

/** What a caller asks for, checked. */
export interface UsageQuery extends ReportedRange {
  /** one subscription only; undefined: all that the caller sees */
  readonly subscriberId: SubscriptionId | undefined;
  /** our addition: the whole tree below a provider, not only its direct tenants */
  readonly includeIndirect: boolean;
  /** our addition: a stable unique id of each row */
  readonly showRecordId: boolean;
  readonly continuationToken: string | undefined;
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
  return {
    ...readReportedRange(parameters, now),
    subscriberId: which === 'provider' ? readSubscriberId(parameters) : undefined,
    includeIndirect: which === 'provider' && readFlag(parameters, 'includeIndirect'),
    showRecordId: readFlag(parameters, 'showRecordId'),
    continuationToken: optionalParameter(parameters, 'continuationToken'),
  };
}

function readSubscriberId(parameters: QueryParameters): SubscriptionId | undefined {
  const value = optionalParameter(parameters, 'subscriberId');
  if (value === undefined) return undefined;
  const id = parseSubscriptionId(value);
  if (id === undefined) throw invalidParameter(parameters, 'subscriberId', 'it has to be a GUID');
  return id;
}
