import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { withTestDatabase } from '../../../../test/support/database.ts';
import { StackmeterError } from '../../../kernel/index.ts';
import type { EntityShape } from '../model.ts';
import type { Expression, Operand } from './expression.ts';
import { parseFilter } from './parse.ts';
import { printFilter } from './print.ts';
import { filterSql } from './sql.ts';

const SHAPE: EntityShape = {
  name: 'Things',
  type: 'Thing',
  description: '',
  key: ['Id'],
  properties: [
    { name: 'Id', type: 'Edm.Int32', nullable: false, description: '' },
    { name: 'Name', type: 'Edm.String', nullable: true, description: '' },
    { name: 'Amount', type: 'Edm.Decimal', nullable: true, description: '' },
    { name: 'At', type: 'Edm.DateTimeOffset', nullable: true, description: '' },
    { name: 'Day', type: 'Edm.Date', nullable: true, description: '' },
    { name: 'Paid', type: 'Edm.Boolean', nullable: true, description: '' },
    { name: 'Guid', type: 'Edm.Guid', nullable: true, description: '' },
  ],
};

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
  fc.constant<Operand>({ kind: 'call', name: 'tolower', of: name, type: 'Edm.String' }),
  fc.constant<Operand>({ kind: 'call', name: 'trim', of: name, type: 'Edm.String' }),
);
const numbers = fc.oneof(
  fc.constant(amount),
  numberLiteral,
  fc.constant<Operand>({ kind: 'call', name: 'length', of: name, type: 'Edm.Int32' }),
  fc.constant<Operand>({ kind: 'call', name: 'hour', of: at, type: 'Edm.Int32' }),
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
      const value = valueOf(operand.of, of);
      if (value === null) return null;
      if (operand.name === 'tolower') return String(value).toLowerCase();
      if (operand.name === 'trim') return String(value).replaceAll(/^ +| +$/g, '');
      if (operand.name === 'length') return Array.from(String(value)).length * 10;
      return (Number(value) % 24) * 10;
    }
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

  const refused: readonly (readonly [filter: string, says: RegExp])[] = [
    ['Name', /comparison/],
    ["Nome eq 'a'", /no property 'Nome'/],
    ["Amount eq 'a'", /Edm\.Decimal is not compared with Edm\.String/],
    ['Name gt null', /null is compared by eq and ne/],
    ['Paid gt true', /not compared by gt/],
    ["Name eq 'a", /not understood at ''a'/],
    ["Name eq 'a' Name", /should have ended/],
    ['(Amount eq 1', /'\)' is missing/],
    ['Amount eq', /ends too early/],
    ['year(Name) eq 1', /year is not of Edm\.String/],
    ['Day eq 2026-02-30', /is no value/],
    ['Amount in (Amount)', /holds values/],
    ['contains(Name,1)', /about two texts/],
    [`${'('.repeat(40)}Paid${')'.repeat(40)}`, /nested at most 30/],
    [Array.from({ length: 201 }, () => 'Paid').join(' or '), /at most 200/],
    ['x'.repeat(4001), /at most 4000/],
    ["Name eq 'a'; drop table x", /not understood at '; drop/],
  ];
  for (const [filter, says] of refused) {
    it(`refuses ${filter.slice(0, 40)}`, () => {
      assert.throws(
        () => parseFilter(filter, SHAPE),
        (error) =>
          error instanceof StackmeterError &&
          error.code === 'InvalidProperty' &&
          says.test(error.message),
      );
    });
  }

  it('takes a test that is compared with true or false, as some tools write it', () => {
    const plain = parseFilter("contains(Name,'a')", SHAPE);
    assert.deepEqual(parseFilter("contains(Name,'a') eq true", SHAPE), plain);
    assert.deepEqual(parseFilter("contains(Name,'a') eq false", SHAPE), { kind: 'not', of: plain });
  });
});
