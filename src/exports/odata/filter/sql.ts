import type { EdmType } from '../model.ts';
import {
  typeOf,
  type Comparison,
  type Expression,
  type Function,
  type Literal,
  type Operand,
} from './expression.ts';

export interface CountedColumn {
  readonly sql: string;
  /** Since 1970, UTC. */
  readonly unit: 'day' | 'hour';
}

/** Names and values of a statement under way: values are never part of its text. */
export interface Statement {
  /** SQL of each property, as the statement has it; trusted text. */
  readonly columns: Readonly<Record<string, string>>;
  /** Properties that are times and stand for a column that counts them, which an index has. */
  readonly counted?: Readonly<Record<string, CountedColumn>> | undefined;
  /** Values of $1, $2, ...: what is added here gets the next number. */
  readonly values: unknown[];
}

const OPERATORS = { eq: '=', ne: '<>', gt: '>', ge: '>=', lt: '<', le: '<=' } as const;

/** As which type of the database a value of the feed is compared. */
export const SQL_TYPES: Readonly<Record<EdmType, string>> = {
  'Edm.String': 'text',
  'Edm.Guid': 'uuid',
  'Edm.Decimal': 'numeric',
  'Edm.Int32': 'numeric',
  'Edm.Boolean': 'boolean',
  'Edm.Date': 'date',
  'Edm.DateTimeOffset': 'timestamptz',
};

/**
 * A filter as SQL. What compares with null is false, never unknown, so that `not` of it is true (OData 4.01, part 2:
 * null values); at the top and below `and` and `or` the two cannot be told apart, and the plain form uses indexes.
 */
export function filterSql(expression: Expression, statement: Statement, isNegated = false): string {
  switch (expression.kind) {
    case 'and':
    case 'or':
      return `(${filterSql(expression.left, statement, isNegated)} ${expression.kind} ${filterSql(expression.right, statement, isNegated)})`;
    case 'not':
      return `(not ${filterSql(expression.of, statement, true)})`;
    default: {
      const plain = termSql(expression, statement);
      return isNegated ? `coalesce(${plain}, false)` : plain;
    }
  }
}

type Term = Extract<Expression, { readonly kind: 'compare' | 'in' | 'text' | 'is' }>;

function termSql(term: Term, statement: Statement): string {
  switch (term.kind) {
    case 'compare':
      return comparisonSql(term, statement);
    case 'in':
      return `(${operandSql(term.of, statement)} = any(${listSql(term.values, statement)}))`;
    case 'text': {
      const [of, part] = [operandSql(term.of, statement), operandSql(term.part, statement)];
      if (term.test === 'contains') return `(strpos(${of}, ${part}) > 0)`;
      if (term.test === 'startswith') return `starts_with(${of}, ${part})`;
      // Of nothing the last none are taken, where a negative number would mean all but.
      return `(right(${of}, length(${part})) = ${part})`;
    }
    case 'is':
      return `(${operandSql(term.of, statement)})`;
    default:
      return term satisfies never;
  }
}

function comparisonSql(
  { op, left, right }: Extract<Term, { readonly kind: 'compare' }>,
  statement: Statement,
): string {
  const counted = countedSql(op, left, right, statement);
  if (counted !== undefined) return counted;
  const [one, other] = [operandSql(left, statement), operandSql(right, statement)];
  // Something is unlike null, which SQL's own <> does not say.
  if (op === 'ne') return `(${one} is distinct from ${other})`;
  const hasNull = left.kind === 'null' || right.kind === 'null';
  if (op === 'eq' && (hasNull || (left.kind !== 'literal' && right.kind !== 'literal'))) {
    return `(${one} is not distinct from ${other})`;
  }
  const isOrderOfTexts = op !== 'eq' && 'type' in left && left.type === 'Edm.String';
  return `(${one} ${OPERATORS[op]} ${other}${isOrderOfTexts ? ' collate "C"' : ''})`;
}

const SECONDS = { day: 86_400, hour: 3600 } as const;

/**
 * A comparison of a time with one that was written, as a comparison of counted days or hours, by which rows are found.
 * Undefined where it is none.
 */
function countedSql(
  op: Comparison,
  left: Operand,
  right: Operand,
  { counted, values }: Statement,
): string | undefined {
  if (left.kind !== 'property' || right.kind !== 'literal') return undefined;
  const column = counted?.[left.name];
  if (column === undefined) return undefined;
  const time = right.type === 'Edm.Date' ? `${right.text}T00:00:00Z` : right.text;
  const seconds = Temporal.Instant.from(time).epochMilliseconds / 1000;
  const count = seconds / SECONDS[column.unit];
  // Between two counts nothing is equal, and what is after the time is after the count before it.
  if (!Number.isInteger(count) && (op === 'eq' || op === 'ne'))
    return op === 'eq' ? 'false' : 'true';
  const bound = op === 'ge' || op === 'lt' ? Math.ceil(count) : Math.floor(count);
  return `(${column.sql} ${OPERATORS[op]} $${values.push(bound)}::int)`;
}

function operandSql(operand: Operand, statement: Statement): string {
  switch (operand.kind) {
    case 'null':
      return 'null';
    case 'literal':
      return `$${statement.values.push(operand.text)}::${SQL_TYPES[operand.type]}`;
    case 'property': {
      const column = statement.columns[operand.name];
      if (column === undefined) throw new TypeError(`no column for ${operand.name}`);
      return column;
    }
    case 'call':
      return callSql(operand.name, operand.of, statement);
    default:
      return operand satisfies never;
  }
}

function callSql(name: Function, operands: readonly Operand[], statement: Statement): string {
  const [of = '', second = '', third] = operands.map((one) => operandSql(one, statement));
  switch (name) {
    case 'tolower':
      return `lower(${of})`;
    case 'toupper':
      return `upper(${of})`;
    case 'trim':
      return `btrim(${of})`;
    case 'length':
      return `length(${of})::numeric`;
    case 'indexof':
      return `(strpos(${of}, ${second}) - 1)::numeric`;
    case 'concat':
      return `(${of} || ${second})`;
    case 'substring':
      return substringSql(of, second, third);
    case 'round':
      return `round(${of}::numeric)`;
    case 'floor':
      return `floor(${of}::numeric)`;
    case 'ceiling':
      return `ceil(${of}::numeric)`;
    case 'date':
      return `(${of} at time zone 'UTC')::date`;
    case 'second':
      return `floor(extract(second from ${utcSql(of, operands[0])}))`;
    case 'year':
    case 'month':
    case 'day':
    case 'hour':
    case 'minute':
      return `extract(${name} from ${utcSql(of, operands[0])})`;
    default:
      return name satisfies never;
  }
}

function utcSql(of: string, operand: Operand | undefined): string {
  const isTime = operand !== undefined && typeOf(operand) === 'Edm.DateTimeOffset';
  return isTime ? `(${of} at time zone 'UTC')` : of;
}

/** Characters count from 0; what is before the first or after the last is not there. */
function substringSql(of: string, start: string, length: string | undefined): string {
  const bounded = (sql: string): string => `least(greatest(${sql}, 0), 1000000)::int`;
  const from = `${bounded(start)} + 1`;
  return length === undefined
    ? `substring(${of} from ${from})`
    : `substring(${of} from ${from} for ${bounded(length)})`;
}

function listSql(values: readonly Literal[], statement: Statement): string {
  const type = SQL_TYPES[values[0]?.type ?? 'Edm.String'];
  return `$${statement.values.push(values.map(({ text }) => text))}::${type}[]`;
}
