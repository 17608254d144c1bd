import { fail } from '../../../kernel/index.ts';
import { appendAudit } from '../../../audit/index.ts';
import type { Changing } from '../../../identity/index.ts';
import { holdPeriod, setPeriodState, type BillingPeriod } from '../../accounts/index.ts';
import type { BillingRoom } from './room.ts';

/**
 * Keeps a period from being invoiced by itself, or lets it go on.
 *
 * @param reason undefined: it goes on
 * @throws PeriodNotDue for a period that has been invoiced
 */
export async function setHold(
  { database, clock }: BillingRoom,
  { accountId, period }: Pick<BillingPeriod, 'accountId' | 'period'>,
  reason: string | undefined,
  { actor }: Changing,
): Promise<BillingPeriod> {
  return database.transaction(async (tx) => {
    const present = await holdPeriod(tx, period);
    if (present === undefined || present.state === 'Issued') {
      throw fail('PeriodNotDue', {
        period: present?.name ?? String(period),
        state: present?.state ?? 'unknown',
        reason: 'it has been invoiced',
      });
    }
    const changed = { ...present, held: reason };
    await setPeriodState(tx, changed);
    await appendAudit(tx, clock, {
      actor,
      action: 'Stackmeter.Billing/invoices/write',
      target: `/billingAccounts/${accountId}/periods/${present.name}`,
      detail: { held: reason ?? null },
    });
    return changed;
  });
}
