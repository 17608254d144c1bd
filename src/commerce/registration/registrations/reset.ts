import { randomUUID } from 'node:crypto';
import type { Instant, SubscriptionId } from '../../../kernel/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import { resourceIdOf } from './registration.ts';
import { findRegistration, listRegistrations, updateRegistration } from './store.ts';

/**
 * Stops the reporting of all registrations under a subscription whose directory changed. Their periods
 * stay open: when they are put again, reporting goes on with the window that comes next.
 *
 * @returns their resource ids
 */
export async function resetRegistrations(
  tx: Queryable,
  subscriptionId: SubscriptionId,
  now: Instant,
): Promise<string[]> {
  const active = await listRegistrations(tx, { subscriptionId });
  const reset: string[] = [];
  for (const one of active.filter(({ state }) => state === 'Active')) {
    await findRegistration(tx, one.registrationId, { lock: true });
    await updateRegistration(tx, { ...one, state: 'Reset', etag: randomUUID(), updatedAt: now });
    reset.push(resourceIdOf(one));
  }
  return reset;
}
