import { invalidProperty } from '../../platform/index.ts';
import { SQL_TYPES, type Statement } from './filter/sql.ts';
import { findProperty } from './model.ts';
import type { Options } from './options.ts';
import type { EntitySet } from './sets/set.ts';

/** One of the columns that rows are ordered by. */
interface Term {
  readonly sql: string;
  /** As which its value comes back from the text that it was written as. */
  readonly type: string;
  readonly descending: boolean;
  /** Whether it may be null, which is less than everything else. */
  readonly nullable: boolean;
}

/** In which order rows are read. The last columns tell rows apart, so that a page goes on after exactly one row. */
export interface Ordering {
  readonly terms: readonly Term[];
  /** Whether it is that of an index. */
  readonly isNatural: boolean;
}

/** Values of the columns of an order in one row, as texts. */
export type Position = readonly (string | null)[];

/**
 * The order that is asked for; what is alike in it stays in that of the key.
 *
 * @throws InvalidProperty where the set is too large to be sorted so
 */
export function orderingOf(set: EntitySet, { orderBy }: Pick<Options, 'orderBy'>): Ordering {
  const [first] = orderBy;
  const descending = first?.descending === true;
  const isNatural = orderBy.every((order, at) => {
    const sql = set.counted?.[order.property]?.sql ?? set.columns[order.property];
    return order.descending === descending && sql === set.order[at]?.sql;
  });
  if (isNatural) return { terms: keyOf(set, descending), isNatural };
  if (set.sortable) {
    const wanted = orderBy.map((order): Term => {
      const property = findProperty(set, order.property);
      const isText = property?.type === 'Edm.String';
      return {
        sql: `${set.columns[order.property] ?? 'null'}${isText ? ' collate "C"' : ''}`,
        type: SQL_TYPES[property?.type ?? 'Edm.String'],
        descending: order.descending,
        nullable: property?.nullable === true,
      };
    });
    return { terms: [...wanted, ...keyOf(set, false)], isNatural };
  }
  const asked = orderBy.map(({ property }) => property).join(',');
  const own = set.key.join(', ');
  throw invalidProperty(
    '$orderby',
    asked,
    `${set.name} is too large to be sorted by anything but ${own}, all of them up or all down; sort what you have read`,
  );
}

function keyOf({ order }: EntitySet, descending: boolean): Term[] {
  return order.map(({ sql, type }) => ({ sql, type, descending, nullable: false }));
}

export function orderSql({ terms }: Ordering): string {
  return terms
    .map(({ sql, descending, nullable }) => {
      const nulls = nullable ? ` nulls ${descending ? 'last' : 'first'}` : '';
      return `${sql}${descending ? ' desc' : ''}${nulls}`;
    })
    .join(', ');
}

/** Columns that give the position of each row. */
export function positionSql({ terms }: Ordering): string[] {
  return terms.map(({ sql }) => `(${sql})::text`);
}

/** Which rows come after a position. */
export function afterSql(ordering: Ordering, position: Position, { values }: Statement): string {
  const { terms, isNatural } = ordering;
  const marks = terms.map(({ type }, at) => {
    const value = position[at] ?? null;
    return value === null ? undefined : `$${values.push(value)}::${type}`;
  });
  if (isNatural) {
    // A comparison of rows is found by an index; the longer form below is not.
    const sign = terms[0]?.descending === true ? '<' : '>';
    return `(${terms.map(({ sql }) => sql).join(', ')}) ${sign} (${marks.join(', ')})`;
  }
  const ways = terms.map((term, at) => {
    const alike = terms.slice(0, at).map((one, place) => alikeSql(one, marks[place]));
    return [...alike, beyondSql(term, marks[at])].join(' and ');
  });
  return `(${ways.map((way) => `(${way})`).join(' or ')})`;
}

function alikeSql({ sql }: Term, mark: string | undefined): string {
  return mark === undefined ? `${sql} is null` : `${sql} = ${mark}`;
}

function beyondSql({ sql, descending, nullable }: Term, mark: string | undefined): string {
  if (mark === undefined) return descending ? 'false' : `${sql} is not null`;
  if (!descending) return `${sql} > ${mark}`;
  return nullable ? `(${sql} < ${mark} or ${sql} is null)` : `${sql} < ${mark}`;
}
