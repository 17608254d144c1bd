import type { Brand } from './brand.ts';
import type { DayNumber, HourNumber, Instant } from './time.ts';
import { dayNumber, dayOfHour, dayStart, hourNumber, hourOf, hourStart } from './time.ts';

/**
 * A half-open stretch of time in UTC: from `start`, which belongs to it, to `end`, which does not.
 * Only {@link timeWindow} makes one, so a window that ends before it starts cannot be passed on.
 */
export type TimeWindow = Brand<
  {
    /** Inclusive. */
    readonly start: Instant;
    /** Exclusive, always later than start. */
    readonly end: Instant;
  },
  'TimeWindow'
>;

/** The window from start (inclusive) to end (exclusive); undefined unless start is before end. */
export function timeWindow(start: Instant, end: Instant): TimeWindow | undefined {
  return start.epochNanoseconds < end.epochNanoseconds ? mark(start, end) : undefined;
}

/** The window of one hour. */
export function hourWindow(hour: HourNumber): TimeWindow {
  return mark(hourStart(hour), hourStart(hourNumber(hour + 1)));
}

/** The window of one UTC day. */
export function dayWindow(day: DayNumber): TimeWindow {
  return mark(dayStart(day), dayStart(dayNumber(day + 1)));
}

/** Whether the instant lies in the window: its start does, its end does not. */
export function contains(window: TimeWindow, instant: Instant): boolean {
  const moment = instant.epochNanoseconds;
  return window.start.epochNanoseconds <= moment && moment < window.end.epochNanoseconds;
}

/** The hours that share at least one moment with the window, in order. */
export function* hoursOf(window: TimeWindow): Generator<HourNumber, void, undefined> {
  const last = lastHourOf(window);
  for (let hour = hourOf(window.start); hour <= last; hour = hourNumber(hour + 1)) yield hour;
}

/** The UTC days that share at least one moment with the window, in order. */
export function* daysOf(window: TimeWindow): Generator<DayNumber, void, undefined> {
  const last = dayOfHour(lastHourOf(window));
  const first = dayOfHour(hourOf(window.start));
  for (let day = first; day <= last; day = dayNumber(day + 1)) yield day;
}

/** The length of the window in nanoseconds, always positive. */
export function lengthNanoseconds(window: TimeWindow): bigint {
  return window.end.epochNanoseconds - window.start.epochNanoseconds;
}

/** The length in nanoseconds of the time that both windows hold; 0 when they hold none. */
export function overlapNanoseconds(one: TimeWindow, other: TimeWindow): bigint {
  const start = later(one.start.epochNanoseconds, other.start.epochNanoseconds);
  const end = earlier(one.end.epochNanoseconds, other.end.epochNanoseconds);
  return end > start ? end - start : 0n;
}

function mark(start: Instant, end: Instant): TimeWindow {
  return Object.freeze({ start, end }) as TimeWindow;
}

/** The hour of the window's last moment, which is one nanosecond before its end. */
function lastHourOf(window: TimeWindow): HourNumber {
  return hourOf(window.end.subtract({ nanoseconds: 1 }));
}

function later(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}

function earlier(one: bigint, other: bigint): bigint {
  return one < other ? one : other;
}
