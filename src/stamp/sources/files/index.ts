export {
  readImportFile,
  toHistoricalEvent,
  type ImportFile,
  type ImportFormat,
  type ReportedRow,
} from './import-file.ts';
export type { ImportRow } from './import-row.ts';
export { type Occurrences, type ReportedTime } from './reported-day.ts';
export type { ImportSource } from './text.ts';
