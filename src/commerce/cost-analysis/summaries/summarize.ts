import type { Clock, Database, Tx } from '../../../platform/index.ts';
import { readAccountTree } from '../../accounts/index.ts';
import {
  changedCharges,
  copyCharges,
  forgetChanges,
  holdSummaries,
  noteSummarized,
  sumResources,
  writeDays,
  writeTotals,
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
 * Sums the lines of charges that rating has changed, until none is left. A charge is summed from all of its lines, so how
 * often, in which order and after which interruption does not matter. Rating is not held up: it only adds to what is to do.
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
  const charges = await changedCharges(tx, limit);
  if (charges.length > 0) {
    await tx.query("set local work_mem = '128MB'");
    const numbers = charges.map(String);
    await copyCharges(tx, numbers, () => readAccountTree(tx));
    await sumResources(tx, numbers);
    await writeTotals(tx, numbers);
    await writeDays(tx, numbers);
    await forgetChanges(tx, charges);
  }
  if (charges.length < limit) await noteSummarized(tx);
  return charges.length;
}
