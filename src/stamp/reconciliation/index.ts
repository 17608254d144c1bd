export { openReceivedTotals } from './commerce-source.ts';
export { type Amount, type Cause, type Comparison } from './compare.ts';
export { type Dimension, type Line, type Note } from './lines.ts';
export {
  reconcile,
  type Meters,
  type ReconciliationLimits,
  type ReconciliationReader,
  type ReconciliationTools,
} from './reconcile.ts';
export type { BridgeState, CommerceProgress, ReceivedTotals } from './received-totals.ts';
export { readReconciliationRequest, type ReconciliationRequest } from './request.ts';
export { reconciliationRoutes, type ReconciliationApi } from './routes.ts';
export type { CauseSummary, CommerceState, Summary, Verdict } from './summary.ts';
export { dayText, toWireLine, toWireRequest, toWireSummary } from './wire.ts';
