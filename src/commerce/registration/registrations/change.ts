import { randomUUID } from 'node:crypto';
import { fail, type Instant } from '../../../kernel/index.ts';
import type { Changing } from '../../../identity/index.ts';
import type { Queryable } from '../../../platform/index.ts';
import { endAllMappings, findUsedByOthers } from '../customers/store.ts';
import { holdRegistrations, presentOf } from '../lock.ts';
import { tellRegistration } from './audit.ts';
import { endOpenPeriod } from './periods.ts';
import { checkIfMatch, type Precondition } from './precondition.ts';
import type { Registration, RegistrationPlace } from './registration.ts';
import { findRegistrationByName, holdBooking, updateRegistration } from './store.ts';

/**
 * Removes a registration: reporting ends, so do its mappings. The client of the stamp stays, so that the
 * stamp can learn of it. What was reported stays booked.
 *
 * @returns whether there was one
 * @throws PreconditionFailed; Conflict while other registrations of the partner use a mapping that it
 *   shares
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
  await holdBooking(tx, [present.number]);
  const now = presentOf(changing.clock);
  await refuseWhileShared(tx, present, now);
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

/** Their usage would go elsewhere, and nobody asked them. @throws Conflict */
async function refuseWhileShared(tx: Queryable, one: Registration, now: Instant): Promise<void> {
  const used = await findUsedByOthers(tx, one.number, now);
  if (used === undefined) return;
  const reason =
    `other registrations of the partner use the mapping of the directory ${used.tenantId} that it shares; ` +
    'map the directory on another registration first';
  throw fail('Conflict', { reason });
}

/**
 * Sets when a registration ends, or that it never does. While it is over it takes no usage; windows wait
 * on the stamp until it is registered again or the end is put off.
 *
 * @param expiresAt may have passed; undefined for never
 * @throws RegistrationNotFound, PreconditionFailed
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
