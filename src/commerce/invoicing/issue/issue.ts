import { randomUUID } from 'node:crypto';
import { fail, hourOf, type Instant } from '../../../kernel/index.ts';
import { appendAudit } from '../../../audit/index.ts';
import type { Changing } from '../../../identity/index.ts';
import type { Tx } from '../../../platform/index.ts';
import {
  listPeriods,
  setPeriodState,
  type AccountId,
  type BillingPeriod,
} from '../../accounts/index.ts';
import { postEntry } from '../../ledger/index.ts';
import { chargesOfPeriod, markInvoiced, type Charge } from '../../rating/index.ts';
import { enqueueWebhook } from '../../webhooks/index.ts';
import { addDays, daysOfPeriod, localDay } from '../dates.ts';
import { seriesOf, signOf, type FullInvoice, type InvoiceParties } from '../invoice.ts';
import { settleIssued } from '../payments/settle.ts';
import { postingsOf, type PostedLine } from '../posting.ts';
import { clearProblem } from '../problems.ts';
import { checkInvoice } from './check-invoice.ts';
import { ownInvoiceOf } from './find.ts';
import { readDraft, type InvoiceDraft } from './draft.ts';
import { insertInvoice, takeNumber } from './insert.ts';
import { holdPeriods, readPeriods, type HeldPeriods } from './periods.ts';
import type { BillingRoom, IssueOptions } from './room.ts';
import { settleProblems } from './unpriced.ts';

/**
 * What an invoice of a period would be if it were issued now. Nothing is changed and nothing held: all is of
 * one moment, and rating and issuing go on meanwhile.
 *
 * @throws PeriodNotDue for a period that has been invoiced, and what {@link issueInvoice} throws
 */
export async function previewInvoice(
  { database }: Pick<BillingRoom, 'database'>,
  period: Pick<BillingPeriod, 'accountId' | 'period'>,
): Promise<InvoiceDraft> {
  const { accountId } = period;
  return database.transaction(
    async (tx) => {
      const read = await readPeriods(tx, accountId, period.period);
      const own = requireOpen(read.own, period);
      const periods = { ...read, own };
      const charges = (): Promise<Charge[]> => changedCharges(tx, periods);
      const draft = await readDraft(tx, accountId, periods, { charges });
      if (draft === undefined) throw fail('BillingAccountNotFound', { account: accountId });
      return draft;
    },
    { isolation: 'repeatable read', readOnly: true },
  );
}

/** What no invoice has yet of these periods. */
async function changedCharges(tx: Tx, { own, corrected }: HeldPeriods): Promise<Charge[]> {
  const charges: Charge[] = [];
  for (const { period } of own === undefined ? corrected : [own, ...corrected]) {
    charges.push(...(await chargesOfPeriod(tx, period)));
  }
  return charges.filter(
    ({ quantity, invoicedQuantity, amount, invoicedAmount }) =>
      !quantity.equals(invoicedQuantity) || amount?.equals(invoicedAmount) !== true,
  );
}

/**
 * Issues the invoice of a period in one transaction: the charges are taken, the ledger, the webhook and the
 * audit trail written, and the number taken last of all that others wait for. A period with nothing to
 * invoice is done without an invoice, and takes no number.
 *
 * @returns undefined when there was nothing to invoice
 * @throws PeriodNotDue for a period that has been invoiced already, has not ended, or is not in review
 *   unless `early`; BillingAccountIncomplete, TaxUnknown, DocumentInvalid, MeterWithoutPrice,
 *   ExchangeRateMissing, UsageWithoutPrices
 */
export async function issueInvoice(
  { database, clock }: BillingRoom,
  period: Pick<BillingPeriod, 'accountId' | 'period'>,
  changing: Changing,
  options: IssueOptions = {},
): Promise<FullInvoice | undefined> {
  return database.transaction(async (tx) => {
    const { accountId } = period;
    const held = await holdPeriods(tx, accountId, period.period);
    const own = requireOpen(held.own, period);
    requireDue(own, clock.now(), options);
    const draft = await readDraft(tx, accountId, { ...held, own }, options);
    if (draft === undefined) throw fail('BillingAccountNotFound', { account: accountId });
    await setPeriodState(tx, { ...own, state: 'Issued', held: undefined });
    await clearProblem(tx, draft.sale, own, clock.now());
    await settleProblems(tx, draft.sale, draft, clock.now());
    if (draft.lines.length > 0) return issueDraft(tx, draft, undefined, changing);
    await markInvoiced(tx, draft.settled);
    await appendAudit(tx, clock, {
      actor: changing.actor,
      action: 'Stackmeter.Billing/invoices/write',
      target: `/billingAccounts/${accountId}/periods/${own.name}`,
      detail: { issued: 'nothing to invoice' },
    });
    return undefined;
  });
}

/**
 * Issues a note about what has changed in periods of an account that were invoiced: a debit note, or a
 * credit note where less is owed. What cannot stand on one document takes a note each: then this one is about
 * what goes with the oldest.
 *
 * @returns undefined when nothing has changed, the changes have no lines, or nothing is wanted `apart`
 * @throws BillingAccountIncomplete, TaxUnknown, DocumentInvalid
 */
export async function issueNote(
  { database, clock }: BillingRoom,
  accountId: AccountId,
  changing: Changing,
  { memory, apart = false }: IssueOptions = {},
): Promise<FullInvoice | undefined> {
  return database.transaction(async (tx) => {
    const held = await holdPeriods(tx, accountId, undefined);
    const [newest] = apart ? await listPeriods(tx, accountId, { limit: 1 }) : [];
    const draft = await readDraft(tx, accountId, held, { memory, apartFrom: newest });
    if (draft === undefined) return undefined;
    await settleProblems(tx, draft.sale, draft, clock.now());
    if (draft.lines.length > 0) return issueDraft(tx, draft, 'late usage or new prices', changing);
    await markInvoiced(tx, draft.settled);
    return undefined;
  });
}

/**
 * Locks in this order: charges, terms, the series, the ledger, the audit trail.
 *
 * @throws DocumentInvalid, before a number is taken
 */
async function issueDraft(
  tx: Tx,
  draft: InvoiceDraft,
  reason: string | undefined,
  changing: Changing,
): Promise<FullInvoice> {
  const issuedAt = changing.clock.now();
  await markInvoiced(tx, draft.settled);
  const corrects = await correctedBy(tx, draft);
  const { seller, buyer } = draft.sale;
  const issueDate = localDay(issuedAt, buyer.timeZone);
  const series = seriesOf(seller.seriesPrefix, draft.kind, issueDate);
  const unnumbered = {
    invoiceId: randomUUID(),
    issuerId: seller.accountId,
    accountId: buyer.accountId,
    period: draft.period.period,
    kind: draft.kind,
    series,
    issueDate,
    dueDate: addDays(issueDate, buyer.paymentDays),
    issuedAt,
    currency: draft.currency,
    net: draft.net,
    tax: draft.tax,
    gross: draft.gross,
    corrects: corrects?.invoiceId,
    correctsNumber: corrects?.number,
    reason,
    parties: partiesOf(draft),
    lines: draft.lines,
    taxes: draft.taxes,
  };
  await checkInvoice(tx, unnumbered);
  const taken = await takeNumber(tx, seller.accountId, series);
  const invoice: FullInvoice = { ...unnumbered, ...taken };
  await record(tx, invoice, postedLines(invoice), draft.sale.lineage, changing);
  return invoice;
}

/** The one invoice that is corrected; where it is about several, or its own period too, there is none to name. */
async function correctedBy(
  tx: Tx,
  { corrected, period }: InvoiceDraft,
): Promise<{ readonly invoiceId: string; readonly number: string } | undefined> {
  const [only, ...others] = corrected;
  if (only === undefined || others.length > 0 || only.period !== period.period) return undefined;
  const own = await ownInvoiceOf(tx, only.period);
  return own?.kind === 'invoice' ? own : undefined;
}

/** Of an invoice that cancels nothing; the database has no other. */
function postedLines({ lines }: FullInvoice): PostedLine[] {
  return lines.flatMap(({ kind, exactAmount }) =>
    kind === 'cancellation' ? [] : [{ kind, exactAmount }],
  );
}

/** Writes an invoice whose number has been taken, and tells of it. */
export async function record(
  tx: Tx,
  invoice: FullInvoice,
  lines: readonly PostedLine[],
  lineage: readonly AccountId[],
  { clock, actor }: Changing,
): Promise<void> {
  const { kind, number, issuerId, accountId, currency, issuedAt } = invoice;
  await insertInvoice(tx, invoice);
  await settleIssued(tx, invoice);
  await postEntry(tx, {
    book: issuerId,
    kind,
    reference: number,
    occurredAt: issuedAt,
    postings: postingsOf(lines, invoice, signOf(invoice), { party: accountId, currency }),
  });
  await enqueueWebhook(tx, {
    type: `${kind}.issued`,
    occurredAt: issuedAt,
    accountIds: lineage,
    data: summaryOf(invoice),
  });
  await appendAudit(tx, clock, {
    actor,
    action: 'Stackmeter.Billing/invoices/write',
    target: `/invoices/${number}`,
    detail: { ...summaryOf(invoice), reason: invoice.reason ?? null },
  });
}

/** What webhooks and the audit trail say of an invoice. */
export function summaryOf(invoice: FullInvoice): Readonly<Record<string, unknown>> {
  return {
    number: invoice.number,
    kind: invoice.kind,
    accountId: invoice.accountId,
    issuerId: invoice.issuerId,
    period: invoice.parties.period.name,
    issueDate: invoice.issueDate,
    dueDate: invoice.dueDate,
    currency: invoice.currency,
    net: invoice.net.toText(),
    tax: invoice.tax.toText(),
    gross: invoice.gross.toText(),
    corrects: invoice.correctsNumber ?? null,
  };
}

function partiesOf({ sale, seller, buyer, period, customers }: InvoiceDraft): InvoiceParties {
  const { buyerReference, language, paymentDays } = sale.buyer;
  return {
    seller,
    buyer,
    language,
    period: { name: period.name, ...daysOfPeriod(period) },
    paymentDays,
    buyerReference,
    iban: sale.seller.iban,
    bic: sale.seller.bic,
    customers: Object.fromEntries(customers),
  };
}

function requireOpen(
  own: BillingPeriod | undefined,
  { period }: Pick<BillingPeriod, 'period'>,
): BillingPeriod {
  if (own === undefined) {
    throw fail('PeriodNotDue', {
      period: String(period),
      state: 'unknown',
      reason: 'there is none of this name',
    });
  }
  if (own.state !== 'Issued') return own;
  const reason = 'it has been invoiced; a credit note takes its invoice back';
  throw fail('PeriodNotDue', { period: own.name, state: own.state, reason });
}

/** A period that has not ended is never invoiced: what is used later in it would have no place. */
function requireDue(period: BillingPeriod, now: Instant, { early = false }: IssueOptions): void {
  const notDue = (reason: string): Error =>
    fail('PeriodNotDue', { period: period.name, state: period.state, reason });
  if (hourOf(now) < period.toHour) throw notDue('it has not ended');
  if (early) return;
  if (period.state !== 'InReview') throw notDue('its usage may not be complete');
  if (period.held !== undefined) throw notDue(`it is held: ${period.held}`);
}
