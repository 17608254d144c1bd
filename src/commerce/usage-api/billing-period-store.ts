import { fail, hourNumber, hourOf, type Instant, type SubscriptionId } from '../../kernel/index.ts';
import type { Database, Queryable } from '../../platform/index.ts';
import { findAccountBySubscription, listPeriods, type BillingAccount } from '../accounts/index.ts';
import { registrationsBookingOn, type CommerceSubscription } from '../registration/index.ts';
import { readAsAccount } from './account-reader.ts';
import { MONTHS, periodsBetween, type PeriodCalendar, type UsagePeriod } from './billing-period.ts';
import { readUnaccepted } from './booking.ts';
import { ACCEPTED, unacceptedArrays } from './store.ts';

/** The billing periods of an account, and the account that is billed by them. */
export interface AccountPeriods {
  readonly of: PeriodCalendar;
  /** Undefined: it has none of its own, or nothing was billed to it. */
  readonly billing: BillingAccount | undefined;
}

/** How an account is billed: by the periods of its billing account, or, while it has none, by months in UTC. */
export async function readAccountPeriods(
  db: Queryable,
  { subscriptionId }: CommerceSubscription,
): Promise<AccountPeriods> {
  const billing = await findAccountBySubscription(db, subscriptionId);
  const stored = billing === undefined ? [] : await listPeriods(db, billing.accountId);
  if (billing === undefined || stored.length === 0) return { of: MONTHS, billing: undefined };
  const periods = stored.toReversed().map((one) => ({
    name: one.name,
    hours: { from: one.fromHour, to: one.toHour },
    number: one.period,
    isIssued: one.state === 'Issued',
  }));
  return { of: { calendar: billing, periods }, billing };
}

/**
 * The billing periods of an account, the newest first. They begin with the first in which something was billed; where
 * nothing was, with the first usage or the making of the account, whichever was first. They end with the present one.
 */
export async function readPeriods(
  database: Database,
  account: CommerceSubscription,
  now: Instant,
): Promise<{ readonly of: PeriodCalendar; readonly periods: readonly UsagePeriod[] }> {
  const { of } = await readAccountPeriods(database.pool, account);
  const [first] = of.periods;
  if (first !== undefined) {
    return { of, periods: periodsBetween(of, hourNumber(first.hours.from), now) };
  }
  const made = hourOf(account.createdAt);
  const firstUsage = await readFirstUsage(database, account.subscriptionId);
  const from = hourNumber(Math.min(made, firstUsage ?? made));
  return { of, periods: periodsBetween(of, from, now) };
}

/**
 * The hour of the first accepted usage of the account. There is no index by usage time, and late usage can be of any
 * time, so the least of each reported hour is looked up: two steps in the index for each hour instead of every row.
 */
async function readFirstUsage(
  database: Database,
  account: SubscriptionId,
): Promise<number | undefined> {
  return readAsAccount(
    database,
    { account, asked: ['subscriptionId', account] },
    async (tx) => {
      const registrations = await registrationsBookingOn(tx, account);
      return readUnaccepted(
        tx,
        registrations.map(({ number }) => number),
      );
    },
    async (tx, unaccepted) => {
      const { rows } = await tx.query<{ first: number | null }>({
        name: 'account-first-usage',
        text: `
          with recursive reported (hour) as (
            select min(reported_hour) from reported_usage where customer_subscription_id = $1::uuid
            union all
            select (select min(reported_hour) from reported_usage
                    where customer_subscription_id = $1::uuid and reported_hour > hour)
            from reported where hour is not null
          )
          select min(one.first) as first from reported cross join lateral (
            select min(usage_hour) as first from reported_usage
            where customer_subscription_id = $1::uuid and reported_hour = hour and ${ACCEPTED}) as one`,
        values: [account, ...unacceptedArrays(unaccepted)],
      });
      return rows[0]?.first ?? undefined;
    },
  );
}

/** @throws NotFound when the account has no such billing period */
export function requirePeriod(name: string, periods: readonly UsagePeriod[]): UsagePeriod {
  const found = periods.find((one) => one.name === name);
  if (found !== undefined) return found;
  throw fail('NotFound', { path: `billingPeriods/${name}` });
}
