export { meterQueryRoutes } from './meter-query-routes.ts';
export { PAGE_ROWS, usageRoutes, type OtherUsage, type UsageApi } from './routes.ts';
export { toWireRow } from './row.ts';
export { findObstacle, readAs, readPage, type Reader, type UsageRow } from './store.ts';
export { readPages, readSummaryNames, streamRows, type StreamRequest } from './stream.ts';
export {
  SUMMARY_COLUMNS,
  summaryHeader,
  toSummaryCsv,
  toSummaryRow,
  type SummaryRow,
} from './usage-summary.ts';
