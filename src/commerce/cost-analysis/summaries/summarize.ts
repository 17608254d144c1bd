import type { Clock, Database, Tx } from '../../../platform/index.ts';
import { readAccountTree } from '../../accounts/index.ts';
import { gatherLines, writeAmounts, writeQuantities } from './sum-store.ts';
import {
  copyCharges,
  enterResources,
  holdSummaries,
  noteSummarized,
  takeChanges,
} from './summary-store.ts';

/** What summing needs. */
export interface SummaryRoom {
  readonly database: Database;
  readonly clock: Clock;
}

/** What was done. */
export interface SummaryReport {
  /** Charges that were summed. */
  readonly charges: number;
}

/** Charges of one transaction. */
const CHARGES_AT_ONCE = 2000;

/**
 * Sums what rating has changed, until nothing is left: of charges the lines of the days that are noted, all of them anew, so
 * how often, in which order and after which interruption does not matter. Rating is not held up: it only adds to what is
 * to do.
 */
export async function summarizeCosts(
  { database }: Pick<SummaryRoom, 'database'>,
  { chargesAtOnce = CHARGES_AT_ONCE }: { readonly chargesAtOnce?: number } = {},
): Promise<SummaryReport> {
  let charges = 0;
  for (;;) {
    const done = await database.transaction((tx) => summarizeSome(tx, chargesAtOnce), {
      retry: true,
      // What is left to do and what the lines are is seen at one moment: what changes meanwhile stays noted.
      isolation: 'repeatable read',
    });
    charges += done;
    if (done < chargesAtOnce) return { charges };
  }
}

/** @returns how many charges */
async function summarizeSome(tx: Tx, limit: number): Promise<number> {
  await holdSummaries(tx);
  const charges = await takeChanges(tx, limit);
  if (charges > 0) {
    await tx.query("set local work_mem = '128MB'; set local jit = off");
    await copyCharges(tx, () => readAccountTree(tx));
    await gatherLines(tx);
    await enterResources(tx);
    await writeQuantities(tx);
    await writeAmounts(tx);
  }
  if (charges < limit) await noteSummarized(tx);
  return charges;
}
