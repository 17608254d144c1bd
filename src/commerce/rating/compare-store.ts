import { decimalOf, type Tx } from '../../platform/index.ts';
import { CHARGE_KEY } from './amount-store.ts';
import { noteChanges } from './changed-charges.ts';
import { LINES, USED } from './part-store.ts';
import type { AmountChange } from './pricing-pass.ts';

/**
 * Puts the charges and lines that the parts make beside those that are kept, in tables that go with the transaction:
 * `rating_charge`, where charges that are not kept have numbers below zero and those of which nothing is left a quantity of
 * zero, and `rating_line_change`, the lines that differ.
 */
export async function compareParts(tx: Tx, periods: readonly number[]): Promise<void> {
  await tx.query(`
    create temp table rating_charge (
      charge bigint not null, account_id uuid not null, period int not null, plan int not null,
      customer_subscription_id uuid not null, subscription_id uuid not null, meter int not null, billable boolean not null,
      quantity numeric not null, amount numeric, old_quantity numeric, new_amount numeric, kept bigint,
      problem text, new_problem text
    ) on commit drop;
    create temp table rating_line_change (
      account_id uuid not null, charge bigint not null, usage_day int not null, resource_key uuid not null,
      quantity numeric, rows int, first_reported int, last_reported int,
      old_quantity numeric, old_rows int, old_first int, old_last int
    ) on commit drop`);
  await tx.query(
    `insert into rating_charge
     select coalesce(c.charge, - row_number() over ()), account_id, period, plan, customer_subscription_id, subscription_id,
            meter, billable, coalesce(u.quantity, 0), c.amount, c.quantity, c.amount, c.charge, c.problem, c.problem
     from (${USED}) u
     full join (select charge, account_id, period, plan, customer_subscription_id, subscription_id, meter, billable,
                       quantity, amount, problem
                from charge where period = any($1::int[])) c
       using (account_id, period, plan, customer_subscription_id, subscription_id, meter, billable)`,
    [periods],
  );
  await tx.query('analyze rating_charge');
  await tx.query(
    `insert into rating_line_change
     select coalesce(n.account_id, o.account_id), charge, usage_day, resource_key,
            n.quantity, n.rows, n.first_reported, n.last_reported,
            o.quantity, o.rows, o.first_reported, o.last_reported
     from (${LINES}) n
     full join (select * from rated_line
                where charge in (select charge from charge where period = any($1::int[]))) o
       using (charge, usage_day, resource_key)
     where (n.quantity, n.rows, n.first_reported, n.last_reported)
           is distinct from (o.quantity, o.rows, o.first_reported, o.last_reported)`,
    [periods],
  );
}

/** Notes what charges cost now, beside what they cost. */
export async function noteAmounts(tx: Tx, changes: readonly AmountChange[]): Promise<void> {
  await tx.query(
    `update rating_charge set new_amount = given.amount, new_problem = given.problem
     from unnest($1::bigint[], $2::numeric[], $3::text[]) as given (charge, amount, problem)
     where rating_charge.charge = given.charge`,
    [
      changes.map(({ charge: { charge } }) => charge.toString()),
      changes.map(({ after }) => after?.toText() ?? null),
      changes.map(({ problem }) => problem ?? null),
    ],
  );
}

const IS_CHANGED = `(quantity is distinct from old_quantity or amount is distinct from new_amount
  or problem is distinct from new_problem)`;

/** Whether anything is different from what is kept. */
export async function hasDifferences(tx: Tx): Promise<boolean> {
  const { rows } = await tx.query<{ differs: boolean }>(
    `select exists (select from rating_charge where ${IS_CHANGED})
         or exists (select from rating_line_change) as differs`,
  );
  return rows[0]?.differs === true;
}

/** Copies what is about to be replaced, then replaces it. */
export async function replaceKept(tx: Tx, run: bigint): Promise<void> {
  await tx.query(
    `select from charge
     where charge in (select kept from rating_charge where kept is not null and ${IS_CHANGED})
     order by ${CHARGE_KEY} for no key update`,
  );
  await tx.query(
    `insert into charge_version (run, charge, quantity, amount)
     select $1, charge, old_quantity, amount from rating_charge
     where kept is not null and ${IS_CHANGED}`,
    [run.toString()],
  );
  await tx.query(
    `insert into rated_line_version (run, charge, usage_day, resource_key, quantity, rows, first_reported, last_reported)
     select $1, charge, usage_day, resource_key, old_quantity, old_rows, old_first, old_last
     from rating_line_change where old_rows is not null`,
    [run.toString()],
  );
  await tx.query(
    `with made as (
       insert into charge (account_id, period, plan, customer_subscription_id, subscription_id, meter, billable, quantity,
                           amount, problem)
       select account_id, period, plan, customer_subscription_id, subscription_id, meter, billable, quantity, new_amount,
              new_problem
       from rating_charge where kept is null
       order by ${CHARGE_KEY}
       returning charge, period, plan, customer_subscription_id, subscription_id, meter, billable
     )
     update rating_charge r set kept = made.charge from made
     where (r.period, r.plan, r.customer_subscription_id, r.subscription_id, r.meter, r.billable)
         = (made.period, made.plan, made.customer_subscription_id, made.subscription_id, made.meter, made.billable)`,
  );
  await tx.query(
    `update charge set quantity = r.quantity, amount = r.new_amount, problem = r.new_problem
     from (select kept, quantity, new_amount, new_problem from rating_charge where ${IS_CHANGED}) r
     where r.kept = charge.charge`,
  );
  await tx.query(
    `delete from rated_line l using rating_line_change n
     where n.rows is null and l.charge = n.charge and l.usage_day = n.usage_day and l.resource_key = n.resource_key`,
  );
  await tx.query(
    `insert into rated_line (account_id, charge, usage_day, resource_key, quantity, rows, first_reported, last_reported)
     select n.account_id, r.kept, n.usage_day, n.resource_key, n.quantity, n.rows, n.first_reported, n.last_reported
     from rating_line_change n join rating_charge r using (charge)
     where n.rows is not null
     order by r.kept, n.usage_day, n.resource_key
     on conflict (charge, usage_day, resource_key) do update
     set quantity = excluded.quantity, rows = excluded.rows, first_reported = excluded.first_reported,
         last_reported = excluded.last_reported`,
  );
  await tx.query(
    noteChanges(`select kept, null::int from rating_charge where ${IS_CHANGED}
     union select r.kept, n.usage_day from rating_line_change n join rating_charge r using (charge)`),
  );
}

/** What the charges of a period came to, and come to now. */
export interface PeriodAmounts {
  readonly period: number;
  readonly before: string;
  readonly after: string;
}

/** Of the periods in which a charge changed. */
export async function amountsOfPeriods(tx: Tx): Promise<PeriodAmounts[]> {
  const { rows } = await tx.query<PeriodAmounts>(
    `select period, trim_scale(coalesce(sum(amount), 0)) as before, trim_scale(coalesce(sum(new_amount), 0)) as after
     from rating_charge group by period having bool_or(${IS_CHANGED}) order by period`,
  );
  return rows;
}

/** Something that is kept otherwise than it is found out anew. */
export interface RatingDifference {
  readonly period: number;
  /** Undefined: it should be there and is not. */
  readonly charge: bigint | undefined;
  readonly what: 'quantity' | 'amount' | 'line';
  /** Of a line, its day since 1970 and resource. */
  readonly usageDay: number | undefined;
  readonly resourceKey: string | undefined;
  /** Decimal text; undefined where there is nothing. */
  readonly kept: string | undefined;
  readonly found: string | undefined;
}

interface DifferenceRow {
  readonly period: number;
  readonly charge: bigint | null;
  readonly what: RatingDifference['what'];
  readonly day: number | null;
  readonly resource: string | null;
  readonly kept: string | null;
  readonly found: string | null;
}

/** The differences, at most `limit`; those of charges first. */
export async function listDifferences(tx: Tx, limit: number): Promise<RatingDifference[]> {
  const { rows } = await tx.query<DifferenceRow>(
    `select * from (
       select period, kept as charge, 'quantity' as what, null::int as day, null::uuid as resource, old_quantity as kept,
              quantity as found
       from rating_charge where quantity is distinct from old_quantity
       union all
       select period, kept, 'amount', null, null, amount, new_amount
       from rating_charge where amount is distinct from new_amount
       union all
       select r.period, r.kept, 'line', n.usage_day, n.resource_key, n.old_quantity, n.quantity
       from rating_line_change n join rating_charge r using (charge)
     ) as all_of_them order by what = 'line', period, charge, day, resource limit $1`,
    [limit],
  );
  return rows.map((row) => ({
    period: row.period,
    charge: row.charge ?? undefined,
    what: row.what,
    usageDay: row.day ?? undefined,
    resourceKey: row.resource ?? undefined,
    kept: row.kept === null ? undefined : decimalOf(row.kept).toText(),
    found: row.found === null ? undefined : decimalOf(row.found).toText(),
  }));
}
