import { isGuid, type Currency, type Instant } from '../../../kernel/index.ts';
import { decimalOf, type Queryable } from '../../../platform/index.ts';
import type { AccountId } from '../../accounts/index.ts';
import type { Payment } from './payment.ts';

interface PaymentRow {
  readonly payment_id: string;
  readonly issuer_id: AccountId;
  readonly account_id: AccountId;
  readonly currency: Currency;
  readonly amount: string;
  readonly received_on: string;
  readonly reference: string;
  readonly created_at: Instant;
  readonly invoice_ids: readonly string[] | null;
  readonly numbers: readonly string[] | null;
  readonly amounts: readonly string[] | null;
}

const SELECT = `select p.*, a.invoice_ids, a.numbers, a.amounts from payment p
  cross join lateral (
    select array_agg(i.invoice_id order by i.number) as invoice_ids, array_agg(i.number order by i.number) as numbers,
           array_agg(l.amount order by i.number) as amounts
    from payment_allocation l join invoice i using (invoice_id) where l.payment_id = p.payment_id) a`;

function fromRow(row: PaymentRow): Payment {
  const ids = row.invoice_ids ?? [];
  return {
    paymentId: row.payment_id,
    issuerId: row.issuer_id,
    accountId: row.account_id,
    currency: row.currency,
    amount: decimalOf(row.amount),
    receivedOn: row.received_on,
    reference: row.reference,
    createdAt: row.created_at,
    allocations: ids.map((invoiceId, at) => ({
      invoiceId,
      number: row.numbers?.[at] ?? '',
      amount: decimalOf(row.amounts?.[at] ?? '0'),
    })),
  };
}

export async function findPayment(db: Queryable, id: string): Promise<Payment | undefined> {
  if (!isGuid(id)) return undefined;
  const { rows } = await db.query<PaymentRow>(`${SELECT} where p.payment_id = $1`, [id]);
  return rows[0] && fromRow(rows[0]);
}

export async function findPaymentByReference(
  db: Queryable,
  { issuerId, accountId, reference }: Pick<Payment, 'issuerId' | 'accountId' | 'reference'>,
): Promise<Payment | undefined> {
  const { rows } = await db.query<PaymentRow>(
    `${SELECT} where p.issuer_id = $1 and p.account_id = $2 and p.reference = $3`,
    [issuerId, accountId, reference],
  );
  return rows[0] && fromRow(rows[0]);
}

/** Which payments are listed; a filter that is left out holds nothing back. */
export interface PaymentFilter {
  readonly accountId?: AccountId | undefined;
  /** Of these payers. */
  readonly visibleTo?: readonly AccountId[] | undefined;
  /** Only those that come after this one in the list: its id. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** Payments, the newest first. */
export async function listPayments(db: Queryable, filter: PaymentFilter): Promise<Payment[]> {
  const { rows } = await db.query<PaymentRow>(
    `${SELECT} where ($1::uuid is null or p.account_id = $1)
       and ($2::uuid is null or (p.created_at, p.payment_id) <
         (select last.created_at, last.payment_id from payment last where last.payment_id = $2))
       and ($4::uuid[] is null or p.account_id = any($4))
     order by p.created_at desc, p.payment_id desc limit $3`,
    [filter.accountId ?? null, filter.after ?? null, filter.limit, filter.visibleTo ?? null],
  );
  return rows.map(fromRow);
}

export async function insertPayment(tx: Queryable, payment: Payment): Promise<void> {
  await tx.query(
    `insert into payment (payment_id, issuer_id, account_id, currency, amount, received_on, reference, created_at)
     values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [
      payment.paymentId,
      payment.issuerId,
      payment.accountId,
      payment.currency,
      payment.amount.toText(),
      payment.receivedOn,
      payment.reference,
      payment.createdAt.toString(),
    ],
  );
  const { allocations } = payment;
  await tx.query(
    `insert into payment_allocation (payment_id, invoice_id, amount)
     select $1, * from unnest($2::uuid[], $3::numeric[])`,
    [
      payment.paymentId,
      allocations.map(({ invoiceId }) => invoiceId),
      allocations.map(({ amount }) => amount.toText()),
    ],
  );
}
