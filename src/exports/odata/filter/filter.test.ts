import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { withTestDatabase } from '../../../../test/support/database.ts';
import type { EntityShape } from '../model.ts';
import type { Expression, Operand } from './expression.ts';
import { parseFilter } from './parse.ts';
import { printFilter } from './print.ts';
import { filterSql } from './sql.ts';
import { SHAPE } from './test-shape.ts';

interface Thing {
  readonly Id: number;
  readonly Name: string | null;
  /** In tenths, so that this test computes exactly. */
  readonly Amount: number | null;
  /** Hours since 1970. */
  readonly At: number | null;
  readonly Paid: boolean | null;
}

const names = fc.constantFrom('', 'a', 'A', 'ab', "o'b", 'Zoë', 'x y', '100%', '_');
const tenths = fc.integer({ min: -30, max: 30 });
const hours = fc.integer({ min: 490_000, max: 490_100 });
const thing = fc.record({
  Name: fc.option(names),
  Amount: fc.option(tenths),
  At: fc.option(hours),
  Paid: fc.option(fc.boolean()),
});

const property = (name: keyof Thing, type: EntityShape['properties'][number]['type']): Operand => ({
  kind: 'property',
  name,
  type,
});
const name = property('Name', 'Edm.String');
const amount = property('Amount', 'Edm.Decimal');
const at = property('At', 'Edm.DateTimeOffset');

const textLiteral = names.map((text): Operand => ({ kind: 'literal', type: 'Edm.String', text }));
const numberLiteral = tenths.map((value): Operand => ({
  kind: 'literal',
  type: 'Edm.Decimal',
  text: tenthsText(value),
}));
const timeLiteral = hours.map((hour): Operand => ({
  kind: 'literal',
  type: 'Edm.DateTimeOffset',
  text: timeOf(hour),
}));

function numberOf(value: number): Operand {
  return { kind: 'literal', type: 'Edm.Decimal', text: `${value}` };
}

function tenthsText(value: number): string {
  return `${value < 0 ? '-' : ''}${Math.floor(Math.abs(value) / 10)}.${Math.abs(value) % 10}`;
}

function timeOf(hour: number): string {
  return Temporal.Instant.fromEpochMilliseconds(hour * 3_600_000).toString();
}

const op = fc.constantFrom('eq', 'ne', 'gt', 'ge', 'lt', 'le');
const equality = fc.constantFrom('eq', 'ne');
const texts = fc.oneof(
  fc.constant(name),
  textLiteral,
  fc.constant<Operand>({ kind: 'call', name: 'tolower', of: [name], type: 'Edm.String' }),
  fc.constant<Operand>({ kind: 'call', name: 'trim', of: [name], type: 'Edm.String' }),
  textLiteral.map((text): Operand => ({
    kind: 'call',
    name: 'concat',
    of: [name, text],
    type: 'Edm.String',
  })),
  fc
    .array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 2 })
    .map((places): Operand => ({
      kind: 'call',
      name: 'substring',
      of: [name, ...places.map((place) => numberOf(place))],
      type: 'Edm.String',
    })),
);
const numbers = fc.oneof(
  fc.constant(amount),
  numberLiteral,
  fc.constant<Operand>({ kind: 'call', name: 'length', of: [name], type: 'Edm.Int32' }),
  fc.constant<Operand>({ kind: 'call', name: 'hour', of: [at], type: 'Edm.Int32' }),
  textLiteral.map((text): Operand => ({
    kind: 'call',
    name: 'indexof',
    of: [name, text],
    type: 'Edm.Int32',
  })),
  ...(['round', 'floor', 'ceiling'] as const).map((function_) =>
    fc.constant<Operand>({ kind: 'call', name: function_, of: [amount], type: 'Edm.Decimal' }),
  ),
);
const times = fc.oneof(fc.constant(at), timeLiteral);

const term: fc.Arbitrary<Expression> = fc.oneof(
  ...[texts, numbers, times].map((one) =>
    fc.tuple(op, one, one).map(([sign, left, right]): Expression => {
      return { kind: 'compare', op: sign, left, right };
    }),
  ),
  fc.tuple(equality, fc.constantFrom(name, amount, at)).map(([sign, left]): Expression => {
    return { kind: 'compare', op: sign, left, right: { kind: 'null' } };
  }),
  fc.array(textLiteral, { minLength: 1, maxLength: 4 }).map((values): Expression => {
    return { kind: 'in', of: name, values: values.filter((value) => value.kind === 'literal') };
  }),
  fc
    .tuple(fc.constantFrom('contains', 'startswith', 'endswith'), texts, texts)
    .map(([test, of, part]): Expression => ({ kind: 'text', test, of, part })),
  fc.constant<Expression>({ kind: 'is', of: property('Paid', 'Edm.Boolean') }),
);

const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
  expression: fc.oneof(
    { depthSize: 'small' },
    term,
    fc
      .tuple(fc.constantFrom('and', 'or'), tie('expression'), tie('expression'))
      .map(([kind, left, right]): Expression => ({ kind, left, right })),
    tie('expression').map((of): Expression => ({ kind: 'not', of })),
  ),
}));

type Value = string | number | boolean | null;

/** What a filter says of a thing, without the database. */
function holds(filter: Expression, of: Thing): boolean {
  switch (filter.kind) {
    case 'and':
      return holds(filter.left, of) && holds(filter.right, of);
    case 'or':
      return holds(filter.left, of) || holds(filter.right, of);
    case 'not':
      return !holds(filter.of, of);
    case 'is':
      return valueOf(filter.of, of) === true;
    case 'in':
      return filter.values.some((value) =>
        compare('eq', valueOf(filter.of, of), valueOf(value, of)),
      );
    case 'text': {
      const [whole, part] = [valueOf(filter.of, of), valueOf(filter.part, of)];
      if (typeof whole !== 'string' || typeof part !== 'string') return false;
      if (filter.test === 'contains') return whole.includes(part);
      return filter.test === 'startswith' ? whole.startsWith(part) : whole.endsWith(part);
    }
    case 'compare':
      return compare(filter.op, valueOf(filter.left, of), valueOf(filter.right, of));
  }
}

function compare(sign: string, one: Value, other: Value): boolean {
  if (sign === 'eq') return one === other;
  if (sign === 'ne') return one !== other;
  if (one === null || other === null) return false;
  const order = order3(one, other);
  return { gt: order > 0, ge: order >= 0, lt: order < 0, le: order <= 0 }[sign] === true;
}

function order3(one: Value, other: Value): number {
  if (typeof one === 'string') return Buffer.compare(Buffer.from(one), Buffer.from(String(other)));
  return Number(one) - Number(other);
}

/** Numbers in tenths, times in hours. */
function valueOf(operand: Operand, of: Thing): Value {
  switch (operand.kind) {
    case 'null':
      return null;
    case 'literal':
      if (operand.type === 'Edm.String') return operand.text;
      if (operand.type === 'Edm.Decimal') return Math.round(Number(operand.text) * 10);
      return Temporal.Instant.from(operand.text).epochMilliseconds / 3_600_000;
    case 'property':
      return of[operand.name as keyof Thing];
    case 'call': {
      const value = valueOf(operand.of[0]!, of);
      if (value === null) return null;
      const [, ...others] = operand.of.map((one) => valueOf(one, of));
      return computed(operand.name, value, others);
    }
  }
}

/** A function of a value that is there. */
function computed(called: string, value: Value, others: readonly Value[]): Value {
  const [text, tenth] = [String(value), Number(value)];
  const places = others.map((other) => Number(other) / 10);
  switch (called) {
    case 'tolower':
      return text.toLowerCase();
    case 'trim':
      return text.replaceAll(/^ +| +$/g, '');
    case 'length':
      return Array.from(text).length * 10;
    case 'concat':
      return text + String(others[0]);
    case 'substring':
      return text.slice(places[0], places[1] === undefined ? undefined : places[0]! + places[1]);
    case 'indexof':
      return text.indexOf(String(others[0])) * 10;
    case 'round':
      return Math.sign(tenth) * Math.round(Math.abs(tenth) / 10) * 10 + 0;
    case 'floor':
      return Math.floor(tenth / 10) * 10;
    case 'ceiling':
      return Math.ceil(tenth / 10) * 10 + 0;
    default:
      return (tenth % 24) * 10;
  }
}

describe('filters of the feed', () => {
  const test = withTestDatabase();

  it('are read as they are printed', () => {
    fc.assert(
      fc.property(expression, (filter) => {
        assert.deepEqual(parseFilter(printFilter(filter), SHAPE), filter);
      }),
      { numRuns: 1000 },
    );
  });

  it('choose the same rows in the database as in memory', async () => {
    const { pool } = test.database;
    const columns = { Id: '"Id"', Name: '"Name"', Amount: '"Amount"', At: '"At"', Paid: '"Paid"' };
    await fc.assert(
      fc.asyncProperty(
        expression,
        fc.array(thing, { minLength: 1, maxLength: 25 }),
        async (filter, given) => {
          const things = given.map((one, Id): Thing => ({ Id, ...one }));
          const values: unknown[] = [
            things.map(({ Id }) => Id),
            things.map(({ Name }) => Name),
            things.map(({ Amount }) => (Amount === null ? null : tenthsText(Amount))),
            things.map(({ At }) => (At === null ? null : timeOf(At))),
            things.map(({ Paid }) => Paid),
          ];
          const where = filterSql(filter, { columns, values });
          const { rows } = await pool.query<{ Id: number }>(
            `select "Id" from unnest($1::int[], $2::text[], $3::numeric[], $4::timestamptz[], $5::boolean[])
               as things ("Id", "Name", "Amount", "At", "Paid") where ${where} order by 1`,
            values,
          );
          assert.deepEqual(
            rows.map(({ Id }) => Id),
            things.filter((one) => holds(filter, one)).map(({ Id }) => Id),
            printFilter(filter),
          );
        },
      ),
      { numRuns: 400 },
    );
  });
});
