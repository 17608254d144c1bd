import type { Decimal } from '../../../kernel/index.ts';
import { decimalOf, type Queryable } from '../../../platform/index.ts';
import type { AccountId } from '../../accounts/index.ts';

/**
 * What invoices of periods that end within a range have besides usage: fees, discounts, credits and commitments. Invoices
 * that were taken back have none. They stand beside the costs of usage and are not in their total: they belong to periods,
 * not to days or resources.
 *
 * @returns undefined where no invoice has any
 */
export async function feesAndCredits(
  db: Queryable,
  accounts: readonly AccountId[],
  { from, to }: { readonly from: number; readonly to: number },
): Promise<Decimal | undefined> {
  const { rows } = await db.query<{ amount: string | null }>(
    `select trim_scale(sum(l.amount)) as amount
     from billing_period p
     join invoice i on i.account_id = p.account_id and i.period = p.period and i.kind = 'invoice'
     join invoice_line l on l.invoice_id = i.invoice_id and l.term_id is not null
     where p.account_id = any($1::uuid[]) and p.to_hour > $2 and p.to_hour <= $3
       and not exists (select from invoice taking join invoice_line back using (invoice_id)
                       where taking.corrects = i.invoice_id and back.kind = 'cancellation')`,
    [accounts, from, to],
  );
  const amount = rows[0]?.amount ?? undefined;
  return amount === undefined ? undefined : decimalOf(amount);
}
