export type { ReportedUsageApi } from './api.ts';
export { dropEndedPeriods } from './cleanup.ts';
export {
  toWireCommerceMeter,
  type CommerceMeter,
  type CommerceMeterChange,
  type CommerceMeterOrigin,
} from './commerce-meter.ts';
export {
  ensureCommerceMeters,
  listCommerceMeters,
  listCommerceMeterVersions,
  setCommerceMeter,
} from './meter-store.ts';
export { registerReportedUsageMetrics } from './metrics.ts';
export { readWindow } from './reader-routes.ts';
export { reportedUsageRoutes } from './routes.ts';
export { makeStatement } from './statement.ts';
export { listUnaccepted, type UnacceptedWindow } from './unaccepted-store.ts';
export { type ReceivedTotal } from './totals-store.ts';
