import type { Queryable } from '../../../platform/index.ts';

/** Something that does not hold. */
export interface InvoiceDifference {
  /** Number of the invoice, name of the series, or id of the account that it is about. */
  readonly subject: string;
  readonly problem: string;
}

export interface InvoiceVerdict {
  readonly invoices: bigint;
  readonly holds: boolean;
  readonly differences: readonly InvoiceDifference[];
}

/** In each, `sign` is -1 for credit notes. */
const SIGNED = `invoice i cross join lateral (select case i.kind when 'credit-note' then -1 else 1 end as sign) s`;

/** Statements that give a subject and a problem for each thing that does not hold. */
const CHECKS: readonly string[] = [
  // Totals are sums of what is printed.
  `select i.number as subject, 'its lines sum to ' || l.amount || ', its net amount is ' || i.net as problem
   from invoice i cross join lateral (
     select coalesce(sum(amount), 0) as amount from invoice_line where invoice_id = i.invoice_id) l
   where l.amount <> i.net`,
  `select i.number, 'its taxes sum to ' || t.amount || ', its tax is ' || i.tax
   from invoice i cross join lateral (
     select coalesce(sum(amount), 0) as amount from invoice_tax where invoice_id = i.invoice_id) t
   where t.amount <> i.tax`,
  `select i.number, 'its lines of tax ' || l.tax_category || ' ' || l.tax_percent || ' do not sum to the base of that tax'
   from invoice i join (
     select invoice_id, tax_category, tax_percent, sum(amount) as amount from invoice_line group by 1, 2, 3) l
     using (invoice_id)
   left join invoice_tax t on t.invoice_id = l.invoice_id and t.category = l.tax_category and t.percent = l.tax_percent
   where t.base is distinct from l.amount`,
  // What is posted is what is printed.
  `select i.number, 'the ledger has ' || p.receivable || ' of it to receive and ' || p.tax || ' of tax'
   from ${SIGNED} cross join lateral (
     select coalesce(sum(amount) filter (where account = 'receivable'), 0) as receivable,
            coalesce(-sum(amount) filter (where account = 'tax'), 0) as tax
     from ledger_entry e join ledger_posting using (entry)
     where e.reference = i.number and e.kind = i.kind and e.book = i.issuer_id) p
   where p.receivable <> s.sign * i.gross or p.tax <> s.sign * i.tax`,
  // Numbers follow each other.
  `select i.series, 'it has ' || count(*) || ' numbers up to ' || max(i.sequence) || ', and the next is ' || n.next_number
   from invoice i left join invoice_series n on n.issuer_id = i.issuer_id and n.series = i.series
   group by i.issuer_id, i.series, n.next_number
   having count(*) <> max(i.sequence) or n.next_number is distinct from max(i.sequence) + 1`,
  // Each charge is on invoices as often as it says.
  `select 'charge ' || c.charge, 'invoices have ' || l.quantity || ' of it for ' || l.amount || ', it says '
            || c.invoiced_quantity || ' for ' || c.invoiced_amount
   from charge c join commerce_meter m using (meter) cross join lateral (
     select coalesce(sum(s.sign * x.quantity), 0) as quantity, coalesce(sum(s.sign * x.exact_amount), 0) as amount
     from invoice_line x join ${SIGNED} on i.invoice_id = x.invoice_id where x.charge = c.charge) l
   where (l.quantity <> c.invoiced_quantity and m.paid) or l.amount <> c.invoiced_amount`,
  // What is unbilled is what charges have and invoices do not.
  `select coalesce(c.account_id, p.party)::text, 'the ledger has ' || coalesce(p.amount, 0)
            || ' of it unbilled, its charges ' || coalesce(c.amount, 0)
   from (select account_id, sum(coalesce(amount, 0) - invoiced_amount) as amount from charge group by 1) c
   full join (select party, sum(amount) as amount from ledger_posting where account = 'unbilled' group by 1) p
     on p.party = c.account_id
   where coalesce(c.amount, 0) <> coalesce(p.amount, 0)`,
  // What is owed is what was invoiced and not paid.
  `select coalesce(d.account_id, p.party)::text, 'the ledger has ' || coalesce(p.amount, 0)
            || ' to receive of it, its invoices and payments ' || coalesce(d.amount, 0)
   from (select account_id, sum(amount) as amount from (
           select i.account_id, s.sign * i.gross as amount from ${SIGNED}
           union all select account_id, -amount from payment) documents group by 1) d
   full join (select party, sum(amount) as amount from ledger_posting where account = 'receivable' group by 1) p
     on p.party = d.account_id
   where coalesce(d.amount, 0) <> coalesce(p.amount, 0)`,
  // Nothing is paid twice.
  `select i.number, 'payments for it come to ' || a.amount || ', more than its ' || i.gross
   from invoice i cross join lateral (
     select coalesce(sum(amount), 0) as amount from payment_allocation where invoice_id = i.invoice_id) a
   where a.amount > i.gross or a.amount < 0`,
  // What is kept as open is what payments and credit notes have left.
  `select i.number, 'it is kept as open by ' || coalesce(b.open_amount::text, 'nothing') || ', and is by ' || r.amount
   from invoice i left join invoice_balance b using (invoice_id) cross join lateral (
     select i.gross - coalesce((select sum(amount) from payment_allocation where invoice_id = i.invoice_id), 0)
                    - coalesce((select sum(amount) from credit_allocation where invoice_id = i.invoice_id), 0) as amount) r
   where i.kind <> 'credit-note' and b.open_amount is distinct from r.amount`,
  // Nothing is open while something is to the good of the account.
  `select d.account_id::text, 'its invoices are open by ' || d.open || ' in all, and it owes ' || d.owed || ' ' || d.currency
   from (select issuer_id, account_id, currency, sum(owed) as owed, sum(open) as open from (
           select i.issuer_id, i.account_id, i.currency, s.sign * i.gross as owed, 0 as open from ${SIGNED}
           union all select issuer_id, account_id, currency, -amount, 0 from payment
           union all select issuer_id, account_id, currency, 0, open_amount from invoice_balance) all_of_it
         group by 1, 2, 3) d
   where d.open <> greatest(d.owed, 0)`,
];

/**
 * Adds all invoices up again and compares them with the ledger, the charges, the payments and their
 * series. Reads everything: for tests and operators, not for each minute. To be called in a transaction
 * at the level `repeatable read` while billing goes on.
 */
export async function verifyInvoices(db: Queryable): Promise<InvoiceVerdict> {
  const differences: InvoiceDifference[] = [];
  for (const check of CHECKS) {
    const { rows } = await db.query<{ subject: string; problem: string }>(
      `select subject, problem from (${check}) as found (subject, problem) order by subject`,
    );
    differences.push(...rows.map(({ subject, problem }) => ({ subject, problem })));
  }
  const { rows } = await db.query<{ invoices: bigint }>('select count(*) as invoices from invoice');
  return { invoices: rows[0]?.invoices ?? 0n, holds: differences.length === 0, differences };
}
