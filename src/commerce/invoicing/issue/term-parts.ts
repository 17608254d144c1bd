import { Decimal, roundMoney, sumOf, type Currency } from '../../../kernel/index.ts';
import { decimalOf, type Queryable } from '../../../platform/index.ts';
import type { AccountId, BillingPeriod } from '../../accounts/index.ts';
import { applyTerms, type AccountTerm, type TermLine, type TermUse } from '../../pricing/index.ts';
import type { Charge } from '../../rating/index.ts';
import type { PeriodOfUse, TermPart } from '../line.ts';

const ONE = Decimal.fromBigInt(1n);
const MINUS_ONE = ONE.negate();

/** What invoices have of a term for one period, positive whatever sign the lines had. */
export interface PeriodUse extends TermUse {
  readonly periodName: string;
}

/**
 * What invoices of an account have of its terms. A line that was cancelled does not count: what the
 * credit note gives back cancels it out.
 */
export async function readTermUses(db: Queryable, accountId: AccountId): Promise<PeriodUse[]> {
  const { rows } = await db.query<{
    term_id: string;
    subscription_id: PeriodUse['subscriptionId'] | null;
    period_name: string;
    amount: string;
    quantity: string;
  }>({
    name: 'invoice-term-uses',
    text: `select l.term_id, l.subscription_id, coalesce(l.corrects_period, p.name) as period_name,
                  abs(sum(l.amount * s.sign)) as amount, abs(sum(l.quantity * s.sign)) as quantity
           from invoice_line l join invoice i using (invoice_id) join billing_period p on p.period = i.period
           cross join lateral (select case i.kind when 'credit-note' then -1 else 1 end as sign) s
           where l.term_id in (select term_id from account_term where account_id = $1)
           group by 1, 2, 3 having sum(l.amount * s.sign) <> 0`,
    values: [accountId],
  });
  return rows.map((row) => ({
    termId: row.term_id,
    subscriptionId: row.subscription_id ?? undefined,
    periodName: row.period_name,
    amount: decimalOf(row.amount),
    quantity: decimalOf(row.quantity),
  }));
}

export interface TermPartsInput {
  readonly currency: Currency;
  readonly terms: readonly AccountTerm[];
  readonly uses: readonly PeriodUse[];
}

/** What terms come to in a period, and what invoices then have of them. */
interface AppliedTerms {
  readonly parts: readonly TermPart[];
  /** All uses, those in this period as they are by now: for the next period on the same invoice. */
  readonly uses: readonly PeriodUse[];
}

/**
 * What the terms of an account come to in a period, less what invoices have of them for it: nothing yet
 * where it has not been invoiced. A period that is corrected draws no credits: they pay for what there is
 * to pay now, whatever it is for.
 *
 * @param charges all of the period
 * @param other what else is on the invoice, for which credits pay too
 */
export function termParts(
  input: TermPartsInput,
  of: PeriodOfUse,
  bounds: BillingPeriod,
  charges: readonly Charge[],
  other: Decimal,
): AppliedTerms {
  const terms = input.terms.filter(
    ({ definition }) => !of.isCorrection || definition.kind !== 'credit',
  );
  const counted = new Set(terms.map(({ termId }) => termId));
  const [inPeriod, elsewhere] = partition(input.uses, ({ periodName }) => periodName === of.name);
  const lines = applied({ ...input, terms }, bounds, charges, elsewhere, other);
  const present = lines.map((line) => partOf(line, of, terms));
  const before = inPeriod.flatMap((use) => invoicedPart(use, of, terms));
  const uses = [
    ...elsewhere,
    ...inPeriod.filter(({ termId }) => !counted.has(termId)),
    ...lines.map((line) => useOf(line, of)),
  ];
  if (before.length === 0) return { parts: present, uses };
  const groups = Map.groupBy(
    [...present, ...before],
    ({ termId, subscriptionId }) => `${termId} ${subscriptionId ?? ''}`,
  );
  return { parts: [...groups.values()].flatMap(differenceOf), uses };
}

/** A free quantity keeps its difference, since it is used up by it; all else is one, or one less. */
function differenceOf(group: readonly TermPart[]): TermPart[] {
  const [first] = group;
  if (first === undefined) return [];
  const amount = sumOf(group.map((part) => part.amount));
  if (first.meterId !== undefined) {
    const quantity = sumOf(group.map((part) => part.quantity));
    return amount.isZero() && quantity.isZero() ? [] : [{ ...first, amount, quantity }];
  }
  if (amount.isZero()) return [];
  return [{ ...first, amount, quantity: amount.isNegative() ? MINUS_ONE : ONE }];
}

function useOf(
  { termId, subscriptionId, quantity, amount }: TermLine,
  { name }: PeriodOfUse,
): PeriodUse {
  return {
    termId,
    subscriptionId,
    periodName: name,
    quantity,
    amount: amount.isNegative() ? amount.negate() : amount,
  };
}

function partition<T>(all: readonly T[], isFirst: (one: T) => boolean): [T[], T[]] {
  return [all.filter(isFirst), all.filter((one) => !isFirst(one))];
}

function applied(
  { currency, terms }: TermPartsInput,
  { fromHour, toHour }: BillingPeriod,
  charges: readonly Charge[],
  used: readonly TermUse[],
  other: Decimal,
): TermLine[] {
  const round = (amount: Decimal): Decimal => roundMoney(amount, currency);
  return applyTerms({
    period: { fromHour, toHour },
    charges: charges.map(({ subscriptionId, meterId, quantity, amount }) => ({
      subscriptionId,
      meterId,
      quantity,
      amount: round(amount ?? Decimal.zero),
    })),
    terms,
    used,
    round,
    other,
  });
}

function partOf(line: TermLine, period: PeriodOfUse, terms: readonly AccountTerm[]): TermPart {
  const { termId, kind, name, subscriptionId, quantity, amount } = line;
  return {
    termId,
    kind,
    period,
    description: name,
    subscriptionId,
    meterId: meterOf(terms, termId),
    quantity: amount.isNegative() ? quantity.negate() : quantity,
    amount,
  };
}

/** Taken back, so that only the difference is left. */
function invoicedPart(
  { termId, subscriptionId, amount, quantity }: PeriodUse,
  period: PeriodOfUse,
  terms: readonly AccountTerm[],
): TermPart[] {
  const term = terms.find((one) => one.termId === termId);
  if (term === undefined) return [];
  const { kind } = term.definition;
  const isTakenOff = kind === 'discount' || kind === 'credit';
  const meterId = meterOf(terms, termId);
  const one = isTakenOff ? ONE : MINUS_ONE;
  return [
    {
      termId,
      kind,
      period,
      description: term.name,
      subscriptionId,
      meterId,
      quantity: meterId === undefined ? one : quantity,
      amount: isTakenOff ? amount : amount.negate(),
    },
  ];
}

/** Of a discount by quantity, of which meter. */
function meterOf(terms: readonly AccountTerm[], id: string): string | undefined {
  const definition = terms.find(({ termId }) => termId === id)?.definition;
  return definition?.kind === 'discount' && 'meterId' in definition.by
    ? definition.by.meterId
    : undefined;
}
