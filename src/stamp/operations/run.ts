import { fail } from '../../kernel/index.ts';
import { isTransient, type Clock, type Database, type Log, type Tx } from '../../platform/index.ts';
import { isRefusal, type OperationId, type OperationInput } from './long-running-operation.ts';
import {
  countAttempt,
  markFailed,
  markSucceeded,
  takePending,
  type PendingOperation,
} from './store.ts';

/**
 * Does the work of one kind. It runs in the transaction in which it is also noted as done, so it happens once; what
 * it throws takes it back. An error of the catalogue below 500 ends the operation as failed with that error, any
 * other one is tried again.
 */
export type RunOperation = (tx: Tx, input: OperationInput) => Promise<void>;

export interface OperationTools {
  readonly database: Database;
  readonly clock: Clock;
  readonly log: Log;
}

/** Attempts that may end in a failure of this service before the operation is given up. */
const MOST_ATTEMPTS = 5;

const kinds = new Map<string, RunOperation>();

/** Makes work of this kind known to this process; to be called before jobs run. Again is harmless. */
export function registerOperationKind(kind: string, run: RunOperation): void {
  kinds.set(kind, run);
}

/**
 * Does all work that waits, one after the other. Several processes may do this at once; what one has taken the
 * others leave alone. Work that fails for reasons of ours is left for the next round.
 */
export async function runPendingOperations(tools: OperationTools): Promise<void> {
  const passedOver: OperationId[] = [];
  while (await runNext(tools, passedOver));
}

/** @returns whether there was any */
async function runNext(tools: OperationTools, passedOver: OperationId[]): Promise<boolean> {
  const { database, clock, log } = tools;
  let taken: PendingOperation | undefined;
  try {
    await database.transaction(async (tx) => {
      taken = await takePending(tx, [...kinds.keys()], passedOver);
      if (taken === undefined) return;
      await kinds.get(taken.kind)?.(tx, taken.input);
      await markSucceeded(tx, clock, taken.operationId);
    });
  } catch (error) {
    if (taken === undefined) throw error;
    await afterFailure(tools, taken, error);
    passedOver.push(taken.operationId);
    return true;
  }
  if (taken !== undefined) log.info(about(taken), 'operation done');
  return taken !== undefined;
}

async function afterFailure(
  { database, clock, log }: OperationTools,
  taken: PendingOperation,
  error: unknown,
): Promise<void> {
  const { pool } = database;
  const { operationId } = taken;
  if (isRefusal(error)) {
    await markFailed(pool, clock, operationId, error);
    log.info({ ...about(taken), code: error.code }, 'operation refused');
    return;
  }
  // A database that is away says nothing about the work.
  if (isTransient(error)) throw error;
  const attempts = await countAttempt(pool, operationId);
  log.error({ ...about(taken), attempts, err: error }, 'operation failed');
  if (attempts < MOST_ATTEMPTS) return;
  await markFailed(
    pool,
    clock,
    operationId,
    fail('InternalServerError', { requestId: operationId }),
  );
}

function about({ operationId, kind }: PendingOperation): object {
  return { operationId, kind };
}
