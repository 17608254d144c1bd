import {
  dayNumber,
  dayOfHour,
  dayStart,
  fail,
  formatWireTime,
  hourNumber,
  hourStart,
  type HourNumber,
  type Instant,
  type StackmeterError,
} from '../../../kernel/index.ts';
import type { HistoricalEvent } from '../../intake/index.ts';
import { readAzureRows } from './azure-rows.ts';
import type { ImportRow } from './import-row.ts';
import { assignReportedDay, type Occurrences, type ReportedTime } from './reported-day.ts';
import type { ImportSource } from './text.ts';
import { readUsageSummary } from './usage-summary.ts';

/** The forms in which the history of a stamp comes. */
export const IMPORT_FORMATS = ['usage-summary', 'azure-rows'] as const;

export type ImportFormat = (typeof IMPORT_FORMATS)[number];

/** A row with the reported hour under which it is to be written. */
export interface ReportedRow extends ImportRow, ReportedTime {
  /** The source of the record, which makes its id unique. */
  readonly source: string;
}

export interface ImportFile {
  readonly path: ImportSource;
  readonly format: ImportFormat;
  /** The reported time for which the file was exported, as hours: from `reportedStart` on, until before `reportedEnd`. */
  readonly reportedStart: HourNumber;
  readonly reportedEnd: HourNumber;
  /** Shared by the files of one import, which are read one after another; for a file alone it may be left out. */
  readonly occurrences?: Occurrences;
}

/**
 * Reads the history of a stamp from a file, row by row in the order of the file. The same row gets the same id each time,
 * so an import can be repeated.
 *
 * @throws StackmeterError ImportFormat on a row that cannot be read; ImportOutsideReportedRange on one that was reported
 *   outside of the range: importing a part of a file would leave windows incomplete that count as closed
 */
export async function* readImportFile(file: ImportFile): AsyncGenerator<ReportedRow> {
  const rows =
    file.format === 'usage-summary' ? readUsageSummary(file.path) : readAzureRows(file.path);
  const source = `/import/${file.format}`;
  for await (const row of assignReportedDay(rows, file.occurrences ?? new Map())) {
    if (row.reportedHour < file.reportedStart || row.reportedHour >= file.reportedEnd) {
      throw outsideRange(row, file);
    }
    yield { ...row, source };
  }
}

/** The row as a record for the intake's import of history. */
export function toHistoricalEvent(row: ReportedRow): HistoricalEvent {
  return {
    reportedHour: row.reportedHour,
    event: {
      source: row.source,
      id: row.id,
      subscriptionId: row.subscriptionId,
      resourceUri: row.resourceUri,
      meterId: row.meterId,
      quantity: row.quantity,
      usageStartTime: formatWireTime(row.usageStart),
      usageEndTime: formatWireTime(row.usageEnd),
      location: row.location,
      tags: row.tags,
      additionalInfo: row.additionalInfo,
    },
  };
}

function outsideRange(row: ImportRow & ReportedTime, file: ImportFile): StackmeterError {
  const { reportedStart, reportedEnd } = file;
  const start = formatWireTime(hourStart(reportedStart));
  const end = formatWireTime(hourStart(reportedEnd));
  const window = windowOf(row);
  const used =
    row.granularity === 'Daily' ? dateOf(row.usageStart) : formatWireTime(row.usageStart);
  const nth = row.occurrence === 1 ? '' : ` as number ${row.occurrence} of its kind`;
  const place = `Row ${row.row} (used ${used},${nth} reported ${window.name})`;
  const message =
    row.reportedHour < reportedStart
      ? `Let the reported range start at ${formatWireTime(window.start)} or earlier.`
      : `Let the reported range end at ${formatWireTime(window.end)} or later.`;
  return fail(
    'ImportOutsideReportedRange',
    { place, start, end },
    { details: [{ code: 'ImportOutsideReportedRange', message }] },
  );
}

/** The reported day or hour that the row would go to. */
function windowOf(row: ImportRow & ReportedTime): { name: string; start: Instant; end: Instant } {
  if (row.granularity === 'Hourly') {
    const start = hourStart(row.reportedHour);
    return { name: formatWireTime(start), start, end: hourStart(hourNumber(row.reportedHour + 1)) };
  }
  const day = dayOfHour(row.reportedHour);
  const start = dayStart(day);
  return { name: dateOf(start), start, end: dayStart(dayNumber(day + 1)) };
}

function dateOf(instant: Instant): string {
  return instant.toString().slice(0, 10);
}
