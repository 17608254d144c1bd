import { randomUUID } from 'node:crypto';
import { fail, type Instant } from '../../../kernel/index.ts';
import type { Changing } from '../../../identity/index.ts';
import type { Tx } from '../../../platform/index.ts';
import { findAccount, holdPeriod, setPeriodState } from '../../accounts/index.ts';
import { markInvoiced } from '../../rating/index.ts';
import { cancellingLines } from '../credit-note.ts';
import { addDays, localDay } from '../dates.ts';
import { seriesOf, signOf, type FullInvoice, type Invoice } from '../invoice.ts';
import type { PostedLine } from '../posting.ts';
import { findCancellation, findInvoice, fullInvoice } from '../store.ts';
import { negateLine } from '../totals.ts';
import { takeNumber } from './insert.ts';
import { record } from './issue.ts';
import type { BillingRoom } from './room.ts';
import { readSale, type InvoicedSale } from './sale.ts';

/**
 * Takes an invoice back by a credit note over all of it; the credit note that a period came to, since it was less
 * than nothing, by a debit note. What it took of charges is free again, and the period goes back into
 * review, held: its next invoice is issued when somebody releases it. After a debit note about changes these
 * go on the next note or invoice.
 *
 * @param number as printed
 * @param reason as the note says it
 * @throws InvoiceNotFound, InvoiceNotOpen for a credit note about changes, for what takes another one back, and for
 *   what has been taken back already
 */
export async function voidInvoice(
  { database }: BillingRoom,
  number: string,
  reason: string,
  changing: Changing,
): Promise<FullInvoice> {
  return database.transaction(async (tx) => {
    const invoice = await findInvoice(tx, number);
    if (invoice === undefined) throw fail('InvoiceNotFound', { number });
    await holdPeriodsOf(tx, invoice);
    await requireValid(tx, invoice);
    const full = await fullInvoice(tx, invoice);
    await takeBack(tx, full);
    if (isOwnOfPeriod(invoice)) await reopen(tx, invoice, changing.clock.now(), reason);
    const sale = await readSale(tx, invoice.accountId);
    const note = await cancel(tx, full, sale, reason, changing.clock.now());
    await record(tx, note, postedOf(full), sale.lineage, changing);
    return note;
  });
}

/** Its own period and those that it corrects, in the order in which all take them. */
async function holdPeriodsOf(tx: Tx, { invoiceId, period }: Invoice): Promise<void> {
  const { rows } = await tx.query<{ period: number }>(
    `select distinct c.period from invoice_line l join charge c using (charge) where l.invoice_id = $1`,
    [invoiceId],
  );
  const all = new Set([period, ...rows.map((row) => row.period)]);
  for (const one of [...all].toSorted((a, b) => a - b)) await holdPeriod(tx, one);
}

/** Whether a period was invoiced with it: notes about changes, and what takes another one back, have a reason. */
function isOwnOfPeriod({ kind, reason }: Invoice): boolean {
  return kind !== 'debit-note' && reason === undefined;
}

async function requireValid(tx: Tx, invoice: Invoice): Promise<void> {
  const { invoiceId, number } = invoice;
  const action = 'taken back';
  if (invoice.kind === 'credit-note' && !isOwnOfPeriod(invoice)) {
    const reason = 'it is a credit note about another document';
    throw fail('InvoiceNotOpen', { number, action, reason });
  }
  const isCancellation = await cancelsAnother(tx, invoice);
  if (isCancellation) {
    const reason = 'it takes another document back';
    throw fail('InvoiceNotOpen', { number, action, reason });
  }
  const cancellation = await findCancellation(tx, invoiceId);
  if (cancellation === undefined) return;
  const reason = `${cancellation.number} has done so`;
  throw fail('InvoiceNotOpen', { number, action, reason });
}

/** A debit note may have taken a credit note back, or be about changes. */
async function cancelsAnother(tx: Tx, { invoiceId }: Invoice): Promise<boolean> {
  const { rowCount } = await tx.query(
    `select from invoice_line where invoice_id = $1 and kind = 'cancellation' limit 1`,
    [invoiceId],
  );
  return rowCount !== 0;
}

/** Lines of a credit note are the opposite of what it took. */
async function takeBack(tx: Tx, invoice: FullInvoice): Promise<void> {
  const lines = signOf(invoice) === 1 ? invoice.lines.map(negateLine) : invoice.lines;
  await markInvoiced(
    tx,
    lines.flatMap(({ charge, quantity, exactAmount }) =>
      charge === undefined ? [] : [{ charge, quantity, amount: exactAmount }],
    ),
  );
}

async function reopen(tx: Tx, invoice: Invoice, now: Instant, reason: string): Promise<void> {
  await setPeriodState(tx, {
    period: invoice.period,
    state: 'InReview',
    reviewStartedAt: now,
    held: `${invoice.number} was taken back: ${reason}`,
  });
}

async function cancel(
  tx: Tx,
  invoice: FullInvoice,
  { buyer, seller }: InvoicedSale,
  reason: string,
  issuedAt: Instant,
): Promise<FullInvoice> {
  const issueDate = localDay(issuedAt, buyer.timeZone);
  const issuer = (await findAccount(tx, invoice.issuerId)) ?? seller;
  const kind = invoice.kind === 'credit-note' ? 'debit-note' : 'credit-note';
  const series = seriesOf(issuer.seriesPrefix, kind, issueDate);
  return {
    ...invoice,
    ...(await takeNumber(tx, invoice.issuerId, series)),
    invoiceId: randomUUID(),
    kind,
    series,
    issueDate,
    dueDate: kind === 'debit-note' ? addDays(issueDate, buyer.paymentDays) : issueDate,
    issuedAt,
    corrects: invoice.invoiceId,
    correctsNumber: invoice.number,
    reason,
    lines: cancellingLines(invoice.lines),
  };
}

/** From where each line came: there it goes back to. */
function postedOf({ lines }: FullInvoice): PostedLine[] {
  return lines.flatMap(({ kind, exactAmount }) =>
    kind === 'cancellation' ? [] : [{ kind, exactAmount }],
  );
}
