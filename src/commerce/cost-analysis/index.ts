export type { CostAnalysisApi } from './http/caller.ts';
export { costAnalysisRoutes } from './http/routes.ts';
export { costSoFar, type CostScope, type CostSoFar, type Money } from './cost-so-far.ts';
export { forecastOf, type CostForecast } from './forecast/forecast-of.ts';
export type { NamesOf } from './query/ground.ts';
export { directBuyers, type CostView } from './viewpoint.ts';
export { summarizeCosts, type SummaryReport, type SummaryRoom } from './summaries/summarize.ts';
export { verifyCostSummaries, type SummaryVerdict } from './summaries/verify.ts';
