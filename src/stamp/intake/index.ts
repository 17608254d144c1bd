export type { Outcome, QuarantinedEvent, Submission } from './batch.ts';
export { emitterRoutes } from './emitter-routes.ts';
export { IntakeEngine, type IntakeCounters, type IntakeOptions } from './engine.ts';
export { type UsageEvent } from './event.ts';
export { HistoryWriter, type HistoricalEvent } from './import.ts';
export { discardQuarantined, replayQuarantined, type ReplayResult } from './quarantine.ts';
export {
  countHeld,
  findQuarantined,
  listQuarantine,
  type QuarantineEntry,
  type QuarantineFilter,
  type QuarantineState,
} from './quarantine-store.ts';
export { intakeRoutes, toWireEntry } from './routes.ts';
export { REPORTED_HOUR_LOCK } from './store.ts';
export { readEvents } from './wire.ts';
