import type { HourNumber, Instant } from './time.ts';
import type { TimeWindow } from './window.ts';
import { contains, dayWindow, timeWindow } from './window.ts';

// The compiler checks this file: each marked line must stay an error.
void function windows(window: TimeWindow, start: Instant, end: Instant, hour: HourNumber): void {
  // @ts-expect-error: only timeWindow makes a window
  const made: TimeWindow = { start, end };
  // @ts-expect-error: a pair of instants is not a window
  contains({ start, end }, start);
  // @ts-expect-error: there may be no such window
  contains(timeWindow(start, end), start);
  // @ts-expect-error: an hour is not an instant
  contains(window, hour);
  // @ts-expect-error: an hour is not a day
  dayWindow(hour);
  // @ts-expect-error: a window cannot be changed
  window.end = start;
  return void made;
};
