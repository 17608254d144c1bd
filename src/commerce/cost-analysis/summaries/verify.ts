import type { Database, Tx } from '../../../platform/index.ts';
import { DAY_COLUMNS, DAY_IN_MONTH, LEVELS, MONTH_OF_DAY, type Level } from './levels.ts';
import { MADE } from './sum-store.ts';
import { RATE } from './summary-store.ts';

/** Something that is kept otherwise than what it is made of says. */
export interface SummaryDifference {
  readonly what: 'charges' | Level;
  /** Which side has it, its key and its values. */
  readonly row: string;
}

/** What comparing found. */
export interface SummaryVerdict {
  /** Charges that were compared: those with nothing left to sum. */
  readonly checked: number;
  /** Some of each kind. */
  readonly differences: readonly SummaryDifference[];
}

const EXAMPLES = 10;
const DAYS = DAY_COLUMNS.join(', ');

/**
 * Computes the sums anew and compares every row (invariant "conserved"): charges and quantities with the lines, amounts with
 * quantities and rates. What waits to be summed is left out where it is compared with lines. Changes nothing; reads
 * everything.
 */
export async function verifyCostSummaries({
  database,
}: {
  readonly database: Database;
}): Promise<SummaryVerdict> {
  return database.transaction(
    async (tx) => {
      await tx.query(`set local work_mem = '128MB'; set local jit = off`);
      const differences = [...(await compare(tx, 'charges', KEPT_CHARGES, CHARGES))];
      for (const { level, made } of MADE_OF) {
        differences.push(...(await compare(tx, level, keptOf(level), made)));
      }
      const { rows } = await tx.query<{ checked: number }>(
        `select count(*)::int as checked from charge c where ${SETTLED}`,
      );
      return { checked: rows[0]?.checked ?? 0, differences };
    },
    { readOnly: true, isolation: 'repeatable read' },
  );
}

const SETTLED = 'not exists (select from rated_change x where x.charge = c.charge)';

const SCOPE = 'o.sale, o.customer_subscription_id, o.subscription_id, o.period_from, o.period_to';
const KEPT_CHARGES = `
  select c.charge, ${SCOPE}, c.meter, c.quantity, c.amount, c.rate
  from cost_charge c join cost_scope o using (scope) where ${SETTLED}`;
const CHARGES = `
  select c.charge, s.sale, c.customer_subscription_id, c.subscription_id, p.from_hour, p.to_hour, c.meter, c.quantity,
         c.amount, ${RATE}
  from charge c join cost_sale s using (account_id) join billing_period p using (period) where ${SETTLED}`;

const QUANTITIES = `
  select scope, sale, month, charge, meter, resource, place,
         ${DAY_COLUMNS.map((_, at) => `sum(quantity) filter (where day = ${at + 1})`).join(', ')}
  from (
    select k.scope, k.sale, c.charge, c.meter, r.resource, r.place, ${MONTH_OF_DAY('l.usage_day')} as month,
           ${DAY_IN_MONTH('l.usage_day')} as day,
           case when c.quantity <> 0 then l.quantity
                when row_number() over (partition by c.charge, c.quantity <> 0 order by l.usage_day, l.resource_key) = 1 then 1
                else 0 end as quantity
    from rated_line l join charge c using (charge)
    left join cost_charge k on k.charge = c.charge
    left join cost_resource r on r.sale = k.sale and r.customer_subscription_id = c.customer_subscription_id
                             and r.resource_key = l.resource_key
    where ${SETTLED}
  ) l group by scope, sale, month, charge, meter, resource, place`;

/** Each level from the one that it is made of. */
const MADE_OF: readonly { readonly level: Level; readonly made: string }[] = [
  { level: 'resourceOfCharge', made: QUANTITIES },
  { level: 'placeOfCharge', made: MADE.placeOfCharge('true') },
  { level: 'resource', made: MADE.resource('true') },
  { level: 'place', made: MADE.place('true') },
  { level: 'charge', made: MADE.charge('true') },
];

function keptOf(level: Level): string {
  const { table, columns } = LEVELS[level];
  const where = level === 'resourceOfCharge' ? `where ${SETTLED}` : '';
  return `select scope, sale, month, ${columns.join(', ')}, ${DAYS} from ${table} c ${where}`;
}

async function compare(
  tx: Tx,
  what: SummaryDifference['what'],
  keptRows: string,
  madeRows: string,
): Promise<SummaryDifference[]> {
  const { rows } = await tx.query<{ row: string }>(
    `with kept as (${keptRows}), made as (${madeRows})
     (select 'kept ' || a::text as row from (select * from kept except all select * from made) as a limit ${EXAMPLES})
     union all
     (select 'made ' || b::text from (select * from made except all select * from kept) as b limit ${EXAMPLES})`,
  );
  return rows.map(({ row }) => ({ what, row }));
}
