export {
  applyActivationKey,
  makeRegistrationToken,
  removeActivation,
  type Applied,
  type BridgeTools,
  type LeftBehind,
  type RegistrationWish,
} from './activating.ts';
export { alertsOf, type Activation } from './activation.ts';
export type { BackOff } from './back-off.ts';
export { startBridge, type Bridge, type BridgeOptions } from './bridge.ts';
export { disconnect, fetchCommerce } from './connection.ts';
export { dryRun, type DryRun, type DryRunOptions } from './dry-run.ts';
export { type BridgeLag } from './lag.ts';
export { registerBridgeMetrics } from './metrics.ts';
export { sendDueWindows, type PassOptions, type PassOutcome } from './pass.ts';
export type { BridgeProgress, NotedTrouble, SentWindow } from './progress.ts';
export { releaseHours } from './release.ts';
export { rotateBridgeKey, type Rotated } from './rotate.ts';
export type { BridgeApi } from './api.ts';
export { bridgeRoutes } from './routes.ts';
export { parseHour, readBridgeStatus, toWireDryRun } from './status.ts';
export { findActivation, readProgress } from './store.ts';
