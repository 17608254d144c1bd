import type { Currency, Decimal } from '../../../kernel/index.ts';
import { decimalOf, type Queryable } from '../../../platform/index.ts';
import type { AccountId } from '../../accounts/index.ts';

/** An invoice or debit note that is not paid in full. */
export interface OpenItem {
  readonly invoiceId: string;
  readonly number: string;
  readonly issuerId: AccountId;
  readonly currency: Currency;
  readonly dueDate: string;
  readonly gross: Decimal;
  /** What payments and credit notes have left of it. */
  readonly open: Decimal;
}

/** Which open items are read: those of a buyer, of all sellers and in all currencies unless these are given. */
export interface OpenItemFilter {
  readonly accountId: AccountId;
  readonly issuerId?: AccountId | undefined;
  readonly currency?: Currency | undefined;
}

/** The invoices and debit notes of an account that are not paid in full, the earliest due first. */
export async function openItems(
  db: Queryable,
  { accountId, issuerId, currency }: OpenItemFilter,
): Promise<OpenItem[]> {
  const { rows } = await db.query<{
    invoice_id: string;
    number: string;
    issuer_id: AccountId;
    currency: Currency;
    due_date: string;
    gross: string;
    open: string;
  }>({
    name: 'invoice-open-items',
    text: `select b.invoice_id, i.number, b.issuer_id, b.currency, b.due_date, i.gross, b.open_amount as open
           from invoice_balance b join invoice i using (invoice_id)
           where b.account_id = $1 and b.open_amount <> 0 and ($2::uuid is null or b.issuer_id = $2)
             and ($3::text is null or b.currency = $3)
           order by b.due_date, i.issued_at, i.number`,
    values: [accountId, issuerId ?? null, currency ?? null],
  });
  return rows.map((row) => ({
    invoiceId: row.invoice_id,
    number: row.number,
    issuerId: row.issuer_id,
    currency: row.currency,
    dueDate: row.due_date,
    gross: decimalOf(row.gross),
    open: decimalOf(row.open),
  }));
}
