import {
  bucketStart,
  fail,
  formatWireTime,
  type Granularity,
  type Instant,
  type SubscriptionId,
} from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import { registrationsBookingOn, type Registration } from '../registration/index.ts';
import { listUnaccepted } from '../reported-usage/index.ts';
import { readExpected, type RegistrationWindow } from './booking-store.ts';

const HOURS_PER_DAY = 24;

/** Whose usage is booked on an account, and how far it has been reported. */
export interface Booking {
  /** by their numbers: all that ever booked on it, removed ones too */
  readonly registrations: ReadonlyMap<number, Registration>;
  /** windows of which rows may be there although they are not accepted: they count for nothing yet */
  readonly unaccepted: readonly RegistrationWindow[];
  /** the windows that come next, of the registrations that still report for it */
  readonly expected: readonly RegistrationWindow[];
}

/** Reads it; in one snapshot with the rows that it is about, see `readAsAccount`. */
export async function readBooking(
  db: Queryable,
  account: SubscriptionId,
  now: Instant,
): Promise<Booking> {
  const registrations = await registrationsBookingOn(db, account);
  const numbers = registrations.map(({ number }) => number);
  return {
    registrations: new Map(registrations.map((one) => [one.number, one])),
    unaccepted: await readUnaccepted(db, numbers),
    expected: await readExpected(db, account, numbers, now),
  };
}

/** The windows of these registrations of which rows may be there although they are not accepted. */
export async function readUnaccepted(
  db: Queryable,
  registrations: readonly number[],
): Promise<RegistrationWindow[]> {
  const windows = await listUnaccepted(db, registrations);
  return windows.map(({ registrationNumber, window }) => ({
    registration: registrationNumber,
    hour: window,
  }));
}

/**
 * An answer with status 200 never changes, so every registration that books on the account must have reported the whole
 * range.
 *
 * @throws ProcessingNotCompleted naming the first hour or day that is missing
 */
export function requireReported(
  { expected }: Booking,
  range: { readonly granularity: Granularity; readonly from: number; readonly to: number },
): void {
  const { granularity, from, to } = range;
  const nextWindows = expected.map(({ hour }) =>
    granularity === 'hour' ? hour : Math.floor(hour / HOURS_PER_DAY),
  );
  const next = Math.min(...nextWindows);
  if (next >= to) return;
  const window = formatWireTime(bucketStart(granularity, Math.max(next, from)));
  throw fail('ProcessingNotCompleted', { granularity, window });
}
