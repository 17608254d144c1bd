import type { Currency, Decimal } from '../../../kernel/index.ts';
import { decimalOf, type Queryable } from '../../../platform/index.ts';
import type { AccountId } from '../../accounts/index.ts';
import type { Invoice } from '../invoice.ts';
import type { Credit, CreditShare } from './credit.ts';

/** All of an invoice or a debit note is open at first. */
export async function insertBalance(tx: Queryable, invoice: Invoice): Promise<void> {
  const { invoiceId, issuerId, accountId, currency, dueDate, gross } = invoice;
  await tx.query({
    name: 'invoice-balance-insert',
    text: `insert into invoice_balance (invoice_id, issuer_id, account_id, currency, due_date, open_amount)
           values ($1, $2, $3, $4, $5, $6)`,
    values: [invoiceId, issuerId, accountId, currency, dueDate, gross.toText()],
  });
}

/** Lowers what is open of invoices; a negative amount leaves more open. */
export async function lowerBalances(
  tx: Queryable,
  parts: readonly { readonly invoiceId: string; readonly amount: Decimal }[],
): Promise<void> {
  if (parts.length === 0) return;
  await tx.query({
    name: 'invoice-balances-lower',
    text: `update invoice_balance b set open_amount = b.open_amount - part.amount
           from (select invoice_id, sum(amount) as amount from unnest($1::uuid[], $2::numeric[]) as given (invoice_id, amount)
                 group by invoice_id) part
           where b.invoice_id = part.invoice_id`,
    values: [parts.map(({ invoiceId }) => invoiceId), parts.map(({ amount }) => amount.toText())],
  });
}

/**
 * What is left of the payments and credit notes between a seller and a buyer, the oldest first. A payment
 * that was taken back has nothing left. Reads what the two have ever had with each other, which is little.
 */
export async function freeCredits(
  db: Queryable,
  { issuerId, accountId }: { readonly issuerId: AccountId; readonly accountId: AccountId },
): Promise<Credit[]> {
  const { rows } = await db.query<{
    kind: Credit['kind'];
    id: string;
    currency: Currency;
    about: string | null;
    free: string;
  }>({
    name: 'invoice-free-credits',
    text: `select kind, id, currency, about, free from (
             select 'payment' as kind, p.payment_id as id, p.currency, null::uuid as about, p.created_at as at,
                    p.amount - coalesce((select sum(l.amount) from payment_allocation l
                                         where l.payment_id = p.payment_id), 0) as free
             from payment p
             where p.account_id = $2 and p.issuer_id = $1 and p.amount > 0 and not exists (
               select from payment r where r.issuer_id = p.issuer_id and r.account_id = p.account_id
                 and r.reference = 'Reversal of ' || p.payment_id)
             union all
             select 'note', i.invoice_id, i.currency, i.corrects, i.issued_at,
                    i.gross - coalesce((select sum(l.amount) from credit_allocation l
                                        where l.credit_id = i.invoice_id), 0)
             from invoice i where i.account_id = $2 and i.issuer_id = $1 and i.kind = 'credit-note') credits
           where free > 0 order by at, id`,
    values: [issuerId, accountId],
  });
  return rows.map(({ kind, id, currency, about, free }) => ({
    kind,
    id,
    currency,
    about: about ?? undefined,
    free: decimalOf(free),
  }));
}

/** Writes what of credits is for which invoices, on top of what was. */
export async function addShares(tx: Queryable, shares: readonly CreditShare[]): Promise<void> {
  if (shares.length === 0) return;
  const { payment = [], note = [] } = Object.groupBy(shares, ({ credit }) => credit.kind);
  await tx.query({
    name: 'payment-allocation-add',
    text: `insert into payment_allocation as l (payment_id, invoice_id, amount)
           select * from unnest($1::uuid[], $2::uuid[], $3::numeric[])
           on conflict (payment_id, invoice_id) do update set amount = l.amount + excluded.amount`,
    values: valuesOf(payment),
  });
  await tx.query({
    name: 'credit-allocation-add',
    text: `insert into credit_allocation as l (credit_id, invoice_id, amount)
           select * from unnest($1::uuid[], $2::uuid[], $3::numeric[])
           on conflict (credit_id, invoice_id) do update set amount = l.amount + excluded.amount`,
    values: valuesOf(note),
  });
  await lowerBalances(tx, shares);
}

function valuesOf(shares: readonly CreditShare[]): string[][] {
  return [
    shares.map(({ credit }) => credit.id),
    shares.map(({ invoiceId }) => invoiceId),
    shares.map(({ amount }) => amount.toText()),
  ];
}

/**
 * Sets a credit note off against an invoice or debit note of the same amount, of which one takes back the
 * other. What had paid for the invoice is free again, and so is open what the note had paid for.
 */
export async function setOff(
  tx: Queryable,
  [creditId, invoiceId]: readonly [creditId: string, invoiceId: string],
  amount: Decimal,
): Promise<void> {
  await tx.query('delete from payment_allocation where invoice_id = $1', [invoiceId]);
  const { rows } = await tx.query<{ invoice_id: string; amount: string }>(
    'delete from credit_allocation where credit_id = $1 or invoice_id = $2 returning invoice_id, amount',
    [creditId, invoiceId],
  );
  await lowerBalances(
    tx,
    rows.map((row) => ({ invoiceId: row.invoice_id, amount: decimalOf(row.amount).negate() })),
  );
  await tx.query(
    `insert into credit_allocation (credit_id, invoice_id, amount)
     select $1, $2, $3::numeric where $3::numeric > 0`,
    [creditId, invoiceId, amount.toText()],
  );
  await tx.query('update invoice_balance set open_amount = 0 where invoice_id = $1', [invoiceId]);
}
