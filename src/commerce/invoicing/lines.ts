import { Decimal, roundMoney, type Currency, type SubscriptionId } from '../../kernel/index.ts';
import type { ChargePart, InvoiceLine, MeterWords, TermPart } from './line.ts';

const ONE = Decimal.fromBigInt(1n);

export interface LinesInput {
  readonly currency: Currency;
  readonly charges: readonly ChargePart[];
  /** In the order in which they apply. */
  readonly terms: readonly TermPart[];
  /** What people call a customer. */
  readonly customerName: (id: SubscriptionId) => string;
}

/**
 * The lines of an invoice: one for each part of a charge, rounded once, half to even; the order in which
 * the parts are given does not matter. By customer, service, meter, subscription and period; terms
 * come after, as they were applied.
 *
 * Meters that are never paid have no line. What costs nothing for another reason, as on a development
 * kit, has one at 0.00, so that all paid usage is accounted for. A part without quantity and amount
 * has none either.
 */
export function linesOf({ currency, charges, terms, customerName }: LinesInput): InvoiceLine[] {
  const shown = charges
    .filter(({ meter, quantity, amount }) => meter.paid && !(quantity.isZero() && amount.isZero()))
    .map((part) => ({ part, key: sortKey(part, customerName) }))
    .toSorted((one, other) => compareKeys(one.key, other.key));
  const made = [
    ...shown.map(({ part }) => chargeLine(part, currency)),
    ...terms.filter(isShown).map((part) => termLine(part, currency)),
  ];
  return made.map((line, index) => ({ ...line, line: index + 1 }));
}

/** A free quantity that changes by less than is worth a cent has a line, since it is used up by that. */
function isShown({ amount, quantity, meterId }: TermPart): boolean {
  return !amount.isZero() || (meterId !== undefined && !quantity.isZero());
}

type NewLine = Omit<InvoiceLine, 'line'>;

function chargeLine(part: ChargePart, currency: Currency): NewLine {
  const { charge, period, meter, quantity, amount, unitPrice } = part;
  return {
    kind: period.isCorrection ? 'correction' : 'usage',
    charge,
    termId: undefined,
    cancels: undefined,
    customerSubscriptionId: part.customerSubscriptionId,
    subscriptionId: part.subscriptionId,
    meterId: meter.meterId,
    description: meter.name,
    service: serviceOf(meter),
    unit: meter.unit,
    quantity,
    unitPrice,
    exactAmount: amount,
    amount: roundMoney(amount, currency),
    tax: period.tax,
    correctsPeriod: period.isCorrection ? period.name : undefined,
  };
}

/** What is taken off is a negative number of positive amounts (EN 16931 has no negative prices). */
function termLine(part: TermPart, currency: Currency): NewLine {
  const { quantity } = part;
  const amount = roundMoney(part.amount, currency);
  const isSingle = quantity.equals(ONE) || quantity.negate().equals(ONE);
  const price = amount.multiply(quantity);
  return {
    kind: part.kind,
    charge: undefined,
    termId: part.termId,
    cancels: undefined,
    customerSubscriptionId: undefined,
    subscriptionId: part.subscriptionId,
    meterId: part.meterId,
    description: part.description,
    service: '',
    unit: '',
    quantity,
    unitPrice: isSingle && !price.isNegative() ? price : undefined,
    exactAmount: part.amount,
    amount,
    tax: part.period.tax,
    correctsPeriod: part.period.isCorrection ? part.period.name : undefined,
  };
}

/** Such as `Azure Stack Hub - Windows VM`. */
export function serviceOf({ category, subCategory }: MeterWords): string {
  return subCategory === '' ? category : `${category} - ${subCategory}`;
}

function sortKey(part: ChargePart, customerName: LinesInput['customerName']): readonly string[] {
  const { customerSubscriptionId, subscriptionId, meter, period, charge } = part;
  return [
    customerName(customerSubscriptionId),
    customerSubscriptionId,
    serviceOf(meter),
    meter.name,
    meter.meterId.toLowerCase(),
    subscriptionId,
    period.isCorrection ? period.name : '',
    charge.toString().padStart(20, '0'),
  ];
}

function compareKeys(one: readonly string[], other: readonly string[]): number {
  for (const [index, text] of one.entries()) {
    const against = other[index] ?? '';
    if (text !== against) return text < against ? -1 : 1;
  }
  return 0;
}
