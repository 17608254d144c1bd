import {
  Decimal,
  roundMoney,
  sumOf,
  type Currency,
  type SubscriptionId,
} from '../../../kernel/index.ts';
import type { Tx } from '../../../platform/index.ts';
import { listTerms, type AccountId, type BillingPeriod } from '../../accounts/index.ts';
import { listTaxRates } from '../../pricing/index.ts';
import {
  chargesOfPeriod,
  uninvoicedCharges,
  type Charge,
  type InvoicedPart,
} from '../../rating/index.ts';
import { dayCount, daysOfPeriod } from '../dates.ts';
import type { InvoiceKind, PartyThen } from '../invoice.ts';
import { linesOf } from '../lines.ts';
import type { ChargePart, InvoiceLine, LineTax, PeriodOfUse, TermPart } from '../line.ts';
import { negateLine, negateTotals, totalsOf, type Totals } from '../totals.ts';
import { chargePart, type ItemOf } from './charge-parts.ts';
import { readCorrected, standTogether, type TaxedPeriod } from './corrected.ts';
import type { HeldPeriods } from './periods.ts';
import { priceItems, type PriceMemory } from './price-items.ts';
import { partyNow, readCustomerNames, readSale, taxOfPeriod, type InvoicedSale } from './sale.ts';
import { readTermUses, termParts, type PeriodUse } from './term-parts.ts';
import { isUnpriced, whyUnpriced, type UnpricedPeriod } from './unpriced.ts';

/** What an invoice would be if it were issued now. */
export interface InvoiceDraft extends Totals {
  readonly sale: InvoicedSale;
  readonly seller: PartyThen;
  readonly buyer: PartyThen;
  /** In which it is issued; of a note, the newest of those that it corrects. */
  readonly period: BillingPeriod;
  readonly kind: InvoiceKind;
  readonly currency: Currency;
  readonly lines: readonly InvoiceLine[];
  readonly customers: ReadonlyMap<SubscriptionId, string>;
  /** The periods that it corrects. */
  readonly corrected: readonly BillingPeriod[];
  /** Changed periods of which it has nothing, since something in them has no price yet. */
  readonly unpriced: readonly UnpricedPeriod[];
  /** All other changed periods, also those that cannot stand on one document with this. */
  readonly priced: readonly BillingPeriod[];
  /** What it takes of charges, unpaid meters included, which have no lines. */
  readonly settled: readonly InvoicedPart[];
}

/** How a draft is read. */
interface DraftOptions {
  readonly memory?: PriceMemory | undefined;
  /** Of a note: only what cannot stand on one document with usage of this period. */
  readonly apartFrom?: BillingPeriod | undefined;
  /** What no invoice has yet; held unless given. */
  readonly charges?: (() => Promise<readonly Charge[]>) | undefined;
}

/**
 * Reads all that an invoice has: what no invoice has yet of the charges of its period, what has changed
 * in periods that were invoiced before, and the terms of the account. What comes to less than nothing
 * becomes a credit note, whose amounts are positive.
 *
 * Where late usage goes on notes, an invoice has none of it. What is outside the scope of the tax and what is
 * not are never together: an invoice has what goes with its own period, a note what goes with its oldest.
 *
 * @param held with an own period an invoice; without one a note about the corrected ones
 * @returns undefined for a note about nothing
 * @throws BillingAccountIncomplete, TaxUnknown; MeterWithoutPrice, ExchangeRateMissing, UsageWithoutPrices
 *   for usage of the own period
 */
export async function readDraft(
  tx: Tx,
  accountId: AccountId,
  { own, corrected }: HeldPeriods,
  { memory = new Map(), apartFrom, charges }: DraftOptions = {},
): Promise<InvoiceDraft | undefined> {
  const period = own ?? newestOf(corrected);
  if (period === undefined) return undefined;
  const sale = await readSale(tx, accountId);
  const [seller, buyer] = [partyNow(sale.seller), partyNow(sale.buyer)];
  const { currency, lateUsage } = sale.buyer;
  const rates = await listTaxRates(tx);
  const taxNow = (one: BillingPeriod): LineTax => taxOfPeriod(rates, sale, [seller, buyer], one);
  const changed = await (charges?.() ?? uninvoicedCharges(tx, accountId));
  const later = own !== undefined && lateUsage === 'Note' ? [] : corrected;
  const { priced, unpriced } = await sortOut(tx, own, later, changed);
  const known = await readCorrected(tx, priced, taxNow);
  const first = own && { bounds: own, tax: taxNow(own), invoicedAt: undefined };
  const wanted = apartFrom
    ? known.filter(({ tax }) => !standTogether(tax, taxNow(apartFrom)))
    : known.filter(({ tax }) => standTogether(tax, (first ?? known[0])?.tax ?? tax));
  const uses = periodsOfUse(first, wanted);
  const taken = changed.filter((one) => uses.has(one.period));
  const itemOf = await priceItems(tx, taken, memory);
  const parts = taken.map((charge) => partIn(uses, charge, itemOf));
  const terms = await readTerms(tx, accountId, { first, wanted, uses, parts, currency });
  const customers = await readCustomerNames(
    tx,
    sale,
    parts.map((part) => part.customerSubscriptionId),
  );
  const customerName = (id: SubscriptionId): string => customers.get(id) ?? id;
  const lines = linesOf({ currency, charges: parts, terms, customerName });
  return {
    sale,
    seller,
    buyer,
    currency,
    customers,
    unpriced,
    priced,
    period: own ?? wanted.at(-1)?.bounds ?? period,
    corrected: wanted.map(({ bounds }) => bounds),
    settled: parts.map(({ charge, quantity, amount }) => ({ charge, quantity, amount })),
    ...turned(lines, currency, own === undefined ? 'debit-note' : 'invoice'),
  };
}

function newestOf(periods: readonly BillingPeriod[]): BillingPeriod | undefined {
  return periods.toSorted((one, other) => one.fromHour - other.fromHour).at(-1);
}

/**
 * Which of the changed periods have prices for all that was used in them.
 *
 * @throws MeterWithoutPrice, ExchangeRateMissing, UsageWithoutPrices for the own period
 */
async function sortOut(
  tx: Tx,
  own: BillingPeriod | undefined,
  corrected: readonly BillingPeriod[],
  changed: readonly Charge[],
): Promise<Pick<InvoiceDraft, 'priced' | 'unpriced'>> {
  const lacking = changed.filter(isUnpriced);
  const inPeriod = (one: BillingPeriod): Charge | undefined =>
    lacking.find(({ period }) => period === one.period);
  const ownLack = own && inPeriod(own);
  if (own !== undefined && ownLack !== undefined) throw await whyUnpriced(tx, ownLack, own);
  const unpriced: UnpricedPeriod[] = [];
  for (const bounds of corrected) {
    const lack = inPeriod(bounds);
    if (lack !== undefined) unpriced.push({ bounds, error: await whyUnpriced(tx, lack, bounds) });
  }
  return { unpriced, priced: corrected.filter((one) => inPeriod(one) === undefined) };
}

/** A document that would ask for less than nothing gives back instead. */
function turned(
  lines: readonly InvoiceLine[],
  currency: Currency,
  kind: InvoiceKind,
): Totals & Pick<InvoiceDraft, 'kind' | 'lines'> {
  const totals = totalsOf(lines, currency);
  if (!totals.gross.isNegative()) return { kind, lines, ...totals };
  return { kind: 'credit-note', lines: lines.map(negateLine), ...negateTotals(totals) };
}

function periodsOfUse(
  first: TaxedPeriod | undefined,
  corrected: readonly TaxedPeriod[],
): ReadonlyMap<number, PeriodOfUse> {
  const toUse = ({ bounds, tax }: TaxedPeriod, isCorrection: boolean): PeriodOfUse => {
    const { period, name } = bounds;
    return { period, name, lastDay: dayCount(daysOfPeriod(bounds).end), tax, isCorrection };
  };
  const all = corrected.map((one) => toUse(one, true));
  if (first !== undefined) all.push(toUse(first, false));
  return new Map(all.map((one) => [one.period, one]));
}

function partIn(
  periods: ReadonlyMap<number, PeriodOfUse>,
  charge: Charge,
  itemOf: ItemOf,
): ChargePart {
  const period = periods.get(charge.period);
  if (period === undefined) throw new Error(`the period ${charge.period} is not held`);
  return chargePart(charge, period, itemOf);
}

/**
 * The terms of the corrected periods in order of time, then those of the own one, each with what those before it
 * on this very invoice leave of what is given once. What was agreed after a period had been invoiced does
 * not change it.
 */
async function readTerms(
  tx: Tx,
  accountId: AccountId,
  {
    first,
    wanted,
    uses,
    parts,
    currency,
  }: {
    readonly first: TaxedPeriod | undefined;
    readonly wanted: readonly TaxedPeriod[];
    readonly uses: ReadonlyMap<number, PeriodOfUse>;
    readonly parts: readonly ChargePart[];
    readonly currency: Currency;
  },
): Promise<TermPart[]> {
  const terms = await listTerms(tx, accountId);
  if (terms.length === 0) return [];
  let used: readonly PeriodUse[] = await readTermUses(tx, accountId);
  const made: TermPart[] = [];
  for (const { bounds, invoicedAt } of first === undefined ? wanted : [...wanted, first]) {
    const of = uses.get(bounds.period);
    if (of === undefined) continue;
    const agreed = terms.filter(
      ({ createdAt }) =>
        invoicedAt === undefined || Temporal.Instant.compare(createdAt, invoicedAt) <= 0,
    );
    const corrective = parts.filter(({ period }) => period.isCorrection);
    const other = of.isCorrection
      ? Decimal.zero
      : sumOf([
          ...corrective.map(({ amount }) => roundMoney(amount, currency)),
          ...made.map(({ amount }) => amount),
        ]);
    const charges = await chargesOfPeriod(tx, bounds.period);
    const applied = termParts({ currency, terms: agreed, uses: used }, of, bounds, charges, other);
    made.push(...applied.parts);
    used = applied.uses;
  }
  return made;
}
