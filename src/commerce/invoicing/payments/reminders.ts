import type { Instant } from '../../../kernel/index.ts';
import { isTransient, type Queryable } from '../../../platform/index.ts';
import { findAccount, type AccountId, type BillingAccount } from '../../accounts/index.ts';
import { enqueueMail } from '../../mail/index.ts';
import { enqueueWebhook } from '../../webhooks/index.ts';
import { daysBetween, localDay } from '../dates.ts';
import type { BillingRun } from '../issue/room.ts';
import { readSale } from '../issue/sale.ts';
import { openItems, type OpenItem } from './open-items.ts';

/** So many days after it was due an invoice is told to be overdue: levels 1, 2 and 3. */
const LEVELS = [7, 14, 30] as const;

/** The highest level that is reached so many days after the due day; 0 for none. */
export function reminderLevel(daysOverdue: number): number {
  return LEVELS.filter((days) => daysOverdue >= days).length;
}

/**
 * Tells of invoices that are overdue, once for each level: of what is open, which is what the statement says.
 *
 * @returns how many were told
 */
export async function remindOverdue(room: BillingRun): Promise<number> {
  const { database, clock, log } = room;
  let told = 0;
  for (const accountId of await overdueAccounts(database.pool, clock.now())) {
    try {
      told += await remindAccount(room, accountId);
    } catch (error) {
      if (isTransient(error)) throw error;
      log.error({ err: error, accountId }, 'overdue invoices could not be told');
    }
  }
  return told;
}

async function remindAccount(
  { database, clock }: BillingRun,
  accountId: AccountId,
): Promise<number> {
  return database.transaction(async (tx) => {
    const { buyer, lineage } = await readSale(tx, accountId);
    const items = await openItems(tx, { accountId });
    const now = clock.now();
    const today = localDay(now, buyer.timeZone);
    let told = 0;
    for (const item of items) {
      const days = daysBetween(item.dueDate, today);
      const level = reminderLevel(days);
      if (level === 0 || !(await noteReminder(tx, item, level, now))) continue;
      told += 1;
      await enqueueWebhook(tx, {
        type: 'invoice.overdue',
        occurredAt: now,
        accountIds: lineage,
        data: {
          number: item.number,
          accountId,
          dueDate: item.dueDate,
          daysOverdue: days,
          level,
          currency: item.currency,
          open: item.open.toText(),
        },
      });
      await mailTo(tx, buyer, item, { days, now });
    }
    return told;
  });
}

/** Who has said where mail reaches it is told too, in its language. */
async function mailTo(
  tx: Queryable,
  buyer: BillingAccount,
  item: OpenItem,
  { days, now }: { readonly days: number; readonly now: Instant },
): Promise<void> {
  if (buyer.email === undefined) return;
  const issuer = await findAccount(tx, item.issuerId);
  await enqueueMail(tx, {
    template: 'invoice.overdue',
    to: buyer.email,
    language: buyer.language,
    accountId: buyer.accountId,
    occurredAt: now,
    parameters: {
      account: buyer.name,
      seller: issuer?.name ?? '',
      number: item.number,
      dueDate: item.dueDate,
      daysOverdue: days,
      open: item.open,
      currency: item.currency,
    },
  });
}

/** @returns false when it was told at this level before */
async function noteReminder(
  tx: Queryable,
  { invoiceId }: OpenItem,
  level: number,
  now: Instant,
): Promise<boolean> {
  const { rowCount } = await tx.query(
    'insert into reminder (invoice_id, level, created_at) values ($1, $2, $3) on conflict do nothing',
    [invoiceId, level, now.toString()],
  );
  return rowCount === 1;
}

/** Accounts with invoices that were due a week ago anywhere on earth, and of which not all levels were told. */
async function overdueAccounts(db: Queryable, now: Instant): Promise<AccountId[]> {
  const latest = localDay(now.add({ hours: 14 }).subtract({ hours: 24 * LEVELS[0] }), 'UTC');
  const { rows } = await db.query<{ account_id: AccountId }>(
    `select distinct b.account_id from invoice_balance b
     where b.open_amount <> 0 and b.due_date <= $1
       and not exists (select from reminder r where r.invoice_id = b.invoice_id and r.level = $2)
     order by b.account_id`,
    [latest, LEVELS.length],
  );
  return rows.map(({ account_id: id }) => id);
}
