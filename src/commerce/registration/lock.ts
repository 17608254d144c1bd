import type { Instant } from '../../kernel/index.ts';
import type { Clock, Queryable } from '../../platform/index.ts';

const REGISTRATION_LOCK = 7321;

/**
 * Lets one change of subscriptions, registrations or mappings be made at a time, until the
 * transaction ends. To be taken first, before any row or the audit trail: names, cloud identifiers and
 * spans are then as they were read.
 */
export async function holdRegistrations(tx: Queryable): Promise<void> {
  await tx.query('select pg_advisory_xact_lock($1, 0)', [REGISTRATION_LOCK]);
}

/** The present as the database keeps it, to the microsecond and never later. */
export function presentOf(clock: Clock): Instant {
  return clock.now().round({ smallestUnit: 'microsecond', roundingMode: 'floor' });
}
