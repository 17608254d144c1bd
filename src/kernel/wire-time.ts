import type { Instant } from './time.ts';

const plus = 0x2b;
const minus = 0x2d;
const dot = 0x2e;
const digit0 = 0x30;
const digit9 = 0x39;
const colon = 0x3a;
const space = 0x20;
const letterT = 0x54;
const letterZ = 0x5a;

const daysInMonth = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const secondsPerDay = 86_400;
/** 0001-01-01T00:00:00Z and 10000-01-01T00:00:00Z, in seconds since 1970. */
const firstSecond = -62_135_596_800;
const afterLastSecond = 253_402_300_800;

/** A moment as seconds since 1970-01-01T00:00Z (any sign) and the nanoseconds after them. */
interface Moment {
  readonly seconds: number;
  readonly nanoseconds: number;
}

/**
 * Reads a time as clients and emitters write it. The forms (usage interface contract: query
 * tolerance) are ISO 8601 in its extended form:
 *
 * - `2018-06-01T10:00:00`, with or without seconds, with up to nine decimals of a second;
 * - then `Z`, an offset (`+02:00`, `+0200`, `+02`), an offset followed by `Z` (the offset counts), or
 *   nothing, which means UTC;
 * - a space for the `+` of the offset, as a form decoder leaves it;
 * - `2018-06-01` alone, which means midnight in UTC.
 *
 * Years 0001 to 9999. Anything else is undefined: other orders, 24:00, second 60, lower-case letters.
 */
export function parseWireTime(text: string): Instant | undefined {
  const moment = readMoment(text);
  if (moment === undefined) return undefined;
  const { seconds, nanoseconds } = moment;
  // Most times have no more than milliseconds; those need no bigint.
  return nanoseconds % 1_000_000 === 0
    ? Temporal.Instant.fromEpochMilliseconds(seconds * 1000 + nanoseconds / 1_000_000)
    : Temporal.Instant.fromEpochNanoseconds(BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds));
}

/**
 * Reads the forms of {@link parseWireTime} without building a Temporal object: whole microseconds
 * since 1970-01-01T00:00Z as a safe integer; finer digits are cut off. Undefined also for a time whose
 * microseconds are no safe integer (before the year 1684 or after 2255).
 */
export function parseEpochMicroseconds(text: string): number | undefined {
  const moment = readMoment(text);
  if (moment === undefined) return undefined;
  const microseconds = moment.seconds * 1_000_000 + Math.floor(moment.nanoseconds / 1000);
  return Number.isSafeInteger(microseconds) ? microseconds : undefined;
}

/** The instant so many microseconds after 1970-01-01T00:00Z; RangeError unless a safe integer. */
export function fromEpochMicroseconds(microseconds: number): Instant {
  if (!Number.isSafeInteger(microseconds)) {
    throw new RangeError(`Not a whole number of microseconds: ${microseconds}.`);
  }
  return microseconds % 1000 === 0
    ? Temporal.Instant.fromEpochMilliseconds(microseconds / 1000)
    : Temporal.Instant.fromEpochNanoseconds(BigInt(microseconds) * 1000n);
}

/**
 * Writes a time as rows carry it: `2018-06-01T10:00:00+00:00`, always UTC, offset written out, never
 * `Z`. Rows begin and end on whole hours, so they never show a fraction; an instant that has one keeps
 * it, because cutting it off would tell another time.
 */
export function formatWireTime(instant: Instant): string {
  return `${instant.toString().slice(0, -1)}+00:00`;
}

function readMoment(text: string): Moment | undefined {
  const days = readDate(text);
  if (days === undefined) return undefined;
  if (text.length === 10) return { seconds: days * secondsPerDay, nanoseconds: 0 };
  const hour = twoDigits(text, 11);
  const minute = twoDigits(text, 14);
  if (text.charCodeAt(10) !== letterT || text.charCodeAt(13) !== colon) return undefined;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59) return undefined;
  let position = 16;
  let second = 0;
  let nanoseconds = 0;
  if (text.charCodeAt(position) === colon) {
    second = twoDigits(text, 17);
    if (second < 0 || second > 59) return undefined;
    position = 19;
    if (text.charCodeAt(position) === dot) {
      const end = endOfDigits(text, position + 1);
      nanoseconds = readFraction(text, position + 1, end);
      if (nanoseconds < 0) return undefined;
      position = end;
    }
  }
  const offset = readZone(text, position);
  if (offset === undefined) return undefined;
  const seconds = days * secondsPerDay + hour * 3600 + minute * 60 + second - offset;
  if (seconds < firstSecond || seconds >= afterLastSecond) return undefined;
  return { seconds, nanoseconds };
}

/** Days since 1970-01-01 of the date `YYYY-MM-DD` at the beginning of the text. */
function readDate(text: string): number | undefined {
  const century = twoDigits(text, 0);
  const yearOfCentury = twoDigits(text, 2);
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  if (century < 0 || yearOfCentury < 0 || text.charCodeAt(4) !== minus) return undefined;
  if (text.charCodeAt(7) !== minus) return undefined;
  const year = century * 100 + yearOfCentury;
  const length = daysInMonth[month - 1];
  if (year < 1 || length === undefined || day < 1) return undefined;
  if (day > (month === 2 && isLeapYear(year) ? 29 : length)) return undefined;
  return daysSinceEpoch(year, month, day);
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/**
 * Days since 1970-01-01 in the Gregorian calendar. The year is taken to begin in March, so that the
 * leap day comes last and the days before a month follow one linear rule.
 */
function daysSinceEpoch(year: number, month: number, day: number): number {
  const marchYear = month > 2 ? year : year - 1;
  const marchMonth = month > 2 ? month - 3 : month + 9;
  const leapDays =
    Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  return marchYear * 365 + leapDays + Math.floor((153 * marchMonth + 2) / 5) + day - 719_469;
}

/** The offset in seconds of the zone from `position` to the end of the text. */
function readZone(text: string, position: number): number | undefined {
  const length = text.length;
  if (position === length) return 0;
  const sign = text.charCodeAt(position);
  if (sign === letterZ) return position + 1 === length ? 0 : undefined;
  if (sign !== plus && sign !== minus && sign !== space) return undefined;
  const end = text.charCodeAt(length - 1) === letterZ ? length - 1 : length;
  const digits = end - position - 1;
  const hours = twoDigits(text, position + 1);
  let minutes = 0;
  if (digits === 5 && text.charCodeAt(position + 3) === colon) {
    minutes = twoDigits(text, position + 4);
  } else if (digits === 4) {
    minutes = twoDigits(text, position + 3);
  } else if (digits !== 2) {
    return undefined;
  }
  if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) return undefined;
  const offset = hours * 3600 + minutes * 60;
  return sign === minus ? -offset : offset;
}

function endOfDigits(text: string, from: number): number {
  let position = from;
  while (isDigit(text.charCodeAt(position))) position++;
  return position;
}

/** Nanoseconds of the one to nine decimals from `from` to `end`; -1 for none or more. */
function readFraction(text: string, from: number, end: number): number {
  if (end === from || end - from > 9) return -1;
  let value = 0;
  for (let position = from; position < from + 9; position++) {
    value = value * 10 + (position < end ? text.charCodeAt(position) - digit0 : 0);
  }
  return value;
}

/** The number of two digits at a position; -1 when there are no two digits. */
function twoDigits(text: string, position: number): number {
  const tens = text.charCodeAt(position);
  const ones = text.charCodeAt(position + 1);
  if (!isDigit(tens) || !isDigit(ones)) return -1;
  return (tens - digit0) * 10 + (ones - digit0);
}

function isDigit(code: number): boolean {
  return code >= digit0 && code <= digit9;
}
