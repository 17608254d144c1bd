import type { Tx } from '../../../platform/index.ts';
import {
  DAY_COLUMNS,
  DAY_IN_MONTH,
  LEVELS,
  MONTH_OF_DAY,
  SUMMED_DIGITS,
  type Level,
} from './levels.ts';

const DAYS = DAY_COLUMNS.join(', ');

/**
 * The lines of the days that have changed, in tables that go with the transaction: `cost_changed`, the months of charges
 * with a bit for each changed day, and `cost_line`, their lines. A charge without any quantity is all with its first
 * line.
 */
export async function gatherLines(tx: Tx): Promise<void> {
  await tx.query(`
    create temp table cost_changed_day on commit drop as
    select w.charge, w.scope, w.sale, w.meter, w.customer_subscription_id, d.usage_day,
           ${MONTH_OF_DAY('d.usage_day')} as month, ${DAY_IN_MONTH('d.usage_day')} as day
    from cost_work w join (
      select charge, usage_day from cost_noted where usage_day is not null
      union
      select distinct charge, usage_day from rated_line join cost_work using (charge) where has_no_weights
    ) d using (charge);
    analyze cost_changed_day;
    create temp table cost_changed on commit drop as
    select charge, scope, meter, month, bit_or(1 << (day - 1)) as days
    from cost_changed_day group by charge, scope, meter, month;
    analyze cost_changed;
    create temp table cost_line on commit drop as
    select d.charge, d.scope, d.sale, d.meter, d.customer_subscription_id, d.month, d.day, l.resource_key, l.quantity
    from cost_changed_day d join rated_line l on l.charge = d.charge and l.usage_day = d.usage_day`);
  await tx.query(
    `update cost_line l set quantity = case when w.first = l.ctid then 1 else 0 end
     from (select charge, (array_agg(l.ctid order by month, day, resource_key))[1] as first
           from cost_line l join cost_charge c using (charge) where c.quantity = 0 group by charge) w
     where w.charge = l.charge`,
  );
  await tx.query('analyze cost_line');
}

/** Writes the quantities of the changed days, by resource of a charge. */
export async function writeQuantities(tx: Tx): Promise<void> {
  const sums = DAY_COLUMNS.map(
    (column, at) => `sum(l.quantity) filter (where l.day = ${at + 1}) as ${column}`,
  );
  await tx.query(
    `create temp table cost_new on commit drop as
     select l.scope, l.sale, l.charge, l.meter, l.month, r.resource, r.place, ${sums.join(', ')}
     from cost_line l
     join cost_resource r on r.sale = l.sale and r.customer_subscription_id = l.customer_subscription_id
                         and r.resource_key = l.resource_key
     group by l.scope, l.sale, l.charge, l.meter, l.month, r.resource, r.place`,
  );
  await tx.query('analyze cost_new');
  await writeChangedDays(tx);
}

/** Days that have not changed stay as they are; what has no line any more goes. */
async function writeChangedDays(tx: Tx): Promise<void> {
  const isChanged = (at: number): string => `w.days & ${1 << at} <> 0`;
  const values = DAY_COLUMNS.map(
    (column, at) =>
      `${column} = case when n.days & ${1 << at} <> 0 then n.${column} else t.${column} end`,
  );
  await tx.query(
    `merge into cost_quantity t
     using (select n.*, w.days from cost_new n join cost_changed w using (scope, meter, charge, month)
            order by scope, meter, month, charge, resource) n
     on t.scope = n.scope and t.meter = n.meter and t.charge = n.charge and t.month = n.month and t.resource = n.resource
     when matched then update set ${values.join(', ')}
     when not matched then insert (scope, sale, charge, meter, month, resource, place, ${DAYS})
       values (n.scope, n.sale, n.charge, n.meter, n.month, n.resource, n.place, ${DAY_COLUMNS.map((column) => `n.${column}`).join(', ')})`,
  );
  const emptied = DAY_COLUMNS.map(
    (column, at) => `${column} = case when ${isChanged(at)} then null else t.${column} end`,
  );
  const kept = DAY_COLUMNS.map((column, at) => `case when ${isChanged(at)} then t.${column} end`);
  await tx.query(
    `update cost_quantity t set ${emptied.join(', ')}
     from cost_changed w
     where t.scope = w.scope and t.meter = w.meter and t.charge = w.charge and t.month = w.month
       and coalesce(${kept.join(', ')}) is not null
       and not exists (select from cost_new n where n.scope = t.scope and n.charge = t.charge and n.month = t.month
                                                and n.resource = t.resource)`,
  );
  await tx.query(
    `delete from cost_quantity t using cost_changed w
     where t.scope = w.scope and t.meter = w.meter and t.charge = w.charge and t.month = w.month and coalesce(${DAYS}) is null`,
  );
}

/** Writes what the charges in `cost_work` cost by day and place, and their scopes by place and resource. */
export async function writeAmounts(tx: Tx): Promise<void> {
  const isOfCharges =
    '(t.scope, t.meter, t.charge) in (select scope, meter, charge from cost_work)';
  await replace(tx, 'placeOfCharge', MADE.placeOfCharge(isOfCharges), isOfCharges);
  await replace(tx, 'charge', MADE.charge(isOfCharges), isOfCharges);
  const isOfScopes = 't.scope in (select scope from cost_work)';
  await replace(tx, 'place', MADE.place(isOfScopes), isOfScopes);
  await replace(tx, 'resource', MADE.resource(isOfScopes), isOfScopes);
}

const rounded = (amount: string): string => `trim_scale(round(${amount}, ${SUMMED_DIGITS}))`;

/** Statements that make a level of another, of rows `t` of that. */
export const MADE = {
  // Quantities are added up before they meet the rate: products have many digits.
  placeOfCharge: (where: string): string => `
    select t.scope, t.sale, t.month, t.charge, t.meter, t.place,
           ${summed((column) => rounded(`coalesce(c.rate, 0) * t.${column}`))}
    from (select t.scope, t.sale, t.month, t.charge, t.meter, t.place, ${summed((column) => `sum(t.${column})`)}
          from cost_quantity t where ${where} group by t.scope, t.sale, t.month, t.charge, t.meter, t.place) t
    join cost_charge c using (charge)`,
  place: (where: string): string => `
    select t.scope, t.sale, t.month, t.place, ${summed((column) => `sum(t.${column})`)}
    from cost_by_charge_place t where ${where} group by t.scope, t.sale, t.month, t.place`,
  resource: (where: string): string => `
    select t.scope, t.sale, t.month, t.resource, t.place, ${summed((column) => rounded(`sum(coalesce(c.rate, 0) * t.${column})`))}
    from cost_quantity t join cost_charge c using (charge) where ${where}
    group by t.scope, t.sale, t.month, t.resource, t.place`,
  charge: amountsByCharge,
} as const;

/** What charges cost by day; the largest day has what is left of the amount, so that they add up to it. */
function amountsByCharge(where: string): string {
  const cells = DAY_COLUMNS.map((column, at) => `(${at + 1}, ${column})`);
  const pivoted = summed((_, at) => `max(amount) filter (where day = ${at + 1})`);
  return `
    with used as (
      select t.scope, t.sale, t.charge, t.meter, t.month, ${summed((column) => `sum(t.${column})`)}
      from cost_by_charge_place t where ${where} group by t.scope, t.sale, t.charge, t.meter, t.month
    ), cell as (
      select u.scope, u.sale, u.charge, u.meter, u.month, v.day, coalesce(c.amount, 0) as whole, v.amount
      from used u join cost_charge c using (charge) cross join lateral (values ${cells.join(', ')}) as v (day, amount)
      where v.amount is not null
    ), settled as (
      select scope, sale, charge, meter, month, day,
             trim_scale(amount + case when row_number() over (partition by charge order by amount desc, month, day) = 1
                                      then whole - sum(amount) over (partition by charge) else 0 end) as amount
      from cell
    )
    select scope, sale, month, charge, meter, ${pivoted} from settled group by scope, sale, month, charge, meter`;
}

function summed(sum: (column: string, at: number) => string): string {
  return DAY_COLUMNS.map((column, at) => `${sum(column, at)} as ${column}`).join(', ');
}

/** Makes the rows of a level what a statement says: those that differ are written, those it does not have go. */
async function replace(tx: Tx, level: Level, select: string, where: string): Promise<void> {
  const { table, key, columns } = LEVELS[level];
  const made = `cost_made_${table}`;
  await tx.query(`create temp table ${made} on commit drop as ${select}`);
  const keys = ['scope', 'month', ...key];
  const isSame = keys.map((column) => `t.${column} = n.${column}`).join(' and ');
  const of = (row: string): string => DAY_COLUMNS.map((column) => `${row}.${column}`).join(', ');
  const all = ['scope', 'sale', 'month', ...columns];
  await tx.query(
    `merge into ${table} t using (select * from ${made} order by ${keys.join(', ')}) n on ${isSame}
     when matched and (${of('t')}) is distinct from (${of('n')})
       then update set ${DAY_COLUMNS.map((column) => `${column} = n.${column}`).join(', ')}
     when not matched then insert (${all.join(', ')}, ${DAYS})
       values (${all.map((column) => `n.${column}`).join(', ')}, ${of('n')})`,
  );
  await tx.query(
    `delete from ${table} t where ${where} and not exists (select from ${made} n where ${isSame})`,
  );
}
