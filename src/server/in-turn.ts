import type { Log } from '../platform/index.ts';

/**
 * Runs steps one after the other. One that fails does not keep the next from its turn.
 *
 * @param steps by what they are called in the log
 * @throws what failed, once all have had their turn
 */
export async function inTurn(
  log: Pick<Log, 'error'>,
  steps: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<void> {
  const errors: unknown[] = [];
  for (const [step, work] of Object.entries(steps)) {
    try {
      await work();
    } catch (err) {
      log.error({ err, step }, 'a step failed; the next goes on');
      errors.push(err);
    }
  }
  if (errors.length > 1) throw new AggregateError(errors, 'several steps failed');
  if (errors.length === 1) throw errors[0];
}
