import type { Instant } from '../../../kernel/index.ts';
import { decimalOf, type Queryable } from '../../../platform/index.ts';
import type { InvoiceKind } from '../invoice.ts';
import type { LineTax } from '../line.ts';

/** The document with which a period was invoiced. */
interface OwnInvoice {
  readonly invoiceId: string;
  readonly number: string;
  /** A credit note where it came to less than nothing. */
  readonly kind: InvoiceKind;
  readonly issuedAt: Instant;
  /** Of what was used in the period itself; undefined where it has only corrections of others. */
  readonly tax: LineTax | undefined;
}

/**
 * The document with which a period was invoiced and that has not been taken back, if there was one. Notes
 * and what takes another back have a reason, and are none.
 */
export async function ownInvoiceOf(db: Queryable, period: number): Promise<OwnInvoice | undefined> {
  const { rows } = await db.query<{
    invoice_id: string;
    number: string;
    kind: InvoiceKind;
    issued_at: Instant;
    tax_category: LineTax['category'] | null;
    tax_percent: string;
    tax_reason: string | null;
  }>(
    `select i.invoice_id, i.number, i.kind, i.issued_at, l.tax_category, l.tax_percent, t.reason as tax_reason
     from invoice i
     left join lateral (
       select tax_category, tax_percent from invoice_line
       where invoice_id = i.invoice_id and corrects_period is null order by line limit 1) l on true
     left join invoice_tax t on t.invoice_id = i.invoice_id and t.category = l.tax_category and t.percent = l.tax_percent
     where i.account_id = (select account_id from billing_period where period = $1) and i.period = $1
       and i.kind in ('invoice', 'credit-note') and i.reason is null and not exists (
         select from invoice c join invoice_line x on x.invoice_id = c.invoice_id and x.kind = 'cancellation'
         where c.corrects = i.invoice_id)
     order by i.issued_at desc limit 1`,
    [period],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const { tax_category: category } = row;
  return {
    invoiceId: row.invoice_id,
    number: row.number,
    kind: row.kind,
    issuedAt: row.issued_at,
    tax:
      category === null
        ? undefined
        : { category, percent: decimalOf(row.tax_percent), reason: row.tax_reason ?? undefined },
  };
}
