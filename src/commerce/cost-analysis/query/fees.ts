import type { Decimal } from '../../../kernel/index.ts';
import { decimalOf, type Queryable } from '../../../platform/index.ts';
import type { AccountId } from '../../accounts/index.ts';

/**
 * What has been invoiced for periods that end within a range besides usage: fees, discounts, credits and commitments, as
 * invoices have them, and notes that correct them or take them back. They stand beside the costs of usage and are not in
 * their total: they belong to periods, not to days or resources.
 *
 * @returns undefined where nothing has any
 */
export async function feesAndCredits(
  db: Queryable,
  accounts: readonly AccountId[],
  { from, to }: { readonly from: number; readonly to: number },
): Promise<Decimal | undefined> {
  const { rows } = await db.query<{ amount: string | null }>(
    `select trim_scale(sum(case when i.kind = 'credit-note' then -l.amount else l.amount end)) as amount
     from invoice i
     join invoice_line l on l.invoice_id = i.invoice_id and l.term_id is not null
     join billing_period own on own.period = i.period
     join billing_period p on p.account_id = i.account_id and p.name = coalesce(l.corrects_period, own.name)
     where i.account_id = any($1::uuid[]) and p.to_hour > $2 and p.to_hour <= $3`,
    [accounts, from, to],
  );
  const amount = rows[0]?.amount ?? undefined;
  return amount === undefined ? undefined : decimalOf(amount);
}
