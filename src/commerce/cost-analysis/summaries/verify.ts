import type { Database } from '../../../platform/index.ts';
import { RATE } from './summary-store.ts';

/** Something that is kept otherwise than the lines say. */
export interface SummaryDifference {
  readonly what: 'charge' | 'day' | 'place' | 'resource';
  readonly charge: bigint;
}

/** What comparing found. */
export interface SummaryVerdict {
  /** Charges that were compared: those with nothing left to sum. */
  readonly checked: number;
  readonly differences: readonly SummaryDifference[];
}

const MOST_TOLD = 100;

const SETTLED = 'not exists (select from rated_change x where x.charge = c.charge)';

/** What the lines come to, and what is kept: rows of one that the other has not tell a difference. */
const COMPARED = `
  select 'charge' as what, coalesce(k.charge, c.charge) as charge
  from cost_charge k full join (
    select c.*, p.from_hour, p.to_hour, ${RATE} as rate from charge c join billing_period p using (period)) c using (charge)
  where (k.period_from, k.period_to, k.meter, k.subscription_id, k.customer_subscription_id, k.quantity, k.amount, k.rate)
    is distinct from (c.from_hour, c.to_hour, c.meter, c.subscription_id, c.customer_subscription_id, c.quantity, c.amount, c.rate)
  union all
  select 'day', charge
  from cost_day k full join (
    select charge, usage_day, sum(quantity) as quantity from rated_line group by 1, 2) l using (charge, usage_day)
  where k.quantity is distinct from l.quantity
  union all
  select 'place', charge
  from cost_place_day k full join (
    select charge, usage_day, r.place, sum(l.quantity) as quantity from lines l join cost_resource r using (resource)
    group by 1, 2, 3) l using (charge, usage_day, place)
  where k.quantity is distinct from l.quantity
  union all
  select 'resource', charge
  from cost_resource_total k full join (
    select charge, resource, sum(quantity) as quantity from lines group by 1, 2) l using (charge, resource)
  where k.quantity is distinct from l.quantity`;

/** Adds all lines up again and compares the sums with those that are kept (invariant "conserved"). */
export async function verifyCostSummaries({
  database,
}: {
  readonly database: Database;
}): Promise<SummaryVerdict> {
  return database.transaction(
    async (tx) => {
      const { rows: differences } = await tx.query<SummaryDifference>(
        `with lines as (
           select l.charge, l.usage_day, r.resource, l.quantity
           from rated_line l join charge c using (charge) join cost_sale s on s.account_id = c.account_id
           left join cost_resource r on r.sale = s.sale and r.customer_subscription_id = c.customer_subscription_id
                                    and r.resource_key = l.resource_key)
         select distinct c.what, c.charge from (${COMPARED}) c where ${SETTLED} order by 2, 1 limit $1`,
        [MOST_TOLD],
      );
      const { rows } = await tx.query<{ checked: number }>(
        `select count(*)::int as checked from charge c where ${SETTLED}`,
      );
      return { checked: rows[0]?.checked ?? 0, differences };
    },
    { readOnly: true, isolation: 'repeatable read' },
  );
}
