import type { Currency, Instant } from '../../kernel/index.ts';
import { decimalOf, type Queryable } from '../../platform/index.ts';
import type { AccountId, AccountKind } from '../../commerce/accounts/index.ts';
import type { InvoiceKind } from '../../commerce/invoicing/index.ts';
import type { FocusInvoice } from './facts.ts';
import type { FocusScope } from './scope.ts';

interface InvoiceRow {
  readonly invoice_id: string;
  readonly number: string;
  readonly kind: InvoiceKind;
  readonly issuer_name: string;
  readonly account_id: AccountId;
  readonly account_name: string;
  readonly account_kind: AccountKind;
  readonly from_hour: number;
  readonly to_hour: number;
  readonly currency: Currency;
  readonly gross: string;
  readonly issue_date: string;
  readonly due_date: string;
  readonly issued_at: Instant;
  readonly corrects: string | null;
  readonly corrects_number: string | null;
  readonly payment_days: number;
  readonly buyer_reference: string | null;
  readonly voided_at: Instant | null;
}

/** Parties are those of the time of issue, which is what the invoice says. */
const COLUMNS = `i.invoice_id, i.number, i.kind, i.parties::jsonb -> 'seller' ->> 'name' as issuer_name, i.account_id,
  i.parties::jsonb -> 'buyer' ->> 'name' as account_name, a.kind as account_kind, p.from_hour, p.to_hour, i.currency,
  i.gross, i.issue_date, i.due_date, i.issued_at, i.corrects, c.number as corrects_number,
  (i.parties::jsonb ->> 'paymentDays')::int as payment_days, i.parties::jsonb ->> 'buyerReference' as buyer_reference,
  (select n.issued_at from invoice n where n.corrects = i.invoice_id and exists (
     select from invoice_line l where l.invoice_id = n.invoice_id and l.kind = 'cancellation') limit 1) as voided_at`;
const TABLES = `invoice i join billing_period p on p.period = i.period
  join billing_account a on a.account_id = i.account_id left join invoice c on c.invoice_id = i.corrects`;

const PAGE = 200;

/** The invoices and notes of a period in the order in which they were issued, some at a time. */
export async function* readInvoices(
  db: Queryable,
  { accountId, view, periodName }: FocusScope,
): AsyncGenerator<FocusInvoice> {
  const mine = view === 'selling' ? 'i.issuer_id' : 'i.account_id';
  let after: FocusInvoice | undefined;
  for (;;) {
    const { rows } = await db.query<InvoiceRow>({
      name: `focus-invoices-${view}`,
      text: `select ${COLUMNS} from ${TABLES}
             where ${mine} = $1 and p.name = $2
               and ($3::timestamptz is null or (i.issued_at, i.number) > ($3, $4::text))
             order by i.issued_at, i.number limit ${PAGE}`,
      values: [accountId, periodName, after?.issuedAt.toString() ?? null, after?.number ?? null],
    });
    const invoices = rows.map(fromRow);
    yield* invoices;
    after = invoices.at(-1);
    if (invoices.length < PAGE) return;
  }
}

function fromRow(row: InvoiceRow): FocusInvoice {
  return {
    invoiceId: row.invoice_id,
    number: row.number,
    kind: row.kind,
    issuerName: row.issuer_name,
    accountId: row.account_id,
    accountName: row.account_name,
    accountKind: row.account_kind,
    period: { fromHour: row.from_hour, toHour: row.to_hour },
    currency: row.currency,
    gross: decimalOf(row.gross),
    issueDate: row.issue_date,
    dueDate: row.due_date,
    issuedAt: row.issued_at,
    correctsId: row.corrects ?? undefined,
    correctsNumber: row.corrects_number ?? undefined,
    paymentDays: row.payment_days,
    buyerReference: row.buyer_reference ?? undefined,
    voidedAt: row.voided_at ?? undefined,
  };
}
