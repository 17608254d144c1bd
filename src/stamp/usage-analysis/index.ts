export { readUsageAnalysis, type UsageAnalysis } from './analyse.ts';
export { registerUsageAnalysisMetrics } from './progress.ts';
export { EVERYWHERE, withUsageReach, usageReachOf, type UsageReach } from './reach.ts';
export { usageAnalysisRoutes, type UsageAnalysisApi } from './routes.ts';
export { summarizeUsage, type SummarizingRoom } from './summarize.ts';
export { verifySummaries, type SummaryVerdict } from './verify.ts';
