import { Decimal, halfEven, sumOf, type SubscriptionId } from '../../../kernel/index.ts';
import { applyDiscount } from './discount.ts';
import { usedOf, type OpenCharge, type TermCharge, type TermLine, type TermOf } from './line.ts';
import type { AccountTerm, Commitment, Credit, Discount, Fee, Term, TermUse } from './term.ts';

export interface TermsInput {
  /** Hours since 1970, half open. */
  readonly period: { readonly fromHour: number; readonly toHour: number };
  /** The usage charges of the period. */
  readonly charges: readonly TermCharge[];
  /** All of the account; those that are not in force in the period are left out here. */
  readonly terms: readonly AccountTerm[];
  /** What earlier invoices have of them; several of one term are added up. */
  readonly used: readonly TermUse[];
  /** What else is on the invoice, such as corrections of other periods: credits pay for it too. Zero unless given. */
  readonly other?: Decimal;
  /** The one rounding of each line. None unless given. */
  readonly round?: (amount: Decimal) => Decimal;
}

/** Digits after the point of a part of a fee, before it is rounded. */
const SHARE_SCALE = 20;

const ONE = Decimal.fromBigInt(1n);

/**
 * The lines that the terms of an account add to an invoice, in the order in which they take effect: discounts by
 * quantity, by percentage, by amount (never to below zero), fees, what is missing to commitments after all discounts,
 * and credits last, of which never more is used than there is to pay. Terms of one kind go by the hour from which they
 * are in force.
 *
 * A term counts for a period when it is in force in any part of it. The lines do not depend on the order of charges.
 */
export function applyTerms(input: TermsInput): TermLine[] {
  const inForce = input.terms
    .filter((term) => hoursInForce(term, input.period) > 0)
    .toSorted(byAge);
  const round = input.round ?? ((amount: Decimal) => amount);
  let open: readonly OpenCharge[] = input.charges.toSorted(byKey).map((charge) => ({
    ...charge,
    left: charge.amount,
  }));
  const lines: TermLine[] = [];
  for (const by of ['quantity', 'percent', 'amount'] as const) {
    for (const term of discountsOf(inForce, by)) {
      const applied = applyDiscount(term, open, input.used, round);
      lines.push(...applied.lines);
      open = applied.open;
    }
  }
  const usage = sumOf(open.map(({ left }) => left));
  const subscriptions = subscriptionsOf(input.charges);
  for (const term of inForce) {
    if (isOfKind(term, 'fee')) lines.push(...feeLines(term, subscriptions, input.period, round));
  }
  for (const term of inForce) {
    if (isOfKind(term, 'commitment'))
      lines.push(...commitmentLines(term, usage, input.period, round));
  }
  const added = lines.filter(({ kind }) => kind !== 'discount').map(({ amount }) => amount);
  let due = sumOf([usage, input.other ?? Decimal.zero, ...added]);
  for (const term of inForce) {
    if (!isOfKind(term, 'credit')) continue;
    const line = creditLine(term, due, usedOf(input.used, term.termId).amount, round);
    if (line === undefined) continue;
    lines.push(line);
    due = due.add(line.amount);
  }
  return lines;
}

/** So that what is left of a unit in a split goes to the same charge always. */
function byKey(one: TermCharge, other: TermCharge): number {
  const [key, otherKey] = [keyOf(one), keyOf(other)];
  if (key === otherKey) return one.amount.compare(other.amount);
  return key < otherKey ? -1 : 1;
}

function keyOf({ subscriptionId, meterId }: TermCharge): string {
  return `${subscriptionId}|${meterId.toLowerCase()}`;
}

function byAge(one: AccountTerm, other: AccountTerm): number {
  if (one.effectiveFrom !== other.effectiveFrom) return one.effectiveFrom - other.effectiveFrom;
  return one.termId < other.termId ? -1 : 1;
}

function hoursInForce(
  { effectiveFrom, effectiveTo }: AccountTerm,
  { fromHour, toHour }: TermsInput['period'],
): number {
  return Math.min(effectiveTo ?? toHour, toHour) - Math.max(effectiveFrom, fromHour);
}

interface KindOfTerm {
  fee: Fee;
  discount: Discount;
  credit: Credit;
  commitment: Commitment;
}

function isOfKind<K extends Term['kind']>(
  term: AccountTerm,
  kind: K,
): term is TermOf<KindOfTerm[K]> {
  return term.definition.kind === kind;
}

function discountsOf(
  terms: readonly AccountTerm[],
  by: 'quantity' | 'percent' | 'amount',
): TermOf<Discount>[] {
  return terms
    .filter((term) => isOfKind(term, 'discount'))
    .filter((term) => by in term.definition.by);
}

function subscriptionsOf(charges: readonly TermCharge[]): SubscriptionId[] {
  const used = charges.filter(({ quantity }) => !quantity.isZero());
  return [...new Set(used.map(({ subscriptionId }) => subscriptionId))].toSorted();
}

function feeLines(
  term: TermOf<Fee>,
  subscriptions: readonly SubscriptionId[],
  period: TermsInput['period'],
  round: (amount: Decimal) => Decimal,
): TermLine[] {
  const { amount: base, per, prorated } = term.definition;
  const amount = round(prorated ? partOf(base, term, period) : base);
  if (amount.isZero()) return [];
  const line = {
    termId: term.termId,
    name: term.name,
    kind: 'fee',
    quantity: ONE,
    base,
    amount,
  } as const;
  if (per === 'account') return [{ ...line, subscriptionId: undefined }];
  return subscriptions.map((subscriptionId) => ({ ...line, subscriptionId }));
}

function commitmentLines(
  term: TermOf<Commitment>,
  usage: Decimal,
  period: TermsInput['period'],
  round: (amount: Decimal) => Decimal,
): TermLine[] {
  const missing = round(partOf(term.definition.amount, term, period).subtract(usage));
  if (missing.compare(Decimal.zero) <= 0) return [];
  return [
    {
      termId: term.termId,
      name: term.name,
      kind: 'commitment',
      subscriptionId: undefined,
      quantity: ONE,
      amount: missing,
      base: usage,
    },
  ];
}

function creditLine(
  term: TermOf<Credit>,
  due: Decimal,
  used: Decimal,
  round: (amount: Decimal) => Decimal,
): TermLine | undefined {
  const { amount, recurrence } = term.definition;
  const there = recurrence === 'once' ? amount.subtract(used) : amount;
  const given = round(there.compare(due) < 0 ? there : due);
  if (given.compare(Decimal.zero) <= 0) return undefined;
  return {
    termId: term.termId,
    name: term.name,
    kind: 'credit',
    subscriptionId: undefined,
    quantity: ONE,
    amount: given.negate(),
    base: due,
  };
}

/** The part of a sum for the hours of the period in which its term is in force. */
function partOf(sum: Decimal, term: AccountTerm, period: TermsInput['period']): Decimal {
  const hours = hoursInForce(term, period);
  const all = period.toHour - period.fromHour;
  if (hours === all) return sum;
  return sum
    .multiply(Decimal.fromBigInt(BigInt(hours)))
    .divide(Decimal.fromBigInt(BigInt(all)), SHARE_SCALE, halfEven);
}
