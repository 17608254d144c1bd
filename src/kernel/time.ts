import type { Brand } from './brand.ts';

/** A moment in UTC. */
export type Instant = Temporal.Instant;
/** Whole hours since 1970-01-01T00:00Z: hour n is [n h, n+1 h). */
export type HourNumber = Brand<number, 'HourNumber'>;
/** Whole days in UTC since 1970-01-01: day n is [n d, n+1 d). */
export type DayNumber = Brand<number, 'DayNumber'>;

const millisecondsPerHour = 3_600_000;
const microsecondsPerHour = 3_600_000_000;
const nanosecondsPerHour = 3_600_000_000_000n;
const hoursPerDay = 24;

/** Marks a whole number as an hour, for rows of the database. RangeError on anything else. */
export function hourNumber(hours: number): HourNumber {
  if (!Number.isSafeInteger(hours)) throw new RangeError(`Not a whole number of hours: ${hours}.`);
  return hours as HourNumber;
}

/** Marks a whole number as a day, for rows of the database. RangeError on anything else. */
export function dayNumber(days: number): DayNumber {
  if (!Number.isSafeInteger(days)) throw new RangeError(`Not a whole number of days: ${days}.`);
  return days as DayNumber;
}

/** The hour that contains the instant. */
export function hourOf(instant: Instant): HourNumber {
  return Math.floor(instant.epochMilliseconds / millisecondsPerHour) as HourNumber;
}

/** The hour that begins at the instant; undefined when the instant is not on a whole hour. */
export function hourFromInstant(instant: Instant): HourNumber | undefined {
  return isWholeHour(instant) ? hourOf(instant) : undefined;
}

/** The hour that contains the moment so many microseconds after 1970-01-01T00:00Z. */
export function hourOfEpochMicroseconds(microseconds: number): HourNumber {
  return Math.floor(microseconds / microsecondsPerHour) as HourNumber;
}

/** The instant at which the hour begins. */
export function hourStart(hour: HourNumber): Instant {
  return Temporal.Instant.fromEpochMilliseconds(hour * millisecondsPerHour);
}

/** The UTC day that contains the instant. */
export function dayOf(instant: Instant): DayNumber {
  return dayOfHour(hourOf(instant));
}

/** The UTC day that begins at the instant; undefined when the instant is not at UTC midnight. */
export function dayFromInstant(instant: Instant): DayNumber | undefined {
  return isUtcMidnight(instant) ? dayOf(instant) : undefined;
}

/** The instant at which the UTC day begins. */
export function dayStart(day: DayNumber): Instant {
  return hourStart(firstHourOfDay(day));
}

/** The UTC day that contains the hour. */
export function dayOfHour(hour: HourNumber): DayNumber {
  return Math.floor(hour / hoursPerDay) as DayNumber;
}

/** The hour with which the UTC day begins. */
export function firstHourOfDay(day: DayNumber): HourNumber {
  return (day * hoursPerDay) as HourNumber;
}

/** Whether the instant is exactly on a whole hour. */
export function isWholeHour(instant: Instant): boolean {
  return instant.epochNanoseconds % nanosecondsPerHour === 0n;
}

/** Whether the instant is exactly at UTC midnight. */
export function isUtcMidnight(instant: Instant): boolean {
  return isWholeHour(instant) && hourOf(instant) % hoursPerDay === 0;
}
