import { Decimal, sumOf, type Currency } from '../../../kernel/index.ts';
import { decimalOf, type Queryable } from '../../../platform/index.ts';
import type { AccountId } from '../../accounts/index.ts';
import type { InvoiceKind } from '../invoice.ts';
import { readSale } from '../issue/sale.ts';
import { openItems, type OpenItem } from './open-items.ts';

/** Something that changed what an account owes. */
export interface StatementItem {
  readonly day: string;
  readonly kind: InvoiceKind | 'payment';
  /** Number of the invoice, or reference of the payment. */
  readonly reference: string;
  /** Above zero where more is owed by it. */
  readonly amount: Decimal;
  /** What is owed after it. */
  readonly balance: Decimal;
}

/** What an account owed, was invoiced and paid between two days. */
export interface AccountStatement {
  readonly accountId: AccountId;
  /** To whom it owes. */
  readonly issuerId: AccountId;
  readonly currency: Currency;
  readonly from: string;
  /** Exclusive. */
  readonly to: string;
  readonly opening: Decimal;
  readonly items: readonly StatementItem[];
  readonly closing: Decimal;
  /** What is to pay now, whatever the days of the statement: the earliest due first. */
  readonly open: readonly OpenItem[];
}

/**
 * The statement of an account over days of its own time zone: by day, documents before payments. Between it
 * and its seller, in its currency.
 *
 * @throws BillingAccountNotFound
 */
export async function statementOf(
  db: Queryable,
  accountId: AccountId,
  from: string,
  to: string,
): Promise<AccountStatement> {
  const { buyer, seller } = await readSale(db, accountId);
  const { accountId: issuerId } = seller;
  const { currency } = buyer;
  const { rows } = await db.query<{
    day: string;
    kind: StatementItem['kind'];
    reference: string;
    amount: string;
  }>(
    `select issue_date as day, kind, number as reference,
            case kind when 'credit-note' then -gross else gross end as amount, issued_at as at, 0 as place
     from invoice where account_id = $1 and issue_date < $2 and issuer_id = $3 and currency = $4
     union all
     select received_on, 'payment', reference, -amount, created_at, 1 from payment
     where account_id = $1 and received_on < $2 and issuer_id = $3 and currency = $4
     order by day, place, at, reference`,
    [accountId, to, issuerId, currency],
  );
  const all = rows.map((row) => ({ ...row, amount: decimalOf(row.amount) }));
  const opening = sumOf(all.filter(({ day }) => day < from).map(({ amount }) => amount));
  let balance = opening;
  const items: StatementItem[] = [];
  for (const { day, kind, reference, amount } of all.filter((one) => one.day >= from)) {
    balance = balance.add(amount);
    items.push({ day, kind, reference, amount, balance });
  }
  const open = await openItems(db, { accountId, issuerId, currency });
  return {
    accountId,
    issuerId,
    currency,
    from,
    to,
    opening,
    items,
    closing: balance,
    open,
  };
}

/** A statement as answers and commands have it. */
export function toWireStatement(statement: AccountStatement): Readonly<Record<string, unknown>> {
  const { accountId, issuerId, currency, from, to, opening, items, closing, open } = statement;
  return {
    accountId,
    issuerId,
    currency,
    from,
    to,
    opening: opening.toText(),
    items: items.map(({ day, kind, reference, amount, balance }) => ({
      day,
      kind,
      reference,
      amount: amount.toText(),
      balance: balance.toText(),
    })),
    closing: closing.toText(),
    open: open.map((item) => ({
      number: item.number,
      dueDate: item.dueDate,
      gross: item.gross.toText(),
      open: item.open.toText(),
    })),
    openTotal: open.reduce((sum, item) => sum.add(item.open), Decimal.zero).toText(),
  };
}
