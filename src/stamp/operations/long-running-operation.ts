import { randomUUID } from 'node:crypto';
import {
  catalogue,
  fail,
  isGuid,
  StackmeterError,
  type Brand,
  type ErrorCode,
  type Instant,
  type SubscriptionId,
} from '../../kernel/index.ts';

/** Names a piece of work and opens its outcome: random, as lower-case GUID text. */
export type OperationId = Brand<string, 'OperationId'>;

/** What a piece of work is told; kept as JSON, so it holds no secret. */
export type OperationInput = Readonly<Record<string, unknown>>;

export type OperationStatus = 'InProgress' | 'Succeeded' | 'Failed';

/** Work that was accepted before it was done, as it stands now. */
export interface LongRunningOperation {
  readonly operationId: OperationId;
  readonly kind: string;
  readonly subscriptionId: SubscriptionId;
  readonly status: OperationStatus;
  readonly startedAt: Instant;
  readonly endedAt: Instant | undefined;
  /** Why it failed. */
  readonly error: { readonly code: string; readonly message: string } | undefined;
}

export function newOperationId(): OperationId {
  return parseOperationId(randomUUID())!;
}

/** Reads a GUID in any case; undefined for anything else. */
export function parseOperationId(text: string): OperationId | undefined {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the one place that makes the brand
  return isGuid(text) ? (text.toLowerCase() as OperationId) : undefined;
}

/** Whether the work itself said no: the same again would end the same. */
export function isRefusal(error: unknown): error is StackmeterError {
  return error instanceof StackmeterError && error.status < 500;
}

/** The error with which a failed operation is answered: that which its work was refused with. */
export function failureOf(operation: LongRunningOperation, requestId: string): StackmeterError {
  const { code = '', message = '' } = operation.error ?? {};
  return isErrorCode(code)
    ? new StackmeterError(code, message)
    : fail('InternalServerError', { requestId });
}

function isErrorCode(text: string): text is ErrorCode {
  return Object.hasOwn(catalogue, text);
}
