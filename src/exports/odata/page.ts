import type { Tx } from '../../platform/index.ts';
import { filterSql, type Statement } from './filter/sql.ts';
import type { EdmType } from './model.ts';
import type { Options } from './options.ts';
import { afterSql, orderSql, positionSql, type Ordering, type Position } from './order.ts';
import type { EntitySet } from './sets/set.ts';

/** A value as the database gives it: decimals, days and times as text. */
export type Cell = string | number | boolean | null;

export interface PageOfRows {
  /** Cells in the order of `properties`. */
  readonly rows: readonly (readonly Cell[])[];
  readonly properties: readonly { readonly name: string; readonly type: EdmType }[];
  /** Where the next page goes on; undefined on the last page. */
  readonly next: Position | undefined;
}

export interface Reading {
  readonly set: EntitySet;
  readonly options: Pick<Options, 'filter' | 'select'>;
  /** The subscriptions whose rows there can be; undefined: all. */
  readonly subscriptions: readonly string[] | undefined;
}

/**
 * Reads one page of a set: after a row, not after so many rows, so that none is left out or given twice when others are
 * written meanwhile, and by the index that the set is ordered by, so that the thousandth page costs what the first does.
 */
export async function readPage(
  tx: Tx,
  { set, options, subscriptions }: Reading,
  {
    ordering,
    after,
    skip,
    limit,
  }: {
    readonly ordering: Ordering;
    readonly after: Position | undefined;
    readonly skip: number;
    readonly limit: number;
  },
): Promise<PageOfRows> {
  const statement: Statement = { columns: set.columns, counted: set.counted, values: [] };
  const conditions = conditionsOf({ set, options, subscriptions }, statement);
  if (after !== undefined) conditions.push(afterSql(ordering, after, statement));
  const properties = propertiesOf(set, options);
  const columns = properties.map(({ name, type }) => outSql(set.columns[name] ?? 'null', type));
  if (set.looksUp) {
    await tx.query('set local enable_hashjoin = off; set local enable_mergejoin = off');
  }
  const { rows } = await tx.query<Cell[]>({
    text: `select ${[...columns, ...positionSql(ordering)].join(', ')}
           from ${set.from} ${whereSql(conditions)}
           order by ${orderSql(ordering)}
           limit ${limit + 1} offset ${skip}`,
    values: statement.values,
    rowMode: 'array',
  });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const more = rows.length > limit && last !== undefined;
  return {
    rows: page.map((row) => row.slice(0, properties.length)),
    properties,
    next: more ? last.slice(properties.length).map(positionText) : undefined,
  };
}

function positionText(cell: Cell): string | null {
  return cell === null ? null : String(cell);
}

/** How many rows the filter leaves. Read before a page is: what helps to look up few rows takes long for all. */
export async function countRows(tx: Tx, reading: Reading): Promise<string> {
  const { set } = reading;
  const statement: Statement = { columns: set.columns, counted: set.counted, values: [] };
  const conditions = conditionsOf(reading, statement);
  const { rows } = await tx.query<{ count: string }>({
    text: `select count(*)::text as count from ${set.from} ${whereSql(conditions)}`,
    values: statement.values,
  });
  return rows[0]?.count ?? '0';
}

function propertiesOf(
  set: EntitySet,
  { select }: Pick<Options, 'select'>,
): PageOfRows['properties'] {
  return set.properties.filter(({ name }) => select === undefined || select.includes(name));
}

function conditionsOf(
  { set, options: { filter }, subscriptions }: Reading,
  statement: Statement,
): string[] {
  const conditions: string[] = [];
  if (set.subscription !== undefined && subscriptions !== undefined) {
    conditions.push(`${set.subscription} = any($${statement.values.push(subscriptions)}::uuid[])`);
  }
  if (filter !== undefined) conditions.push(filterSql(filter, statement));
  return conditions;
}

function whereSql(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
}

/** What leaves the database: no digit is lost, and no type of the driver is between. */
function outSql(sql: string, type: EdmType): string {
  switch (type) {
    case 'Edm.Decimal':
      return `${sql}::text`;
    case 'Edm.Date':
      return `to_char(${sql}, 'YYYY-MM-DD')`;
    case 'Edm.DateTimeOffset':
      return `to_char(${sql} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')`;
    default:
      return sql;
  }
}
