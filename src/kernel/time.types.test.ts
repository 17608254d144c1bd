import type { DayNumber, HourNumber, Instant } from './time.ts';
import { dayOfHour, dayStart, firstHourOfDay, hourNumber, hourStart } from './time.ts';

// The compiler checks this file: each marked line must stay an error.
void function hoursAndDays(hour: HourNumber, day: DayNumber, instant: Instant): void {
  // @ts-expect-error: a day is not an hour
  hourStart(day);
  // @ts-expect-error: an hour is not a day
  dayStart(hour);
  // @ts-expect-error: an hour is not a day
  firstHourOfDay(hour);
  // @ts-expect-error: a day is not an hour
  dayOfHour(day);
  // @ts-expect-error: a plain number must be marked by hourNumber
  hourStart(424_402);
  // @ts-expect-error: a sum is a plain number again
  hourStart(hour + 1);
  hourStart(hourNumber(hour + 1));
  // @ts-expect-error: an instant is not an hour
  hourStart(instant);
  // @ts-expect-error: a day is not an hour
  const wrong: HourNumber = day;
  return void wrong;
};
