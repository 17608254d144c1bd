import { SYSTEM } from '../audit/index.ts';
import { listPeriods, readAccountTree, type BillingPeriod } from '../commerce/accounts/index.ts';
import { advanceBilling, issueInvoice } from '../commerce/invoicing/index.ts';
import { ratedUpTo, rateAcceptedUsage } from '../commerce/rating/index.ts';
import type { Log } from '../platform/index.ts';
import type { DemoStamp, DemoTools } from './stamp.ts';

const LOOK_EVERY_MS = 2000;

/**
 * Invoices the months of the history but the last, which stays in review: by itself commerce would look at each for a
 * month. Waits until all of their usage has been reported. What was issued before is left alone.
 */
export async function invoiceHistory(
  { server, clock }: DemoTools,
  { firstHour }: DemoStamp,
  log: Log,
  stopping: AbortSignal,
): Promise<void> {
  const room = { database: server.database, clock, log };
  for (;;) {
    await rateAcceptedUsage(room);
    const rated = (await ratedUpTo(room.database.pool)) ?? 0;
    if (rated >= firstHour) {
      await advanceBilling(room);
      const closed = await closedPeriods(room);
      const newest = new Map(
        closed
          .toSorted((one, other) => one.toHour - other.toHour)
          .map(({ accountId, period }) => [accountId, period]),
      );
      const due = closed.filter(
        ({ state, accountId, period }) => state === 'InReview' && newest.get(accountId) !== period,
      );
      const changing = { clock, actor: SYSTEM };
      for (const period of due.toSorted((one, other) => one.toHour - other.toHour)) {
        stopping.throwIfAborted();
        await issueInvoice(room, period, changing, { early: true });
      }
      return;
    }
    await clock.sleep(LOOK_EVERY_MS, stopping);
  }
}

async function closedPeriods({
  database,
}: {
  readonly database: DemoTools['server']['database'];
}): Promise<BillingPeriod[]> {
  const tree = await readAccountTree(database.pool);
  const periods: BillingPeriod[] = [];
  for (const { accountId } of tree.below(tree.root.accountId)) {
    periods.push(...(await listPeriods(database.pool, accountId)));
  }
  return periods.filter(({ state }) => state !== 'Open');
}
