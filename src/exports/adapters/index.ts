export { toWireAdapter, type AdapterDefinition } from './adapter.ts';
export { billingAdapters, putAdapter, removeAdapter, replayDeadLetters } from './change.ts';
export { dryRun } from './dry-run.ts';
export { listDeadLetters } from './event-store.ts';
export { toWireDeadLetter } from './event.ts';
export { readAdapterChange } from './fields.ts';
export { registerAdapterMetrics } from './metrics.ts';
export { adapterRoutes } from './routes.ts';
export { createAdapterSender } from './sender.ts';
export { findAdapter, listAdapters, readProgress } from './store.ts';
export type { UsageEvent } from './event.ts';
export {
  /** @public for adapters that are no part of the project */
  sendEach,
  /** @public for adapters that are no part of the project */
  withPoster,
} from './kinds/https.ts';
export { adaptersByKind } from './kinds/index.ts';
export type {
  BillingAdapter,
  EventBatch,
  Refusal,
  SendingRoom,
  SendOutcome,
  SendProblem,
} from './kinds/kind.ts';
export { runAdapters } from './turns.ts';
