import { randomUUID } from 'node:crypto';
import { fail, type Instant } from '../../../kernel/index.ts';
import type { Changing } from '../../../identity/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import { endAllMappings } from '../customers/store.ts';
import { holdRegistrations, presentOf } from '../lock.ts';
import { tellRegistration } from './audit.ts';
import { endOpenPeriod } from './periods.ts';
import { checkIfMatch, type Precondition } from './precondition.ts';
import type { Registration, RegistrationPlace } from './registration.ts';
import { findRegistration, findRegistrationByName, updateRegistration } from './store.ts';

/**
 * Removes a registration: reporting ends, so do its mappings. The client of the stamp stays, so that the
 * stamp can learn of it. What was reported stays booked.
 *
 * @returns whether there was one
 * @throws Conflict when it is not the one of the precondition
 */
export async function removeRegistration(
  tx: Queryable,
  place: RegistrationPlace,
  changing: Changing,
  precondition?: Precondition,
): Promise<boolean> {
  await holdRegistrations(tx);
  const present = await findRegistrationByName(tx, place);
  checkIfMatch(precondition, present);
  if (present === undefined) return false;
  const now = presentOf(changing.clock);
  await findRegistration(tx, present.registrationId, { lock: true });
  await endOpenPeriod(tx, present.number, 'Removed', now);
  await endAllMappings(tx, present.number, now);
  const removed = {
    ...present,
    state: 'Removed' as const,
    etag: randomUUID(),
    updatedAt: now,
    removedAt: now,
  };
  await updateRegistration(tx, removed);
  await tellRegistration(tx, changing, 'delete', present, removed);
  return true;
}

/**
 * Sets when a registration ends, or that it never does. While it is over it takes no usage; windows wait
 * on the stamp until it is registered again or the end is put off.
 *
 * @param expiresAt may have passed; undefined for never
 * @throws RegistrationNotFound, Conflict
 */
export async function expireRegistration(
  tx: Queryable,
  place: RegistrationPlace,
  expiresAt: Instant | undefined,
  changing: Changing,
  precondition?: Precondition,
): Promise<Registration> {
  await holdRegistrations(tx);
  const present = await findRegistrationByName(tx, place);
  checkIfMatch(precondition, present);
  if (present === undefined) throw fail('RegistrationNotFound', { ...place });
  const updatedAt = presentOf(changing.clock);
  const changed = { ...present, expiresAt, etag: randomUUID(), updatedAt };
  await updateRegistration(tx, changed);
  await tellRegistration(tx, changing, 'write', present, changed);
  return changed;
}
