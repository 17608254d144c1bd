import { hourNumber, type HourNumber } from '../../kernel/index.ts';
import type { Queryable } from '../../platform/index.ts';
import { listPeriods, periodBounds } from '../accounts/index.ts';
import type { Budget, BudgetAccount, BudgetSpan } from './budget.ts';
import { calendarSpan, daysOfSpan } from './span.ts';

/** The stretch of a budget that holds an hour. */
export async function spanAt(
  db: Queryable,
  { grain }: Pick<Budget, 'grain'>,
  account: BudgetAccount,
  hour: HourNumber,
): Promise<BudgetSpan> {
  return grain === 'BillingPeriod' ? periodAt(db, account, hour) : calendarSpan(grain, hour);
}

/** The billing period as it was made, or as it will be when somebody needs it. */
async function periodAt(
  db: Queryable,
  account: BudgetAccount,
  hour: HourNumber,
): Promise<BudgetSpan> {
  const [last] = await listPeriods(db, account.accountId, {
    before: hourNumber(hour + 1),
    limit: 1,
  });
  if (last !== undefined && hour < last.toHour) {
    return { fromHour: last.fromHour, toHour: last.toHour };
  }
  const { fromHour, toHour } = periodBounds(account, hour);
  // Where an account moved to another day or zone, the next period begins where the last one ends.
  const begun = last !== undefined && last.toHour > fromHour ? last.toHour : fromHour;
  return { fromHour: begun, toHour };
}

/** The first and the last day of a stretch, as people name them. */
export function spanDays(
  { grain }: Pick<Budget, 'grain'>,
  { timeZone }: BudgetAccount,
  span: BudgetSpan,
): { readonly from: string; readonly to: string } {
  return daysOfSpan(span, grain === 'BillingPeriod' ? timeZone : 'UTC');
}
