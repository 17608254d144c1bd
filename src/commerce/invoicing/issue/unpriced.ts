import { fail, type DayNumber, type Instant, type StackmeterError } from '../../../kernel/index.ts';
import type { Queryable, Tx } from '../../../platform/index.ts';
import type { BillingPeriod } from '../../accounts/index.ts';
import type { Charge } from '../../rating/index.ts';
import { dayCount, daysOfPeriod } from '../dates.ts';
import { clearProblem, parkProblem } from '../problems.ts';
import type { InvoicedSale } from './sale.ts';

/** An invoiced period that has changed and has usage without a price: nobody knows yet what to correct. */
export interface UnpricedPeriod {
  readonly bounds: BillingPeriod;
  readonly error: StackmeterError;
}

/** Whether nobody can say what a charge costs. Nothing used costs nothing: rating anew may leave such a charge. */
export function isUnpriced({ amount, quantity }: Pick<Charge, 'amount' | 'quantity'>): boolean {
  return amount === undefined && !quantity.isZero();
}

/**
 * Why a charge has no amount: MeterWithoutPrice, ExchangeRateMissing or UsageWithoutPrices. The price list
 * of a seller is not named to those who buy with a markup on it.
 */
export async function whyUnpriced(
  db: Queryable,
  charge: Charge,
  period: BillingPeriod,
): Promise<StackmeterError> {
  const { rows } = await db.query<{ has_markups: boolean }>(
    `select chain <> '[]' as has_markups from price_plan where plan = $1`,
    [charge.plan],
  );
  const lastDay = dayCount(daysOfPeriod(period).end);
  return unpricedError(charge, { name: period.name, lastDay }, rows[0]?.has_markups === true);
}

/** {@link whyUnpriced} of what is known. */
export function unpricedError(
  { problem, meterName, meterId, priceListId }: Charge,
  period: { readonly name: string; readonly lastDay: DayNumber },
  hasMarkups: boolean,
): StackmeterError {
  if (problem === undefined) {
    return fail('MeterWithoutPrice', {
      priceList: hasMarkups ? 'of its seller' : `'${priceListId ?? ''}'`,
      meter: `${meterName} (${meterId})`,
      date: dateOf(period.lastDay),
    });
  }
  const rate = /^no exchange rate from ([A-Z]{3}) to ([A-Z]{3}) on (\S+)$/.exec(problem);
  const [, from, to, day] = rate ?? [];
  if (from !== undefined && to !== undefined && day !== undefined) {
    return fail('ExchangeRateMissing', { from, to, date: day });
  }
  return fail('UsageWithoutPrices', { meter: meterName, period: period.name, problem });
}

function dateOf(day: DayNumber): string {
  return Temporal.PlainDate.from('1970-01-01').add({ days: day }).toString();
}

/**
 * Parks the changed periods that have no price yet, each by itself, and lets those go on that have one. One that
 * is parked already is told anew when it would be tried again, not by each invoice and note in between.
 */
export async function settleProblems(
  tx: Tx,
  sale: InvoicedSale,
  {
    unpriced,
    priced,
  }: {
    readonly unpriced: readonly UnpricedPeriod[];
    readonly priced: readonly BillingPeriod[];
  },
  now: Instant,
): Promise<void> {
  for (const period of priced) await clearProblem(tx, sale, period, now);
  for (const { bounds, error } of unpriced) {
    const { rowCount } = await tx.query(
      'select from billing_problem where account_id = $1 and period = $2 and next_attempt_at > $3',
      [bounds.accountId, bounds.period, now.toString()],
    );
    if (rowCount === 0) await parkProblem(tx, bounds, sale.lineage, error, now);
  }
}
