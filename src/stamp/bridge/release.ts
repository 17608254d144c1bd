import { fail, hourNumber, type HourNumber } from '../../kernel/index.ts';
import { appendAudit } from '../../audit/index.ts';
import type { Changing } from '../../identity/index.ts';
import { windowName } from '../../reporting/index.ts';
import { TARGET, WRITE, type BridgeTools } from './activating.ts';
import { countImportedOpen, countMissing } from './due-store.ts';
import { findActivation, readProgress, setReleased } from './store.ts';

/** Hours that count as empty from now on. */
export interface Released {
  readonly from: HourNumber;
  readonly through: HourNumber;
  /** How many of them have no window. */
  readonly windows: number;
}

/**
 * Lets hours before the stamp's own first one count as empty, so that reporting goes on after them: nothing is to be
 * imported into those that have no window. What is imported into them once they are reported never reaches commerce.
 *
 * @param through the last of them
 * @throws NotActivated; Conflict while an import is not ended
 */
export async function releaseHours(
  { database }: Pick<BridgeTools, 'database'>,
  through: HourNumber,
  changing: Changing,
): Promise<Released> {
  return database.transaction(async (tx) => {
    await findActivation(tx, { lock: true });
    const progress = await readProgress(tx);
    if (progress === undefined) throw fail('NotActivated');
    const open = await countImportedOpen(tx);
    if (open > 0) {
      const reason = `${open} imported hours are not closed; run their import to its end first`;
      throw fail('Conflict', { reason });
    }
    const { registrationId, nextWindow: from } = progress;
    const before = hourNumber(through + 1);
    const windows = await countMissing(tx, { from, to: before });
    await setReleased(tx, registrationId, before);
    await appendAudit(tx, changing.clock, {
      actor: changing.actor,
      action: WRITE,
      target: TARGET,
      detail: { released: { from: windowName(from), through: windowName(through), windows } },
    });
    return { from, through, windows };
  });
}
