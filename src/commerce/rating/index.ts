export type { Charge, InvoicedPart } from './charge.ts';
export {
  chargesOfPeriod,
  listCharges,
  markInvoiced,
  uninvoicedCharges,
  unpricedMeters,
  type ChargePage,
  type UnpricedMeter,
} from './charge-store.ts';
export { completelyRatedUpTo, ratedUpTo } from './progress-store.ts';
export { followPriceChanges, type FollowOptions } from './follow-changes.ts';
export { rateAcceptedUsage, type RatingOptions, type RatingReport } from './rate.ts';
export {
  rerate,
  type PeriodChange,
  type RatingRoom,
  type Rerating,
  type ReratingReport,
} from './rerate.ts';
export {
  verifyRating,
  type AccountDifference,
  type RatingVerdict,
  type VerificationRequest,
} from './verify.ts';
export {
  explainCharge,
  explainRows,
  type ChargeExplanation,
  type ExplainedGroup,
  type ExplainedResource,
  type ExplainOptions,
  type LineOfCharge,
} from './explain.ts';
export type { AppliedMapping, ExplainedRow } from './explain-store.ts';
export { registerRatingMetrics } from './metrics.ts';
export { whatIf, type WhatIf, type WhatIfLine } from './what-if.ts';
export { ratingRoutes, type RatingApi } from './routes.ts';
export { periodNames } from './period-names.ts';
export { ratingBacklog, type RatingBacklog } from './progress-store.ts';
export { toWireCharge, toWireDifference, toWireReport, toWireWhatIf } from './wire.ts';
export { resourceDaysOf, resourceKeysOf, type ResourceDay } from './resource-store.ts';
