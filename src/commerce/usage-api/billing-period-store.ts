import { hourNumber, hourStart, type Instant, type SubscriptionId } from '../../kernel/index.ts';
import type { Database } from '../../platform/index.ts';
import { registrationsBookingOn, type CommerceSubscription } from '../registration/index.ts';
import { readAsAccount } from './account-reader.ts';
import { monthOf } from './billing-period.ts';
import { readUnaccepted } from './booking.ts';
import type { WholeRange } from './comparison.ts';
import { ACCEPTED, unacceptedArrays } from './store.ts';

/** The billing periods of an account: from its first usage or its making, whichever was first, to the present month. */
export async function readMonths(
  database: Database,
  account: CommerceSubscription,
  now: Instant,
): Promise<WholeRange> {
  const firstUsage = await readFirstUsage(database, account.subscriptionId);
  const first = Math.min(
    monthOf(account.createdAt),
    firstUsage === undefined ? Infinity : monthOf(firstUsage),
  );
  return { first, last: monthOf(now) };
}

/**
 * When the first accepted usage of the account began. There is no index by usage time, and late usage can be of any time, so the
 * least of each reported hour is looked up: two steps in the index for each hour instead of reading every row.
 */
async function readFirstUsage(
  database: Database,
  account: SubscriptionId,
): Promise<Instant | undefined> {
  const hour = await readAsAccount(
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
  return hour === undefined ? undefined : hourStart(hourNumber(hour));
}
