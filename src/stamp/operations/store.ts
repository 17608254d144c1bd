import type {
  DirectoryTenantId,
  Instant,
  PrincipalId,
  SubscriptionId,
} from '../../kernel/index.ts';
import type { Clock, Queryable, Tx } from '../../platform/index.ts';
import {
  newOperationId,
  type LongRunningOperation,
  type OperationId,
  type OperationInput,
  type OperationStatus,
} from './long-running-operation.ts';

/** Who started an operation and may ask what became of it. */
export interface Starter {
  /** One of ours and one of another directory may have the same id. */
  readonly kind: 'client' | 'user' | 'external';
  readonly principalId: PrincipalId;
  readonly tenantId: DirectoryTenantId;
}

/** The job that does the work; the server's queue has to know it by this name. */
export const OPERATIONS_TASK = 'run-operations';

/** What is asked for. */
export interface NewOperation {
  readonly clock: Clock;
  readonly principal: Starter;
  readonly subscriptionId: SubscriptionId;
  /** As registered with `registerOperationKind`. */
  readonly kind: string;
  readonly input: OperationInput;
}

/** Records work to be done after the transaction, and wakes those who do it when it commits. */
export async function startOperation(tx: Tx, operation: NewOperation): Promise<OperationId> {
  const operationId = newOperationId();
  const { clock, principal, subscriptionId, kind, input } = operation;
  await tx.query(
    `insert into long_operation
       (operation_id, kind, input, subscription_id, principal_kind, principal_id, principal_tenant_id, started_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      operationId,
      kind,
      JSON.stringify(input),
      subscriptionId,
      principal.kind,
      principal.principalId,
      principal.tenantId,
      clock.now().toString(),
    ],
  );
  await wakeWorkers(tx, operationId);
  return operationId;
}

/**
 * The queue is made when the first server starts; until then its first round finds the work. One queue for all of it:
 * it is done in order, and never by all workers there are.
 */
async function wakeWorkers(tx: Tx, operationId: OperationId): Promise<void> {
  const { rows } = await tx.query<{ there: boolean }>(
    `select to_regclass('graphile_worker.jobs') is not null as there`,
  );
  if (rows[0]?.there !== true) return;
  await tx.query(
    'select graphile_worker.add_job($1::text, queue_name => $1::text, job_key => $2::text)',
    [OPERATIONS_TASK, operationId],
  );
}

interface OperationRow {
  readonly operation_id: OperationId;
  readonly kind: string;
  readonly subscription_id: SubscriptionId;
  readonly status: OperationStatus;
  readonly started_at: Instant;
  readonly ended_at: Instant | null;
  readonly error_code: string | null;
  readonly error_message: string | null;
}

/** The operation, for the one who started it; undefined for everybody else. */
export async function findOperation(
  db: Queryable,
  operationId: OperationId,
  { kind, principalId, tenantId }: Starter,
): Promise<LongRunningOperation | undefined> {
  const { rows } = await db.query<OperationRow>({
    name: 'operation-find',
    text: `select * from long_operation
           where operation_id = $1 and principal_kind = $2 and principal_id = $3 and principal_tenant_id = $4`,
    values: [operationId, kind, principalId, tenantId],
  });
  const [row] = rows;
  if (row === undefined) return undefined;
  return {
    operationId: row.operation_id,
    kind: row.kind,
    subscriptionId: row.subscription_id,
    status: row.status,
    startedAt: row.started_at,
    endedAt: row.ended_at ?? undefined,
    error:
      row.error_code === null
        ? undefined
        : { code: row.error_code, message: row.error_message ?? '' },
  };
}

/** Work that nobody is doing. */
export interface PendingOperation {
  readonly operationId: OperationId;
  readonly kind: string;
  readonly input: OperationInput;
}

/**
 * Takes the oldest work of the kinds that nobody else has taken and that is not among `passedOver`; it stays taken
 * until the transaction ends, whichever way.
 */
export async function takePending(
  tx: Tx,
  kinds: readonly string[],
  passedOver: readonly OperationId[],
): Promise<PendingOperation | undefined> {
  const { rows } = await tx.query<{
    operation_id: OperationId;
    kind: string;
    input: OperationInput;
  }>(
    `select operation_id, kind, input from long_operation
     where status = 'InProgress' and kind = any ($1) and not operation_id = any ($2::uuid[])
     order by started_at limit 1 for update skip locked`,
    [kinds, passedOver],
  );
  const [row] = rows;
  return row && { operationId: row.operation_id, kind: row.kind, input: row.input };
}

/** In the transaction that did the work, so that either both are there or neither is. */
export async function markSucceeded(tx: Tx, clock: Clock, operationId: OperationId): Promise<void> {
  await tx.query(
    `update long_operation set status = 'Succeeded', ended_at = $2 where operation_id = $1`,
    [operationId, clock.now().toString()],
  );
}

export async function markFailed(
  db: Queryable,
  clock: Clock,
  operationId: OperationId,
  { code, message }: { readonly code: string; readonly message: string },
): Promise<void> {
  await db.query(
    `update long_operation set status = 'Failed', ended_at = $2, error_code = $3, error_message = $4
     where operation_id = $1 and status = 'InProgress'`,
    [operationId, clock.now().toString(), code, message],
  );
}

const KEPT_DAYS = 30;

/** Forgets what ended so long ago that nobody asks any more. @returns how many were forgotten */
export async function sweepOperations(db: Queryable, clock: Clock): Promise<number> {
  const { rowCount } = await db.query(
    `delete from long_operation where ended_at < $1::timestamptz - make_interval(days => $2)`,
    [clock.now().toString(), KEPT_DAYS],
  );
  return rowCount ?? 0;
}

/** @returns how often it has failed by now, this time included */
export async function countAttempt(db: Queryable, operationId: OperationId): Promise<number> {
  const { rows } = await db.query<{ attempts: number }>(
    'update long_operation set attempts = attempts + 1 where operation_id = $1 returning attempts',
    [operationId],
  );
  return rows[0]?.attempts ?? 0;
}
