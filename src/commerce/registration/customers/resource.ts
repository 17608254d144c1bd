import type { Instant } from '../../../kernel/index.ts';
import { isInForce, type CustomerMapping } from './mapping.ts';

/**
 * A customer subscription as a resource: what was put last. While that lies ahead, `present` is what
 * applies until then.
 */
export interface CustomerResource extends CustomerMapping {
  readonly present: CustomerMapping | undefined;
  /** The id of the registration that shares it; undefined for one of the registration's own. */
  readonly inheritedFrom: string | undefined;
}

/** @param mappings those of one customer subscription that have not ended, by time */
export function resourceOf(
  mappings: readonly CustomerMapping[],
  now: Instant,
): CustomerResource | undefined {
  const last = mappings.at(-1);
  if (last === undefined) return undefined;
  const present = mappings.find((one) => one !== last && isInForce(one, now));
  return { inheritedFrom: undefined, ...last, present };
}

/** The customer subscriptions among mappings that are ordered by customer and time. */
export function resourcesOf(
  mappings: readonly CustomerMapping[],
  now: Instant,
): CustomerResource[] {
  const groups = Map.groupBy(mappings, (one) => one.customerSubscriptionId);
  return [...groups.values()].flatMap((group) => resourceOf(group, now) ?? []);
}
