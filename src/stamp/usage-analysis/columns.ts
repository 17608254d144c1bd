/** The columns of a row of sums: the days of a month, or the hours of a day. */
export const DAY_COLUMNS = Array.from({ length: 31 }, (_, at) => `d${at + 1}`);
export const HOUR_COLUMNS = Array.from({ length: 24 }, (_, at) => `h${at}`);

/** What usage is summed by. Each level has a table of days and one of hours. */
export type Level = 'meter' | 'subscription' | 'place';

/** The key of a row besides its meter and its month or day. */
export const LEVEL_KEYS: Readonly<Record<Level, readonly string[]>> = {
  meter: ['location'],
  subscription: ['subscription_id', 'location'],
  place: ['place', 'subscription_id'],
};

export const LEVELS = ['meter', 'subscription', 'place'] as const satisfies readonly Level[];

/** Months since January 1970 and day of that month, of a column of days since then. */
export const MONTH_OF_DAY = (day: string): string =>
  `((extract(year from date '1970-01-01' + ${day})::int - 1970) * 12
    + extract(month from date '1970-01-01' + ${day})::int - 1)`;
export const DAY_IN_MONTH = (day: string): string =>
  `extract(day from date '1970-01-01' + ${day})::int`;
