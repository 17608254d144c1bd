export type { LogLevel } from './log-level.ts';
export { createLog, silentLog, type Log } from './log.ts';
export { createMetrics, type MetricDescription, type Metrics } from './metrics.ts';
