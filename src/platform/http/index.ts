export { apiVersionParameter, requireApiVersion, type ApiVersions } from './api-version.ts';
export { buildApp, type AppOptions } from './app.ts';
export { MOST_BODY_BYTES, readBody, type BodyRoom, type IncomingBody } from './body.ts';
export { createBudget, subscriptionInPath, type Budget } from './budget.ts';
export { callHttps, type Call, type CallAnswer } from './call.ts';
export { closeGracefully } from './connections.ts';
export { asStackmeterError, type ErrorEnvelope } from './errors.ts';
export {
  checkResourceName,
  invalidProperty,
  isKeepable,
  propertiesOf,
  readCount,
  readFields,
  readList,
  readParsed,
  readText,
  readTexts,
  requireText,
  type Fields,
} from './fields.ts';
export {
  makeContinuationToken,
  readContinuationToken,
  type PositionFields,
} from './continuation-token.ts';
export type { Health, HealthCheck } from './health.ts';
export { OPENAPI_PATH, type RegisteredRoute } from './openapi.ts';
export {
  json,
  listAnswer,
  named,
  plainSchemas,
  type Contents,
  type Operation,
  type OperationAnswer,
  type OperationParameter,
  type Schema,
} from './operation.ts';
export { decodedPathOf, isOwnOrigin, originOf, pathOf } from './origin.ts';
export { queryParameters } from './query.ts';
export { isBeyondReach, type Reach } from './reach.ts';
export { readHttpDate, readRetryAfter } from './retry-after.ts';
export type { Timeouts } from './server.ts';
export { makeSkipToken, nextLinkOf, readSkipToken } from './skip-token.ts';
export type { ListenerSurface } from './surface.ts';
export {
  checkUsageApiVersion,
  invalidParameter,
  optionalParameter,
  readFlag,
  readReportedRange,
  USAGE_API_VERSION,
  USAGE_QUERY_PARAMETERS,
  type QueryParameters,
  type RangeNames,
  type ReportedRange,
} from './usage-query.ts';
