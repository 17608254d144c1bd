import { hash } from 'node:crypto';
import {
  dayNumber,
  dayOf,
  firstHourOfDay,
  hourNumber,
  hourOf,
  meterKey,
  type DayNumber,
  type HourNumber,
} from '../../../kernel/index.ts';
import type { ImportRow } from './import-row.ts';

/** How many rows of each key there were so far. */
export type Occurrences = Map<string, number>;

/** The reported time that a row of the past gets. */
export interface ReportedTime {
  /** 1 for the first row of its key in the files of an import, 2 for the second, ... */
  readonly occurrence: number;
  /** The hour in which it counts as reported: for a day's row the last hour of the reported day. */
  readonly reportedHour: HourNumber;
  /** The same for the same row of any file, whatever its name and however its rows are mixed with others. */
  readonly id: string;
}

/**
 * Gives each row the reported time that it must have had.
 *
 * Files name only the time of use, yet the same use can stand in them in more than one row: what was reported at once, and
 * the tail that was reported later. They are told apart by their order, which is that of reporting: the n-th row of a key
 * was reported n - 1 days after its day of use, or n - 1 hours after its hour of use.
 *
 * The key is subscription, resource URI, location, tags and additionalInfo as text, meter without case, and time of use.
 * Keeps 16 bytes of each key, so that the length of a file hardly matters.
 *
 * @param rows in the order of the file
 * @param occurrences rows of each key in the files before this one, counted on here: the tail of a day may be in another
 *   file than its first row
 */
export async function* assignReportedDay<Row extends ImportRow>(
  rows: AsyncIterable<Row>,
  occurrences: Occurrences,
): AsyncGenerator<Row & ReportedTime> {
  for await (const row of rows) {
    const key = keyOf(row);
    const occurrence = (occurrences.get(key) ?? 0) + 1;
    occurrences.set(key, occurrence);
    yield {
      ...row,
      occurrence,
      reportedHour: reportedHourOf(row, occurrence),
      id: `${Buffer.from(key, 'latin1').toString('hex')}-${occurrence}`,
    };
  }
}

/** The hour in which the n-th row of a key was reported. */
export function reportedHourOf(
  row: Pick<ImportRow, 'granularity' | 'usageStart'>,
  occurrence: number,
): HourNumber {
  if (row.granularity === 'Hourly') return hourNumber(hourOf(row.usageStart) + occurrence - 1);
  return lastHourOfDay(dayNumber(dayOf(row.usageStart) + occurrence - 1));
}

function lastHourOfDay(day: DayNumber): HourNumber {
  return hourNumber(firstHourOfDay(day) + 23);
}

/** 128 bits of a hash, one character for each byte: the shortest form that a Map takes. */
function keyOf(row: ImportRow): string {
  const parts = [
    row.subscriptionId,
    row.resourceUri,
    row.location,
    row.tags,
    row.additionalInfo,
    meterKey(row.meterId),
    row.usageStart.epochMilliseconds,
    row.granularity,
  ];
  return hash('sha256', JSON.stringify(parts), 'buffer').toString('latin1', 0, 16);
}
