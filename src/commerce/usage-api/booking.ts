import {
  bucketStart,
  fail,
  formatWireTime,
  type Granularity,
  type SubscriptionId,
} from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import {
  listReportingPeriods,
  registrationsBookingOn,
  type Registration,
  type ReportingPeriod,
} from '../registration/index.ts';

const HOURS_PER_DAY = 24;

/** A reported window of a registration, by numbers. */
export interface RegistrationWindow {
  readonly registration: number;
  readonly hour: number;
}

/** Whose usage is booked on an account, and how far it has been reported. */
export interface Booking {
  /** by their numbers, removed ones too */
  readonly registrations: ReadonlyMap<number, Registration>;
  /** windows of which batches may be there although the window is not accepted: they count for nothing yet */
  readonly unaccepted: readonly RegistrationWindow[];
  /** the windows that come next, of the registrations that still report */
  readonly expected: readonly RegistrationWindow[];
}

/** Reads it; in one snapshot with the rows that it is about, see `readAsAccount`. */
export async function readBooking(db: Queryable, account: SubscriptionId): Promise<Booking> {
  return bookingOf(db, await registrationsBookingOn(db, account));
}

export async function bookingOf(
  db: Queryable,
  registrations: readonly Registration[],
): Promise<Booking> {
  const unaccepted: RegistrationWindow[] = [];
  const expected: RegistrationWindow[] = [];
  for (const registration of registrations) {
    const periods = await listReportingPeriods(db, registration.number);
    const at = (hour: number): RegistrationWindow => ({ registration: registration.number, hour });
    unaccepted.push(...unacceptedOf(periods).map(at));
    const open = periods.find(({ endedAt }) => endedAt === undefined);
    if (open !== undefined && registration.state !== 'Removed') expected.push(at(open.nextWindow));
  }
  return {
    registrations: new Map(registrations.map((one) => [one.number, one])),
    unaccepted,
    expected,
  };
}

/** Only the window that comes next can have batches without being accepted, unless a later period took it. */
function unacceptedOf(periods: readonly ReportingPeriod[]): number[] {
  return periods
    .map(({ nextWindow }) => nextWindow)
    .filter((hour) => !periods.some((one) => one.fromWindow <= hour && hour < one.nextWindow));
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
