export { buildApp, type AppOptions } from './app.ts';
export { callHttps } from './call.ts';
export { closeGracefully } from './connections.ts';
export { asStackmeterError, type ErrorEnvelope } from './errors.ts';
export type { Health, HealthCheck } from './health.ts';
export { OPENAPI_PATH } from './openapi.ts';
export {
  named,
  type Contents,
  type Operation,
  type OperationAnswer,
  type OperationParameter,
  type Schema,
} from './operation.ts';
export { isOwnOrigin, originOf, pathOf } from './origin.ts';
export { queryParameters } from './query.ts';
export type { Timeouts } from './server.ts';
