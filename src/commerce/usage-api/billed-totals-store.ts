import type { SubscriptionId } from '../../kernel/index.ts';
import type { Database, Queryable } from '../../platform/index.ts';
import { readAccountTree, salesOf, type AccountId } from '../accounts/index.ts';
import type { HourRange } from './billing-period.ts';

/** What is billed of one meter of one subscription of a stamp, of what was reported on one day. */
export interface BilledTotal {
  /** Days since 1970-01-01, of the windows. */
  readonly day: number;
  /** Of the stamp. */
  readonly subscriptionId: SubscriptionId;
  /** Of the stamp, in lower case. */
  readonly meterId: string;
  readonly rows: bigint;
  /** All three are exact; decimal text in its shortest form. */
  readonly quantity: string;
  readonly onBaseQuantity: string;
  readonly unpaidQuantity: string;
}

/** Who buys first what is booked on a subscription of commerce: each sale above that has the same usage once more. */
export interface FirstBuyer {
  readonly customer: SubscriptionId;
  readonly accountId: AccountId;
}

/** The first buyer of each account on which usage is booked. */
export async function readFirstBuyers(db: Queryable): Promise<FirstBuyer[]> {
  const tree = await readAccountTree(db);
  return tree.below(tree.root.accountId).flatMap(({ subscriptionId }) => {
    const [sale] = subscriptionId === undefined ? [] : salesOf(tree, subscriptionId);
    if (subscriptionId === undefined || sale === undefined) return [];
    return [{ customer: subscriptionId, accountId: sale.buyer.accountId }];
  });
}

/** The first window of a registration that is not rated; undefined: none is. */
export async function registrationRatedUpTo(
  db: Queryable,
  registration: number,
): Promise<number | undefined> {
  const { rows } = await db.query<{ last: number }>(
    'select last_window as last from rating_progress where registration_number = $1',
    [registration],
  );
  const last = rows[0]?.last;
  return last === undefined ? undefined : last + 1;
}

/**
 * What is billed of the rated windows of `range`, which has to lie in one reported day.
 *
 * What is billed is kept by resource and day of use, whatever the day of the report and the registration; so it is
 * compared with all rows that it has to be made of. A row is billed as it is where its resource and day are billed as
 * their rows sum up to. Otherwise the difference is laid on the reported day of the last row of them: missing there if
 * too little is billed, over there if too much.
 *
 * Reads the day's rows along the primary key, and once more, with those before, from the first row on of resources and
 * days of use whose last row is of this day: most often a day earlier. Rows of the stamp alone, under whichever
 * registration, since ids of its subscriptions are its own.
 */
export async function billedTotals(
  database: Database,
  registration: number,
  { from, to }: HourRange,
  buyers: readonly FirstBuyer[],
): Promise<BilledTotal[]> {
  return database.transaction(
    async (tx) => {
      // A day of a large stamp, summed in memory: spilled to disk it takes several times as long.
      await tx.query(`set local work_mem = '128MB'`);
      const { rows } = await tx.query<BilledTotal>({
        name: 'billed-totals',
        text: STATEMENT,
        values: [
          registration,
          from,
          to,
          buyers.map(({ customer }) => customer),
          buyers.map(({ accountId }) => accountId),
        ],
      });
      return rows;
    },
    { readOnly: true, retry: true },
  );
}

const KEY = 'customer_subscription_id, subscription_id, meter, billable, resource_key, usage_day';
const KEY_OF_ROW = `customer_subscription_id, subscription_id, meter, billable, resource_key, usage_hour / 24`;

/** The sides are put on top of each other and summed: joined, the planner would misjudge how many there are. */
const STATEMENT = `
  with own as (
    select registration_number from registration
    where cloud_id = (select cloud_id from registration where registration_number = $1::int)
  ), here as materialized (
    select ${KEY_OF_ROW} as usage_day, count(*) as rows, sum(quantity) as quantity,
           coalesce(sum(quantity) filter (where mapping is null), 0) as base
    from reported_usage
    where registration_number = $1::int and reported_hour >= $2::int and reported_hour < $3::int
      and reported_hour <= (select last_window from rating_progress where registration_number = $1::int)
    group by ${KEY_OF_ROW}
  ), buyer as (
    select * from unnest($4::uuid[], $5::uuid[]) as one (customer_subscription_id, account_id)
  ), asked as materialized (
    select distinct b.account_id, h.usage_day from here h join buyer b using (customer_subscription_id)
  ), rated as materialized (
    select c.customer_subscription_id, c.subscription_id, c.meter, c.billable, l.resource_key, l.usage_day,
           sum(l.rows) as rows, sum(l.quantity) as quantity, min(l.first_reported) as first, max(l.last_reported) as last
    from asked join rated_line l on l.account_id = asked.account_id and l.usage_day = asked.usage_day
    join charge c on c.charge = l.charge
    join buyer b on b.customer_subscription_id = c.customer_subscription_id and b.account_id = c.account_id
    where c.subscription_id in (select subscription_id from here)
    group by 1, 2, 3, 4, 5, 6
  ), whole as (
    select ${KEY_OF_ROW} as usage_day, count(*) as rows, sum(quantity) as quantity,
           coalesce(sum(quantity) filter (where mapping is null), 0) as base
    from reported_usage join rating_progress using (registration_number)
    where registration_number in (select registration_number from own)
      and reported_hour >= (select min(first) from rated where last >= $2::int and last < $3::int)
      and reported_hour < $3::int and reported_hour <= last_window
    group by ${KEY_OF_ROW}
  ), side as (
    select 'here' as side, ${KEY}, rows, quantity, base, null::int as last from here
    union all select 'rated', ${KEY}, rows, quantity, 0, last from rated
    union all select 'whole', ${KEY}, rows, quantity, base, null from whole
  ), place as (
    select subscription_id, meter, billable, max(last) as last,
           coalesce(sum(rows) filter (where side = 'here'), 0) as rows,
           coalesce(sum(quantity) filter (where side = 'here'), 0) as quantity,
           coalesce(sum(base) filter (where side = 'here'), 0) as base,
           coalesce(sum(case side when 'rated' then rows when 'whole' then -rows end), 0) as more_rows,
           coalesce(sum(case side when 'rated' then quantity when 'whole' then -quantity end), 0) as more,
           coalesce(bool_or(base <> 0) filter (where side = 'whole'), false) as is_base
    from side group by ${KEY}
    having max(last) is not null
  ), billed as (
    select subscription_id, meter, billable, rows, quantity, base from place
    union all
    select subscription_id, meter, billable, more_rows, more, case when is_base then more else 0 end
    from place where last >= $2::int and last < $3::int
  )
  select $2::int / 24 as day, b.subscription_id as "subscriptionId", m.local_meter_key as "meterId",
         sum(b.rows)::bigint as rows, trim_scale(sum(b.quantity)) as quantity,
         trim_scale(sum(b.base)) as "onBaseQuantity",
         trim_scale(coalesce(sum(b.quantity) filter (where not b.billable), 0)) as "unpaidQuantity"
  from billed b join commerce_meter m using (meter)
  group by b.subscription_id, m.local_meter_key
  having sum(b.rows) <> 0 or sum(b.quantity) <> 0
  order by b.subscription_id, m.local_meter_key collate "C"`;
