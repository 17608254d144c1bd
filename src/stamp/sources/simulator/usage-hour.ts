import { formatWireTime, hourStart, type HourNumber } from '../../../kernel/index.ts';

/** One hour of use, with what the emitters need to know about it. All in UTC. */
export interface UsageHour {
  readonly hour: HourNumber;
  /** As records write it. */
  readonly start: string;
  readonly end: string;
  /** 0 to 23. */
  readonly hourOfDay: number;
  /** Whole days since 1970-01-01. */
  readonly day: number;
  /** 0 is Monday. */
  readonly weekday: number;
  /** Hours since the start of the calendar month. */
  readonly hourOfMonth: number;
  readonly hoursInMonth: number;
}

/** Monday comes first here; 1970-01-01 was a Thursday. */
export function weekdayOf(day: number): number {
  return (day + 3) % 7;
}

export function usageHour(hour: HourNumber): UsageHour {
  const start = hourStart(hour);
  const calendar = start.toZonedDateTimeISO('UTC');
  const day = Math.floor(hour / 24);
  return {
    hour,
    start: formatWireTime(start),
    end: formatWireTime(start.add({ hours: 1 })),
    hourOfDay: calendar.hour,
    day,
    weekday: weekdayOf(day),
    hourOfMonth: (calendar.day - 1) * 24 + calendar.hour,
    hoursInMonth: calendar.daysInMonth * 24,
  };
}
