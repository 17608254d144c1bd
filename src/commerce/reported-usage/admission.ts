import { fail, hourNumber, hourStart, type Instant } from '../../kernel/index.ts';
import { windowName } from '../../reporting/index.ts';
import { statusOf, type Registration } from '../registration/index.ts';

/** How far the clocks of a stamp and of commerce may be apart. */
const MOST_AHEAD_MS = 24 * 3_600_000;

/**
 * Lets a window pass that has not been accepted: when the registration takes usage now, and the window
 * is the one that comes next.
 *
 * @param next the window that comes next in the open period; undefined when no period is open
 * @throws UsageReportingOff, RegistrationExpired, ReportedWindowGap, ReportedWindowInFuture
 */
export function admitWindow(
  registration: Registration,
  window: number,
  next: number | undefined,
  now: Instant,
): void {
  const { expiresAt } = registration;
  switch (statusOf(registration, now)) {
    case 'Removed':
      throw fail('UsageReportingOff', { reason: 'it was removed' });
    case 'Reset':
      throw fail('UsageReportingOff', {
        reason: 'it was reset, because the directory of its subscription changed',
      });
    case 'Expired':
      throw fail('RegistrationExpired', { expiration: expiresAt?.toString() ?? '' });
    case 'Registered':
  }
  if (next === undefined) {
    throw fail('UsageReportingOff', { reason: 'reporting was switched off' });
  }
  if (window !== next) throw windowGap(window, next);
  const end = hourStart(hourNumber(window + 1));
  // Accepted windows are final: those of a clock that is years ahead could never be taken back.
  if (end.epochMilliseconds - now.epochMilliseconds > MOST_AHEAD_MS) {
    throw fail('ReportedWindowInFuture', { window: windowName(window), now: now.toString() });
  }
}

/** @param next what comes next; undefined when nothing does */
export function windowGap(window: number, next: number | undefined): Error {
  return fail('ReportedWindowGap', {
    window: windowName(window),
    expected: next === undefined ? 'no window' : windowName(next),
  });
}
