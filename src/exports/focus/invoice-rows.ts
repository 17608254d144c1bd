import { Decimal, type SubscriptionId } from '../../kernel/index.ts';
import { decimalOf, type Queryable } from '../../platform/index.ts';
import { linesOfInvoice, type InvoiceLine } from '../../commerce/invoicing/index.ts';
import { readCharges, readLinesOfCharges } from './charge-store.ts';
import { signed, signOfKind, type FocusInvoice } from './facts.ts';
import { partsOfLines, type UsageLineKey } from './line-parts.ts';
import type { PlanReader } from './plans.ts';
import { pricingOfLine } from './pricing-of-line.ts';
import { billingPeriodOf, chargePeriodOf, costs, priced, type FocusRow } from './row.ts';
import { billingService, usageRows } from './usage-rows.ts';

/** What rows need to know that no invoice says. */
export interface RowTools {
  readonly db: Queryable;
  readonly plans: PlanReader;
  /** Who operates the stamp. */
  readonly hostName: string;
}

/** Lines that are read at a time. */
const LINES = 400;

/** All rows of an invoice or note: they sum to what it says is to pay, of a credit note to the opposite. */
export async function* rowsOfInvoice(
  tools: RowTools,
  invoice: FocusInvoice,
): AsyncGenerator<FocusRow> {
  const base = invoiceBase(invoice);
  let after = 0;
  for (;;) {
    const lines = await linesOfInvoice(tools.db, invoice.invoiceId, { after, limit: LINES });
    yield* rowsOfLines(tools, invoice, base, lines);
    after = lines.at(-1)?.line ?? after;
    if (lines.length < LINES) break;
  }
  const sign = signOfKind(invoice.kind);
  for (const tax of await readTaxes(tools.db, invoice.invoiceId)) {
    if (!tax.amount.isZero()) yield taxRow(invoice, base, tax, signed(tax.amount, sign));
  }
}

/** What all rows of an invoice say. */
export function invoiceBase(invoice: FocusInvoice): FocusRow {
  return {
    ...billingPeriodOf(invoice.period),
    ...partyOf(invoice),
    BillingCurrency: invoice.currency,
    InvoiceId: invoice.number,
    InvoiceIssuerName: invoice.issuerName,
    PricingCurrency: invoice.currency,
    ...providerOf(invoice.issuerName),
  };
}

const TYPES = {
  provider: 'Provider',
  partner: 'Partner',
  enterprise: 'Enterprise',
  customer: 'Customer',
} as const;

/** The account that is billed. */
export function partyOf({
  accountId,
  accountName,
  accountKind,
}: Pick<FocusInvoice, 'accountId' | 'accountName' | 'accountKind'>): FocusRow {
  return {
    BillingAccountId: `/billingAccounts/${accountId}`,
    BillingAccountName: accountName,
    BillingAccountType: TYPES[accountKind],
  };
}

/** Who sells, under each of the names that versions of FOCUS have for it. */
export function providerOf(name: string): FocusRow {
  return {
    ServiceProviderName: name,
    ProviderName: name,
    PublisherName: name,
    x_ServiceProviderName: name,
  };
}

/** Id of a line of an invoice, by which the rows point to it. */
export function lineIdOf({ number }: Pick<FocusInvoice, 'number'>, line: number | string): string {
  return `${number}/${line}`;
}

function detailOf(id: string): FocusRow {
  return { InvoiceDetailId: id, x_InvoiceDetailId: id };
}

async function* rowsOfLines(
  tools: RowTools,
  invoice: FocusInvoice,
  base: FocusRow,
  lines: readonly InvoiceLine[],
): AsyncGenerator<FocusRow> {
  const { db } = tools;
  const keys = lines.flatMap(({ line, charge }): UsageLineKey[] =>
    charge === undefined ? [] : [{ invoiceId: invoice.invoiceId, line, charge }],
  );
  const numbers = keys.map(({ charge }) => charge);
  const charges = await readCharges(db, numbers);
  const parts = partsOfLines(db, keys, charges, await readLinesOfCharges(db, numbers));
  const kinds = await readCancelledKinds(db, invoice, lines);
  const names = await readSubscriptionNames(db, lines);
  for (const line of lines) {
    const own = { ...base, ...lineFacts(invoice, line) };
    if (line.charge === undefined) {
      yield termRow(invoice, own, { ...line, kind: kinds.get(line.line) ?? line.kind }, names);
      continue;
    }
    const next = await parts.next();
    const facts = charges.get(line.charge);
    if (next.done === true || next.value[0].line !== line.line || facts === undefined) {
      throw new Error(`the charge of line ${line.line} of ${invoice.number} is missing`);
    }
    const [, { quantity, sign, pages }] = next.value;
    const ofKind = signOfKind(invoice.kind);
    const exact = signed(signed(line.exactAmount, ofKind), sign);
    const shown = { quantity, amount: exact, unitPrice: line.unitPrice };
    const rows = usageRows({
      facts,
      base: own,
      recordId: lineIdOf(invoice, line.line),
      isCorrection: line.kind !== 'usage',
      hostName: tools.hostName,
      priceVersion: await tools.plans.versionOf(facts),
      pricing: pricingOfLine(shown, await tools.plans.termsOf(facts)),
      shown,
      sign,
      billed: signed(line.amount, ofKind),
      currency: invoice.currency,
    });
    for await (const page of pages()) for (const part of page) yield* rows.of(part);
    yield* rows.end();
  }
}

function lineFacts(invoice: FocusInvoice, line: InvoiceLine): FocusRow {
  return {
    ...detailOf(lineIdOf(invoice, line.line)),
    x_CorrectedPeriodName: line.correctsPeriod ?? null,
    x_LineKind: line.kind,
    x_TaxCategory: line.tax.category,
    x_TaxRate: line.tax.percent.toText(),
  };
}

/** A fee is bought, a credit given; discounts and what is missing to a commitment adjust the bill. */
function termRow(
  invoice: FocusInvoice,
  base: FocusRow,
  line: InvoiceLine,
  names: ReadonlyMap<SubscriptionId, string>,
): FocusRow {
  const amount = signed(line.amount, signOfKind(invoice.kind));
  const { kind, description, subscriptionId, correctsPeriod } = line;
  const isCorrection = correctsPeriod !== undefined || line.cancels !== undefined;
  const row = {
    ...base,
    ...billingService,
    ...chargePeriodOf(invoice.period),
    ...costs(amount),
    ...(subscriptionId !== undefined && {
      SubAccountId: `/subscriptions/${subscriptionId}`,
      SubAccountName: names.get(subscriptionId) ?? subscriptionId,
      SubAccountType: 'Subscription',
    }),
    ChargeClass: isCorrection ? 'Correction' : null,
    ChargeDescription: description,
    ChargeFrequency: 'One-Time',
    x_RecordId: lineIdOf(invoice, line.line),
  };
  if (kind === 'fee') {
    const one = Decimal.fromBigInt(amount.isNegative() ? -1n : 1n);
    const sku = `fee/${description}`;
    return {
      ...row,
      ...priced(one, amount.isNegative() ? amount.negate() : amount),
      ...hostOf(invoice.issuerName),
      ChargeCategory: 'Purchase',
      ChargeFrequency: 'Recurring',
      PricingCategory: 'Standard',
      PricingUnit: 'Units',
      SkuId: sku,
      SkuMeter: description,
      SkuPriceId: `${sku}/Units`,
    };
  }
  const isCredit = kind === 'credit';
  return {
    ...row,
    ...(isCredit && hostOf(invoice.issuerName)),
    ChargeCategory: isCredit ? 'Credit' : 'Adjustment',
  };
}

function hostOf(name: string): FocusRow {
  return { HostProviderName: name, x_HostProviderName: name };
}

interface InvoiceTax {
  readonly category: string;
  readonly percent: Decimal;
  readonly amount: Decimal;
}

function taxRow(invoice: FocusInvoice, base: FocusRow, tax: InvoiceTax, amount: Decimal): FocusRow {
  const id = lineIdOf(invoice, taxKeyOf(tax));
  return {
    ...base,
    ...detailOf(id),
    ...billingService,
    ...chargePeriodOf(invoice.period),
    ...costs(amount),
    ChargeCategory: 'Tax',
    ChargeDescription: `Tax ${tax.percent.toText()} %`,
    ChargeFrequency: 'One-Time',
    x_LineKind: 'tax',
    x_RecordId: id,
    x_TaxCategory: tax.category,
    x_TaxRate: tax.percent.toText(),
  };
}

export function taxKeyOf({ category, percent }: InvoiceTax): string {
  return `tax-${category}-${percent.toText()}`;
}

/** The taxes of an invoice as they are printed. */
export async function readTaxes(db: Queryable, invoiceId: string): Promise<InvoiceTax[]> {
  const { rows } = await db.query<{ category: string; percent: string; amount: string }>({
    name: 'focus-taxes',
    text: `select category, percent, amount from invoice_tax where invoice_id = $1
           order by category, percent desc`,
    values: [invoiceId],
  });
  return rows.map(({ category, percent, amount }) => ({
    category,
    percent: decimalOf(percent),
    amount: decimalOf(amount),
  }));
}

/** What kind each line is that is taken back, by the line that does. */
export async function readCancelledKinds(
  db: Queryable,
  { correctsId }: FocusInvoice,
  lines: readonly InvoiceLine[],
): Promise<ReadonlyMap<number, InvoiceLine['kind']>> {
  const cancelled = lines.filter(({ cancels }) => cancels !== undefined);
  if (correctsId === undefined || cancelled.length === 0) return new Map();
  const { rows } = await db.query<{ line: number; kind: InvoiceLine['kind'] }>({
    name: 'focus-cancelled-kinds',
    text: 'select line, kind from invoice_line where invoice_id = $1 and line = any($2::int[])',
    values: [correctsId, cancelled.map(({ cancels }) => cancels)],
  });
  const kinds = new Map(rows.map(({ line, kind }) => [line, kind]));
  return new Map(
    cancelled.flatMap(({ line, cancels }) => {
      const kind = kinds.get(cancels ?? 0);
      return kind === undefined ? [] : [[line, kind] as const];
    }),
  );
}

/** Names of subscriptions of stamps to which terms are for; of this installation alone. */
async function readSubscriptionNames(
  db: Queryable,
  lines: readonly InvoiceLine[],
): Promise<ReadonlyMap<SubscriptionId, string>> {
  const ids = lines.flatMap(({ charge, subscriptionId }) =>
    charge === undefined && subscriptionId !== undefined ? [subscriptionId] : [],
  );
  if (ids.length === 0) return new Map();
  const { rows } = await db.query<{ id: SubscriptionId; name: string }>({
    name: 'focus-subscription-names',
    text: `select subscription_id as id, display_name as name from subscription
           where subscription_id = any($1::uuid[])`,
    values: [ids],
  });
  return new Map(rows.map(({ id, name }) => [id, name]));
}
