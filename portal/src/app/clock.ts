/** Milliseconds since 1970: the one place where the portal asks what time it is. */
export function now(): number {
  return Date.now();
}

/** Today in UTC, as `2026-11-23`. */
export function today(): string {
  return new Date(now()).toISOString().slice(0, 10);
}

/** So many days after a day, or before it. */
export function addDays(day: string, days: number): string {
  const time = new Date(`${day}T00:00:00Z`);
  time.setUTCDate(time.getUTCDate() + days);
  return time.toISOString().slice(0, 10);
}

/** First day of the month of a day, or of one so many months later. */
export function monthStart(day: string, months = 0): string {
  const time = new Date(`${day.slice(0, 7)}-01T00:00:00Z`);
  time.setUTCMonth(time.getUTCMonth() + months);
  return time.toISOString().slice(0, 10);
}

/** The last moment before an end that is exclusive: on the day that people call the last. */
export function lastMoment(end: string): string {
  return new Date(Date.parse(end) - 1).toISOString();
}
