import { invalidProperty, type Tx } from '../../platform/index.ts';
import { filterSql, type Statement } from './filter/sql.ts';
import type { EdmType } from './model.ts';
import type { Options } from './options.ts';
import type { EntitySet } from './sets/set.ts';

/** A value as the database gives it: decimals, days and times as text. */
export type Cell = string | number | boolean | null;

/** Where the next page goes on: after the row with these values, or after so many rows where the order is another. */
export type Position =
  | { readonly kind: 'after'; readonly values: readonly (string | number)[] }
  | { readonly kind: 'offset'; readonly rows: number };

export interface PageOfRows {
  /** Cells in the order of `properties`. */
  readonly rows: readonly (readonly Cell[])[];
  readonly properties: readonly { readonly name: string; readonly type: EdmType }[];
  /** Undefined on the last page. */
  readonly next: Position | undefined;
}

/**
 * Reads one page of a set. The page goes on from the last row of the one before by the index that the set is ordered by,
 * so that the thousandth page costs what the first does; small sets that are sorted otherwise count rows.
 *
 * @throws InvalidProperty for an order that no index gives
 */
export async function readPage(
  tx: Tx,
  set: EntitySet,
  options: Options,
  { position, limit }: { readonly position: Position | undefined; readonly limit: number },
): Promise<PageOfRows> {
  const isSorted = sorts(set, options);
  const statement: Statement = { columns: set.columns, counted: set.counted, values: [] };
  const conditions = conditionsOf(options, statement);
  if (position?.kind === 'after') conditions.push(afterSql(set, position.values, statement));
  const properties = propertiesOf(set, options);
  const columns = properties.map(({ name, type }) => outSql(set.columns[name] ?? 'null', type));
  const offset =
    position === undefined ? options.skip : position.kind === 'offset' ? position.rows : 0;
  const { rows } = await tx.query<Cell[]>({
    text: `select ${[...columns, ...(isSorted ? [] : set.order.map(({ sql, type }) => keySql(sql, type)))].join(', ')}
           from ${set.from} ${whereSql(conditions)}
           order by ${isSorted ? sortSql(set, options) : naturalSql(set)}
           limit ${limit + 1} offset ${offset}`,
    values: statement.values,
    rowMode: 'array',
  });
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const more = rows.length > limit && last !== undefined;
  return {
    rows: page.map((row) => row.slice(0, properties.length)),
    properties,
    next: more ? nextOf(isSorted, last.slice(properties.length), offset + limit) : undefined,
  };
}

/** How many rows the filter leaves. */
export async function countRows(
  tx: Tx,
  set: EntitySet,
  options: Pick<Options, 'filter'>,
): Promise<string> {
  const statement: Statement = { columns: set.columns, counted: set.counted, values: [] };
  const conditions = conditionsOf(options, statement);
  const { rows } = await tx.query<{ count: string }>({
    text: `select count(*)::text as count from ${set.from} ${whereSql(conditions)}`,
    values: statement.values,
  });
  return rows[0]?.count ?? '0';
}

function nextOf(isSorted: boolean, key: readonly Cell[], offset: number): Position {
  if (isSorted) return { kind: 'offset', rows: offset };
  const values = key.filter((value) => typeof value === 'string' || typeof value === 'number');
  return { kind: 'after', values };
}

export function propertiesOf(
  set: EntitySet,
  { select }: Pick<Options, 'select'>,
): PageOfRows['properties'] {
  return set.properties.filter(({ name }) => select === undefined || select.includes(name));
}

/**
 * Whether the rows have to be sorted, rather than read in the order of an index.
 *
 * @throws InvalidProperty where the set is too large for that
 */
function sorts(set: EntitySet, { orderBy }: Options): boolean {
  const isNatural = orderBy.every(({ property, descending }, at) => {
    const sql = set.counted?.[property]?.sql ?? set.columns[property];
    return !descending && sql === set.order[at]?.sql;
  });
  if (isNatural) return false;
  if (set.sortable) return true;
  const asked = orderBy.map(({ property }) => property).join(',');
  throw invalidProperty(
    '$orderby',
    asked,
    `${set.name} is too large to be sorted by anything; leave it out, or sort what you have read`,
  );
}

function conditionsOf({ filter }: Pick<Options, 'filter'>, statement: Statement): string[] {
  return filter === undefined ? [] : [filterSql(filter, statement)];
}

function whereSql(conditions: readonly string[]): string {
  return conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
}

function naturalSql({ order }: EntitySet): string {
  return order.map(({ sql }) => sql).join(', ');
}

/** What is alike in the wanted order stays in the natural one, so that pages do not overlap. */
function sortSql(set: EntitySet, { orderBy }: Options): string {
  const wanted = orderBy.map(
    ({ property, descending }) =>
      `${set.columns[property] ?? 'null'} ${descending ? 'desc nulls last' : 'asc nulls first'}`,
  );
  return [...wanted, naturalSql(set)].join(', ');
}

function afterSql(
  set: EntitySet,
  values: readonly (string | number)[],
  statement: Statement,
): string {
  const columns = set.order.map(({ sql }) => sql).join(', ');
  const marks = set.order.map(({ type }, at) => `$${statement.values.push(values[at])}::${type}`);
  return `(${columns}) > (${marks.join(', ')})`;
}

function keySql(sql: string, type: string): string {
  return type === 'bigint' || type === 'timestamptz' ? `${sql}::text` : sql;
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
