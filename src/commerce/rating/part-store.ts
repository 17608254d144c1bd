import type { SubscriptionId } from '../../kernel/index.ts';
import type { Tx } from '../../platform/index.ts';
import { noteChanges } from './changed-charges.ts';
import { countOf } from './numbers.ts';
import type { Span } from './spans.ts';

/** Windows of one registration: those after one, up to and including another. Hours since 1970. */
export interface WindowRange {
  readonly registration: number;
  readonly after: number;
  readonly through: number;
}

/** The windows of which the rows are rated, as three arrays of parameters. */
const WINDOWS =
  'unnest($1::int[], $2::int[], $3::int[]) as w (registration, after_hour, through_hour)';
const IN_WINDOW = `u.registration_number = w.registration and u.reported_hour > w.after_hour
  and u.reported_hour <= w.through_hour`;

function windowArrays(windows: readonly WindowRange[]): readonly (readonly number[])[] {
  return [
    windows.map(({ registration }) => registration),
    windows.map(({ after }) => after),
    windows.map(({ through }) => through),
  ];
}

/** The first and the last hour in which something was used on a day. */
export interface UsedDay {
  readonly customer: SubscriptionId;
  readonly day: number;
  readonly firstHour: number;
  readonly lastHour: number;
}

/**
 * On which days, and between which hours, the rows of these windows were used, by account.
 *
 * One pass along the primary key, (reported_hour, registration_number): the bounds of all windows together are given
 * once more as plain numbers, by which whole months are left out and the rest is an index range.
 */
export async function usedDays(tx: Tx, windows: readonly WindowRange[]): Promise<UsedDay[]> {
  const { rows } = await tx.query<UsedDay>(
    `select u.customer_subscription_id as customer, u.usage_hour / 24 as day, min(u.usage_hour) as "firstHour",
            max(u.usage_hour) as "lastHour"
     from ${WINDOWS} join reported_usage u on ${IN_WINDOW}
     where u.reported_hour > $4::int and u.reported_hour <= $5::int
     group by 1, 2 order by 1, 2`,
    [...windowArrays(windows), ...boundsOf(windows)],
  );
  return rows;
}

/** Later than any window. */
const LAST_HOUR = 2 ** 31 - 1;

function boundsOf(windows: readonly WindowRange[]): [after: number, through: number] {
  return [
    Math.min(LAST_HOUR, ...windows.map(({ after }) => after)),
    Math.max(-1, ...windows.map(({ through }) => through)),
  ];
}

/** Which rows are added up. */
export interface PartRequest {
  readonly windows: readonly WindowRange[];
  readonly spans: readonly Span[];
}

/**
 * Adds rows up by span, subscription, meter, resource and day into tables that go with the transaction: `rating_part`,
 * and `rating_target` with where each span goes. No row comes here; the sums of a day are a twenty-fourth of the rows.
 *
 * @returns rows that were added up
 */
export async function gatherParts(tx: Tx, { windows, spans }: PartRequest): Promise<number> {
  await tx.query(`
    set local work_mem = '256MB';
    create temp table rating_target (
      span int not null, customer_subscription_id uuid not null, account_id uuid not null, period int not null,
      plan int not null
    ) on commit drop;
    create temp table rating_part (
      span int not null, subscription_id uuid not null, meter int not null, billable boolean not null,
      resource_key uuid not null, usage_day int not null, quantity numeric not null, rows int not null,
      first_reported int not null, last_reported int not null
    ) on commit drop`);
  const targets = spans.flatMap(({ customer, targets: all }, span) =>
    all.map((target) => ({ span, customer, ...target })),
  );
  await tx.query(
    `insert into rating_target
     select * from unnest($1::int[], $2::uuid[], $3::uuid[], $4::int[], $5::int[])`,
    [
      targets.map(({ span }) => span),
      targets.map(({ customer }) => customer),
      targets.map(({ accountId }) => accountId),
      targets.map(({ period }) => period),
      targets.map(({ plan }) => plan),
    ],
  );
  await tx.query(
    `insert into rating_part
     select s.span, u.subscription_id, u.meter, u.billable, u.resource_key, u.usage_hour / 24, sum(u.quantity),
            count(*)::int, min(u.reported_hour), max(u.reported_hour)
     from reported_usage u
     join ${WINDOWS} on ${IN_WINDOW}
     join unnest($6::int[], $7::uuid[], $8::int[], $9::int[]) as s (span, customer, from_hour, to_hour)
       on s.customer = u.customer_subscription_id and u.usage_hour >= s.from_hour and u.usage_hour < s.to_hour
     where u.reported_hour > $4::int and u.reported_hour <= $5::int
     group by s.span, u.subscription_id, u.meter, u.billable, u.resource_key, u.usage_hour / 24`,
    [
      ...windowArrays(windows),
      ...boundsOf(windows),
      spans.map((_, span) => span),
      spans.map(({ customer }) => customer),
      spans.map(({ fromHour }) => fromHour),
      spans.map(({ toHour }) => toHour),
    ],
  );
  await tx.query('analyze rating_target; analyze rating_part');
  const { rows } = await tx.query<{ rows: bigint }>(
    'select coalesce(sum(rows), 0)::bigint as rows from rating_part',
  );
  return countOf(rows[0]?.rows ?? 0n);
}

const CHARGES_OF_PARTS = `
  join rating_target t using (span)
  join rating_charge c on c.period = t.period and c.plan = t.plan
                      and c.customer_subscription_id = t.customer_subscription_id
                      and c.subscription_id = p.subscription_id and c.meter = p.meter and c.billable = p.billable`;

/** The lines that the parts make, of the charges in `rating_charge`. */
export const LINES = `
  select c.account_id, c.charge, p.usage_day, p.resource_key, trim_scale(sum(p.quantity)) as quantity,
         sum(p.rows)::int as rows, min(p.first_reported) as first_reported, max(p.last_reported) as last_reported
  from rating_part p ${CHARGES_OF_PARTS}
  group by c.account_id, c.charge, p.usage_day, p.resource_key`;

/** The charges in `rating_charge` that parts belong to, and the days of them. */
const CHANGED_DAYS = `
  select distinct c.charge, p.usage_day
  from (select distinct span, subscription_id, meter, billable, usage_day from rating_part) p ${CHARGES_OF_PARTS}`;

/** What the parts make of each charge of each sale. */
export const USED = `
  select t.account_id, t.period, t.plan, t.customer_subscription_id, u.subscription_id, u.meter, u.billable,
         trim_scale(sum(u.quantity)) as quantity
  from (select span, subscription_id, meter, billable, sum(quantity) as quantity
        from rating_part group by span, subscription_id, meter, billable) u
  join rating_target t using (span)
  group by t.account_id, t.period, t.plan, t.customer_subscription_id, u.subscription_id, u.meter, u.billable`;

/**
 * Adds the parts to the charges and lines of all sales at once. Charges that are new have no amount until they are
 * priced, unless they cost nothing. Rows are written in the order of their keys, so that neighbours in an index come
 * together, and any two that write charges wait for each other instead of standing in each other's way.
 *
 * @returns the meters of which something was added: ids in commerce, in lower case
 */
export async function addParts(tx: Tx): Promise<string[]> {
  await tx.query(
    `create temp table rating_charge (
       charge bigint not null, account_id uuid not null, period int not null, plan int not null,
       customer_subscription_id uuid not null, subscription_id uuid not null, meter int not null, billable boolean not null
     ) on commit drop`,
  );
  await tx.query(
    `with written as (
       insert into charge (account_id, period, plan, customer_subscription_id, subscription_id, meter, billable,
                           quantity, amount)
       select used.*, case when not billable then 0 end from (${USED}) as used
       order by period, plan, customer_subscription_id, subscription_id, meter, billable
       on conflict (period, plan, customer_subscription_id, subscription_id, meter, billable)
       do update set quantity = trim_scale(charge.quantity + excluded.quantity)
       returning charge, account_id, period, plan, customer_subscription_id, subscription_id, meter, billable
     )
     insert into rating_charge select * from written`,
  );
  await tx.query('analyze rating_charge');
  await tx.query(
    `merge into rated_line l
     using (${LINES} order by c.charge, p.usage_day, p.resource_key) n
     on l.charge = n.charge and l.usage_day = n.usage_day and l.resource_key = n.resource_key
     when matched then update
       set quantity = trim_scale(l.quantity + n.quantity), rows = l.rows + n.rows,
           first_reported = least(l.first_reported, n.first_reported),
           last_reported = greatest(l.last_reported, n.last_reported)
     when not matched then
       insert (account_id, charge, usage_day, resource_key, quantity, rows, first_reported, last_reported)
       values (n.account_id, n.charge, n.usage_day, n.resource_key, n.quantity, n.rows, n.first_reported,
               n.last_reported)`,
  );
  await tx.query(noteChanges(CHANGED_DAYS));
  const { rows } = await tx.query<{ key: string }>(
    `select distinct lower(m.commerce_meter_id) as key
     from (select distinct meter from rating_charge) c join commerce_meter m using (meter)`,
  );
  return rows.map(({ key }) => key);
}
