import type { Clock, Database } from '../../platform/index.ts';
import { signStatement, type Statement } from '../../reporting/index.ts';
import { readStatementKey, type Registration } from '../registration/index.ts';
import { completeRange, readAcceptedWindows } from './accepted-windows.ts';

/**
 * The signed statement of what was accepted of a registration from `from`, inclusive, to `to`,
 * exclusive; the last month up to the last accepted window where they are left out.
 *
 * @throws InvalidProperty for more than 2,208 windows, or 32 MiB of them
 */
export async function makeStatement(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  registration: Registration,
  range: { readonly from: number | undefined; readonly to: number | undefined },
): Promise<Statement> {
  const { number } = registration;
  const complete = await completeRange(database.pool, number, range);
  const windows = await readAcceptedWindows(database.pool, number, complete);
  return signStatement(registration, windows, clock.now(), await readStatementKey(database));
}
