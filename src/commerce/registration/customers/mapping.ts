import type { DirectoryTenantId, Instant, SubscriptionId } from '../../../kernel/index.ts';

/** A mapping that applies to usage now. */
export interface MappingInForce {
  /** Number of the row, for rows of usage. */
  readonly mapping: number;
  /** 1, 2, 3 for each directory of a registration. */
  readonly version: number;
  readonly tenantId: DirectoryTenantId;
  readonly customerSubscriptionId: SubscriptionId;
  readonly shared: boolean;
}

/** To whose subscription the usage of a directory goes, and from when to when. */
export interface CustomerMapping extends MappingInForce {
  readonly effectiveFrom: Instant;
  /** Replaced or removed from then on; undefined: not that anybody knows. */
  readonly effectiveTo: Instant | undefined;
  readonly etag: string;
  readonly createdAt: Instant;
}

/** What is written of a customer. */
export interface WantedMapping {
  readonly customerSubscriptionId: SubscriptionId;
  readonly tenantId: DirectoryTenantId;
  readonly effectiveFrom: Instant;
  readonly shared: boolean;
}

/** Whether it applies at that moment. */
export function isInForce(
  { effectiveFrom, effectiveTo }: Pick<CustomerMapping, 'effectiveFrom' | 'effectiveTo'>,
  at: Instant,
): boolean {
  return (
    Temporal.Instant.compare(effectiveFrom, at) <= 0 &&
    (effectiveTo === undefined || Temporal.Instant.compare(at, effectiveTo) < 0)
  );
}
