export {
  type LongRunningOperation,
  type OperationId,
  type OperationInput,
  type OperationStatus,
} from './long-running-operation.ts';
export { acceptedAnswer } from './operations.ts';
export { acceptedReply, operationRoutes, type OperationsApi } from './routes.ts';
export {
  registerOperationKind,
  runPendingOperations,
  type OperationTools,
  type RunOperation,
} from './run.ts';
export {
  OPERATIONS_TASK,
  startOperation,
  sweepOperations,
  type NewOperation,
  type Starter,
} from './store.ts';
