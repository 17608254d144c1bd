import type { Queryable } from '../../../platform/index.ts';
import type { AccountId } from '../../accounts/index.ts';
import { numberIn, type FullInvoice } from '../invoice.ts';

/**
 * Takes the next number of a series. Held until the end of the transaction: whoever issues at the same
 * time waits, and a number that is taken and not used goes back, so that none is left out.
 */
export async function takeNumber(
  tx: Queryable,
  issuerId: AccountId,
  series: string,
): Promise<{ readonly sequence: number; readonly number: string }> {
  const { rows } = await tx.query<{ sequence: number }>({
    name: 'invoice-number',
    text: `insert into invoice_series (issuer_id, series, next_number) values ($1, $2, 2)
           on conflict (issuer_id, series) do update set next_number = invoice_series.next_number + 1
           returning next_number - 1 as sequence`,
    values: [issuerId, series],
  });
  const sequence = rows[0]?.sequence;
  if (sequence === undefined) throw new Error('the series gave no number');
  return { sequence, number: numberIn(series, sequence) };
}

/** Writes an invoice with its lines and taxes, and that its documents are to be made. */
export async function insertInvoice(tx: Queryable, invoice: FullInvoice): Promise<void> {
  const { invoiceId, issuedAt } = invoice;
  await tx.query({
    name: 'invoice-insert',
    text: `insert into invoice (invoice_id, issuer_id, account_id, period, kind, series, sequence, number, issue_date,
             due_date, issued_at, currency, net, tax, gross, corrects, reason, parties)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)`,
    values: [
      invoiceId,
      invoice.issuerId,
      invoice.accountId,
      invoice.period,
      invoice.kind,
      invoice.series,
      invoice.sequence,
      invoice.number,
      invoice.issueDate,
      invoice.dueDate,
      issuedAt.toString(),
      invoice.currency,
      invoice.net.toText(),
      invoice.tax.toText(),
      invoice.gross.toText(),
      invoice.corrects ?? null,
      invoice.reason ?? null,
      JSON.stringify(invoice.parties),
    ],
  });
  await insertLines(tx, invoice);
  await insertTaxes(tx, invoice);
  await tx.query({
    name: 'invoice-document-due',
    text: 'insert into invoice_document_due (invoice_id, next_attempt_at) values ($1, $2)',
    values: [invoiceId, issuedAt.toString()],
  });
}

async function insertLines(
  tx: Queryable,
  { invoiceId, accountId, lines }: FullInvoice,
): Promise<void> {
  await tx.query({
    name: 'invoice-lines-insert',
    text: `insert into invoice_line (invoice_id, account_id, line, kind, charge, term_id, cancels,
             customer_subscription_id, subscription_id, meter_id, description, service, unit, quantity, unit_price,
             exact_amount, amount, tax_category, tax_percent, corrects_period)
           select $1, $2, given.* from unnest($3::int[], $4::text[], $5::bigint[], $6::uuid[], $7::int[], $8::uuid[],
             $9::uuid[], $10::text[], $11::text[], $12::text[], $13::text[], $14::numeric[], $15::numeric[],
             $16::numeric[], $17::numeric[], $18::text[], $19::numeric[], $20::text[]) as given`,
    values: [
      invoiceId,
      accountId,
      lines.map(({ line }) => line),
      lines.map(({ kind }) => kind),
      lines.map(({ charge }) => charge?.toString() ?? null),
      lines.map(({ termId }) => termId ?? null),
      lines.map(({ cancels }) => cancels ?? null),
      lines.map(({ customerSubscriptionId }) => customerSubscriptionId ?? null),
      lines.map(({ subscriptionId }) => subscriptionId ?? null),
      lines.map(({ meterId }) => meterId ?? null),
      lines.map(({ description }) => description),
      lines.map(({ service }) => service),
      lines.map(({ unit }) => unit),
      lines.map(({ quantity }) => quantity.toText()),
      lines.map(({ unitPrice }) => unitPrice?.toText() ?? null),
      lines.map(({ exactAmount }) => exactAmount.toText()),
      lines.map(({ amount }) => amount.toText()),
      lines.map(({ tax }) => tax.category),
      lines.map(({ tax }) => tax.percent.toText()),
      lines.map(({ correctsPeriod }) => correctsPeriod ?? null),
    ],
  });
}

async function insertTaxes(tx: Queryable, { invoiceId, taxes }: FullInvoice): Promise<void> {
  await tx.query({
    name: 'invoice-taxes-insert',
    text: `insert into invoice_tax (invoice_id, category, percent, base, amount, reason)
           select $1, given.* from unnest($2::text[], $3::numeric[], $4::numeric[], $5::numeric[], $6::text[]) as given`,
    values: [
      invoiceId,
      taxes.map(({ category }) => category),
      taxes.map(({ percent }) => percent.toText()),
      taxes.map(({ base }) => base.toText()),
      taxes.map(({ amount }) => amount.toText()),
      taxes.map(({ reason }) => reason ?? null),
    ],
  });
}
