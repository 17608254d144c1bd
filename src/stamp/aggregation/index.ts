export {
  closeImportedWindows,
  closeWindows,
  openImportedWindows,
  openPresentHour,
  type ClosedWindow,
  type WindowTools,
} from './closer.ts';
export { countOpenImportedHours, readDueSince } from './due.ts';
export {
  type Granularity,
  type ReportedWindow,
  type WindowId,
  type WindowSums,
} from './reported-window.ts';
export { recordsOfRow, type RecordsOfRow, type RowName, type RowRecord } from './records.ts';
export { applyRetention, type Expired, type RetentionPeriods } from './retention.ts';
export { listWindows, readStampState, readWindow } from './store.ts';
export { verifyWindows, type Verdict, type VerifyRange } from './verify.ts';
export { windowRoutes } from './window-routes.ts';
