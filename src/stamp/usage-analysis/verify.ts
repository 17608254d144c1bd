import type { Database, Tx } from '../../platform/index.ts';
import {
  DAY_COLUMNS,
  DAY_IN_MONTH,
  HOUR_COLUMNS,
  LEVEL_KEYS,
  MONTH_OF_DAY,
  type Level,
} from './columns.ts';

/** A row of the sums that is not what it is made of. */
export interface SummaryDifference {
  readonly table: string;
  /** Which side has it, its key and its values. */
  readonly row: string;
}

export interface SummaryVerdict {
  /** Rows of sums that were compared. */
  readonly rows: bigint;
  /** Some for each table. */
  readonly differences: readonly SummaryDifference[];
}

type Kind = 'days' | 'hours';

const EXAMPLES = 10;

/**
 * Computes the sums anew and compares every row: those by place with hourly rows, and daily rows where those are past
 * retention; the coarser ones with the level below. Hours are compared as far as hourly rows are kept. Changes nothing;
 * reads everything.
 */
export async function verifySummaries(database: Database): Promise<SummaryVerdict> {
  return database.transaction(
    async (tx) => {
      await tx.query(`set local work_mem = '64MB'; set local jit = off`);
      let rows = 0n;
      const differences: SummaryDifference[] = [];
      for (const kind of ['days', 'hours'] as const) {
        for (const level of ['place', 'subscription', 'meter'] as const) {
          const compared = await compare(tx, level, kind);
          rows += compared.rows;
          differences.push(...compared.differences);
        }
      }
      return { rows, differences };
    },
    { readOnly: true, isolation: 'repeatable read' },
  );
}

async function compare(tx: Tx, level: Level, kind: Kind): Promise<SummaryVerdict> {
  const table = `usage_${kind}_by_${level}`;
  const columns = [...LEVEL_KEYS[level], 'meter', blockOf(kind), ...amountsOf(kind)].join(', ');
  const onlyKept = level === 'place' && kind === 'hours' ? `where ${keptDay('day')}` : '';
  const { rows } = await tx.query<{ rows: bigint; examples: string[] | null }>(
    `with kept as (select ${columns} from ${table} ${onlyKept}),
          made as (${madeOf(level, kind)}),
          different as (
            (select 'kept' as side, a::text as row from (select * from kept except all select * from made) as a)
            union all
            (select 'made', b::text from (select * from made except all select * from kept) as b))
     select (select count(*) from kept) as rows,
            (select array_agg(side || ' ' || row) from (select * from different limit ${EXAMPLES}) as few) as examples`,
  );
  const { rows: compared, examples } = rows[0]!;
  return { rows: compared, differences: (examples ?? []).map((row) => ({ table, row })) };
}

function blockOf(kind: Kind): 'month' | 'day' {
  return kind === 'days' ? 'month' : 'day';
}

function amountsOf(kind: Kind): readonly string[] {
  return kind === 'days' ? ['total', ...DAY_COLUMNS] : HOUR_COLUMNS;
}

function madeOf(level: Level, kind: Kind): string {
  if (level === 'place') return kind === 'days' ? DAYS_OF_FACTS : HOURS_OF_FACTS;
  const key = LEVEL_KEYS[level].join(', ');
  const sums = amountsOf(kind).map((column) => `sum(${column})`);
  const from =
    level === 'meter'
      ? `usage_${kind}_by_subscription`
      : `usage_${kind}_by_place join (select place, location from usage_place) as p using (place)`;
  return `select ${key}, meter, ${blockOf(kind)}, ${sums.join(', ')} from ${from}
          group by ${key}, meter, ${blockOf(kind)}`;
}

/** A usage day of which no reported hour is past retention, so that its hours are all there. */
function keptDay(day: string): string {
  return `${day} > coalesce((select max(number) / 24 from reported_window
                             where granularity = 'hour' and expired_at is not null), -1)`;
}

const HOURLY = `select subscription_id, resource_key, meter, usage_hour, quantity from usage_hourly
                where reported_hour in (select reported_hour from usage_summarized)`;

/** Of reported days whose hourly rows are gone. */
const DAILY = `select subscription_id, resource_key, meter, usage_day as day, quantity from usage_daily
               where reported_day in (select number / 24 from reported_window
                                      where granularity = 'hour' and expired_at is not null)
                 and reported_day * 24 in (select reported_hour from usage_summarized)`;

const HOURS_OF_FACTS = `
  select p.place, p.subscription_id, meter, usage_hour / 24,
         ${HOUR_COLUMNS.map((_, at) => `sum(quantity) filter (where usage_hour % 24 = ${at})`).join(', ')}
  from (${HOURLY}) as h join usage_place p using (subscription_id, resource_key)
  where ${keptDay('(usage_hour / 24)')}
  group by p.place, p.subscription_id, meter, usage_hour / 24`;

const DAYS_OF_FACTS = `
  select place, subscription_id, meter, month, sum(quantity),
         ${DAY_COLUMNS.map((_, at) => `sum(quantity) filter (where in_month = ${at + 1})`).join(', ')}
  from (
    select p.place, p.subscription_id, meter, ${MONTH_OF_DAY('day')} as month, ${DAY_IN_MONTH('day')} as in_month,
           sum(quantity) as quantity
    from (
      select subscription_id, resource_key, meter, usage_hour / 24 as day, quantity from (${HOURLY}) as h
      union all ${DAILY}
    ) as f
    join usage_place p using (subscription_id, resource_key)
    group by p.place, p.subscription_id, meter, day
  ) as used
  group by place, subscription_id, meter, month`;
