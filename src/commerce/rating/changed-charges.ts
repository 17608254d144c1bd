import type { Tx } from '../../platform/index.ts';

/**
 * Charges whose lines or amount a run changes are noted in its transaction, for those who keep sums of them. Rows are
 * only added here, so that rating waits for nobody.
 *
 * @param select a statement that gives their numbers as `charge`; some may come twice
 */
export async function noteChangedCharges(
  tx: Tx,
  select: string,
  values: readonly unknown[] = [],
): Promise<void> {
  await tx.query(`insert into rated_change (charge) ${select}`, [...values]);
}
