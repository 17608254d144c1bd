/** A statement that was given up: for its time, or because somebody asked for it. */
const QUERY_CANCELLED = '57014';

/**
 * Runs what reads within a `statement_timeout`.
 *
 * @param tooLong what is thrown when the database gave a statement up
 */
export async function orTakesTooLong<T>(work: () => Promise<T>, tooLong: () => Error): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const isCancelled = error instanceof Error && 'code' in error && error.code === QUERY_CANCELLED;
    throw isCancelled ? tooLong() : error;
  }
}
