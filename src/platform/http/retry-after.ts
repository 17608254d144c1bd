import type { IncomingHttpHeaders } from 'node:http';
import type { Instant } from '../../kernel/index.ts';

/**
 * Reads the header Retry-After: seconds or a date, which is measured by the header Date of the same answer where there is
 * one; our clock may be wrong.
 *
 * @returns milliseconds, `longestMs` at most; 0 for anything else
 */
export function readRetryAfter(
  { 'retry-after': value, date }: IncomingHttpHeaders,
  now: Instant,
  longestMs: number,
): number {
  if (value === undefined) return 0;
  const text = value.trim();
  if (/^\d{1,9}$/.test(text)) return Math.min(Number.parseInt(text, 10) * 1000, longestMs);
  const until = readHttpDate(text);
  if (until === undefined) return 0;
  const from = readHttpDate(date ?? '') ?? now;
  const wait = until.epochMilliseconds - from.epochMilliseconds;
  return Math.min(Math.max(wait, 0), longestMs);
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const HTTP_DATE = /^[A-Z][a-z]{2}, (\d{2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}:\d{2}:\d{2}) GMT$/;

/** Reads the date of an HTTP header in the form that servers write; undefined for anything else. */
export function readHttpDate(text: string): Instant | undefined {
  const [, day = '', name = '', year = '', time = ''] = HTTP_DATE.exec(text.trim()) ?? [];
  const month = MONTHS.indexOf(name) + 1;
  if (month === 0) return undefined;
  try {
    return Temporal.Instant.from(`${year}-${String(month).padStart(2, '0')}-${day}T${time}Z`);
  } catch {
    return undefined;
  }
}
