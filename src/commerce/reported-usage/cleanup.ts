import type { Database } from '../../platform/index.ts';
import { dropUnaccepted, listUnaccepted } from './unaccepted-store.ts';

/**
 * Takes away what was received of windows that can no longer be accepted, because the period that they
 * were reported in has ended. Nobody ever saw it.
 *
 * @returns how many windows
 */
export async function dropEndedPeriods(database: Database): Promise<number> {
  let dropped = 0;
  const unaccepted = await listUnaccepted(database.pool);
  const numbers = unaccepted
    .filter(({ isNext }) => !isNext)
    .map(({ registrationNumber }) => registrationNumber);
  for (const number of new Set(numbers)) {
    const windows = await database.transaction(
      async (tx) => {
        // Whoever opens a period or sends a batch meanwhile waits.
        await tx.query('select from registration where registration_number = $1 for update', [
          number,
        ]);
        return dropUnaccepted(tx, number);
      },
      { retry: true },
    );
    dropped += windows.length;
  }
  return dropped;
}
