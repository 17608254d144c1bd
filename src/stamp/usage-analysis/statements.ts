import type { AnalysisQuery, Grouping } from '../../analysis/index.ts';
import { DAY_COLUMNS, HOUR_COLUMNS, LEVEL_KEYS, type Level } from './columns.ts';
import {
  conditionsOf,
  groupingSql,
  levelFor,
  Parameters,
  type Condition,
  type GroupingSql,
} from './grouping.ts';
import type { UsageReach } from './reach.ts';
import { amountOfEdges, amountOfMonth, monthsOf, spanOf, type Span } from './span.ts';

/** A question as statements need it. */
export interface SumsQuestion {
  readonly query: AnalysisQuery;
  readonly reach: UsageReach;
  /** Numbers of the meters filtered by; undefined: of all. */
  readonly meters: readonly number[] | undefined;
}

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Rows of sums: where they are, and what of them is taken. */
interface Rows {
  readonly table: string;
  /** Month or day. */
  readonly block: string;
  readonly where: string;
  readonly amount: string;
}

/** Rows of days that the range touches, and rows of hours for days that it has in part. */
function rowsOf(level: Level, span: Span): Rows[] {
  const months = monthsOf(span);
  const days = {
    table: `usage_days_by_${level}`,
    block: 'month',
    where: months ? `month between ${months.first} and ${months.last}` : 'false',
    amount: months ? amountOfMonth(span) : 'null::numeric',
  };
  if (span.edges.length === 0) return [days];
  const hours = {
    table: `usage_hours_by_${level}`,
    block: 'day',
    where: `day in (${span.edges.map(({ day }) => day).join(', ')})`,
    amount: amountOfEdges(span),
  };
  return months ? [days, hours] : [hours];
}

function fromRows(rows: readonly Rows[], level: Level): string {
  const key = ['meter', ...LEVEL_KEYS[level]].join(', ');
  const selects = rows.map(
    ({ table, block, where, amount }) =>
      `select ${key}, ${block} as block, ${amount} as amount from ${table} where ${where}`,
  );
  return `(${selects.join(' union all ')}) as s`;
}

function placesFor(level: Level, ...needs: readonly { readonly needsPlace: boolean }[]): string {
  const isNeeded = level === 'place' && needs.some(({ needsPlace }) => needsPlace);
  return isNeeded ? 'join usage_place p on p.place = s.place' : '';
}

function whereOf(conditions: readonly Condition[]): string {
  return conditions.length === 0 ? '' : `where ${conditions.map(({ sql }) => sql).join(' and ')}`;
}

function levelOf({ query, reach }: SumsQuestion, ...groupings: readonly Grouping[]): Level {
  return levelFor([...groupings, ...query.filters.map(({ by }) => by)], reach);
}

/**
 * Groups of a page, how many there are in all, how many the search finds, and what all of them amount to.
 *
 * Rows of one meter lie together by month (primary key of the sums), so a month of a meter is read from as many rows as
 * it has places; the group is made while they are read, and only its sums are sorted.
 */
export function groupsStatement(question: SumsQuestion, skipped: number): Statement {
  const { query, meters } = question;
  const level = levelOf(question, query.groupBy);
  const parameters = new Parameters();
  const grouping = groupingSql(query.groupBy, level, parameters);
  const conditions = conditionsOf(query.filters, meters, level, parameters);
  const name = nameOf(query.groupBy);
  const named = query.order === 'name' || query.search !== '';
  const order = query.order === 'name' ? 'name collate "C", id' : 'amount desc, id';
  const found = named ? foundStatement(name, parameters.add(query.search, 'text')) : '';
  const listed = named ? 'found' : 'g';
  const text = `
    with g as materialized (
      select ${grouping.id} as id, sum(s.amount) as amount${named ? name.inGroup : ''}
      from ${fromRows(rowsOf(level, spanOf(query.from, query.to)), level)}
      ${placesFor(level, grouping, ...conditions)} ${whereOf(conditions)}
      group by 1 having sum(s.amount) is not null
    )${found}, page as materialized (
      select id, amount, row_number() over (order by ${order}) as at
      from (
        select * from ${listed} order by ${order}
        limit ${parameters.add(query.limit, 'int')} offset ${parameters.add(skipped, 'int')}
      ) as cut
    )
    select counts.*, page.id::text as id, trim_scale(page.amount)::text as amount
    from (
      select count(*)::int as "allGroups", trim_scale(sum(amount))::text as total,
             (select count(*)::int from ${listed}) as "foundGroups"
      from g
    ) as counts
    left join page on true order by page.at`;
  return { text, values: parameters.values };
}

function foundStatement({ sql, join }: GroupName, search: string): string {
  return `, found as materialized (
      select g.id, g.amount, ${sql} as name from g ${join} where strpos(${sql}, ${search}) > 0
    )`;
}

interface GroupName {
  readonly inGroup: string;
  readonly join: string;
  readonly sql: string;
}

/** The name that a group is sought and ordered by, as comparisonKey would have it. */
function nameOf(groupBy: Grouping): GroupName {
  const folded = (sql: string): string => `replace(lower(${sql}), 'ς', 'σ')`;
  switch (groupBy) {
    case 'subscription':
      return {
        inGroup: '',
        join: 'left join analysis_names() n on n.subscription_id = g.id',
        sql: folded(`coalesce(n.name, '')`),
      };
    case 'meter':
      return {
        inGroup: '',
        join: 'join meter m on m.meter = g.id',
        sql: folded('m.name'),
      };
    case 'resourceGroup':
      return { inGroup: ', min(p.resource_group) as name', join: '', sql: 'g.name' };
    case 'resource':
      return { inGroup: ', min(p.name_key) as name', join: '', sql: 'g.name' };
    default:
      return { inGroup: '', join: '', sql: folded('g.id') };
  }
}

/** A statement whose rows are amounts by slot of a group and block of time; how a row's values lie in time. */
export interface PointsStatement extends Statement {
  readonly unit: 'hours of day' | 'days of month' | 'day' | 'month';
  /**
   * Whether most of what there is of the time is wanted, so that it is best read as it lies. The planner cannot tell from
   * tags, and would look up each place on its own: 1.3 s instead of 0.25 s for a month of hours.
   */
  readonly readsMost: boolean;
}

/** Which groups have which slot. */
export interface Slots {
  readonly ids: readonly string[];
  readonly slots: readonly number[];
  /** Whether these are a good part of all groups. */
  readonly most: boolean;
}

const NARROW: readonly Grouping[] = ['subscription', 'resourceGroup', 'resource'];

/**
 * What falls into each piece of time, by slot. Without slots it is everything, from the coarsest level that the filters
 * allow.
 */
export function pointsStatements(question: SumsQuestion, slots?: Slots): PointsStatement[] {
  const { query } = question;
  const span = spanOf(query.from, query.to);
  const level = levelOf(question, ...(slots ? [query.groupBy] : []));
  if (query.granularity === 'hour') {
    const [first, last] = [Math.floor(query.from / 24), Math.floor((query.to - 1) / 24)];
    const where = `day between ${first} and ${last}`;
    const rows = { table: `usage_hours_by_${level}`, block: 'day', where };
    return [pointsOf(question, slots, level, rows, HOUR_COLUMNS, 'hours of day')];
  }
  return rowsOf(level, span).map((rows) => {
    const isOfDays = rows.block === 'month' && query.granularity === 'day';
    const columns = isOfDays ? DAY_COLUMNS : [rows.amount];
    const unit = isOfDays ? 'days of month' : rows.block === 'month' ? 'month' : 'day';
    return pointsOf(question, slots, level, rows, columns, unit);
  });
}

function pointsOf(
  { query, meters }: SumsQuestion,
  slots: Slots | undefined,
  level: Level,
  { table, block, where }: Omit<Rows, 'amount'>,
  columns: readonly string[],
  unit: PointsStatement['unit'],
): PointsStatement {
  const parameters = new Parameters();
  const grouping = slots && groupingSql(query.groupBy, level, parameters);
  const conditions = conditionsOf(query.filters, meters, level, parameters);
  const listed = slots && grouping ? joinSlots(slots, grouping, parameters) : '';
  const text = `
    select ${slots ? 'listed.slot' : '0'} as slot, s.${block} as block,
           array[${columns.map((column) => `sum(${inRow(column)})`).join(', ')}]::text[] as amounts
    from (select * from ${table} where ${where}) as s
    ${placesFor(level, ...(grouping ? [grouping] : []), ...conditions)} ${listed} ${whereOf(conditions)}
    group by 1, 2`;
  const isNarrow = query.filters.some(({ by }) => NARROW.includes(by));
  const readsMost = level === 'place' && !isNarrow && (slots?.most ?? true);
  return { text, values: parameters.values, unit, readsMost };
}

/** A column, or an expression that names columns of sums alone. */
function inRow(column: string): string {
  return /^[dh]\d+$/.test(column) ? `s.${column}` : column;
}

function joinSlots(slots: Slots, { id, type }: GroupingSql, parameters: Parameters): string {
  const ids = parameters.add(slots.ids, `${type}[]`);
  const numbers = parameters.add(slots.slots, 'int[]');
  return `join unnest(${ids}, ${numbers}) as listed (id, slot) on listed.id = ${id}`;
}
