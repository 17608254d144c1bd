import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { StackmeterError } from '../../kernel/index.ts';
import { narrow, readComparisons, type Operator } from './comparison.ts';

const FIELDS = ['usageStart', 'usageEnd', 'instanceName'] as const;
const OPERATORS = ['eq', 'lt', 'le', 'gt', 'ge'] as const;

const comparison = fc.record(
  {
    field: fc.constantFrom(...FIELDS),
    operator: fc.constantFrom(...OPERATORS),
    value: fc.string({ maxLength: 30 }).filter((text) => !/\p{Cc}/u.test(text)),
  },
  { noNullPrototype: true },
);
const inAnyCase = (text: string): fc.Arbitrary<string> =>
  fc.constantFrom(text, text.toUpperCase(), text.toLowerCase());

describe('a filter of comparisons', () => {
  it('is read back as it was written, in any case, with and without properties/', () => {
    const written = fc
      .array(fc.tuple(comparison, fc.constantFrom('', 'properties/')), {
        minLength: 1,
        maxLength: 5,
      })
      .chain((terms) =>
        fc
          .tuple(
            ...terms.map(([{ field, operator, value }, before]) =>
              fc
                .tuple(inAnyCase(field), inAnyCase(operator))
                .map(([name, word]) => `${before}${name} ${word} '${value.replaceAll("'", "''")}'`),
            ),
          )
          .map((texts) => ({ terms: terms.map(([term]) => term), text: texts.join(' and ') })),
      );
    fc.assert(
      fc.property(written, ({ terms, text }) => {
        assert.deepEqual(readComparisons(text, FIELDS), terms);
      }),
    );
  });

  it('takes values without quotes', () => {
    assert.deepEqual(
      readComparisons('usageStart ge 2026-11-01 and usageEnd lt 2026-12-01T00:00:00Z', FIELDS),
      [
        { field: 'usageStart', operator: 'ge', value: '2026-11-01' },
        { field: 'usageEnd', operator: 'lt', value: '2026-12-01T00:00:00Z' },
      ],
    );
  });

  it('of any other form is refused, and never breaks', () => {
    for (const text of [
      '',
      'usageStart',
      'usageStart ge',
      "usageStart ne '2026-11-01'",
      "usageStart ge '2026-11-01",
      "usageStart ge '2026-11-01' or usageEnd le '2026-11-02'",
      "usageStart ge '2026-11-01' and",
      "usageStart ge '2026-11-01' and ",
      "(usageStart ge '2026-11-01')",
      "cost ge '1'",
      "properties/properties/usageStart ge '2026-11-01'",
      `instanceName eq '${'x'.repeat(2000)}'`,
    ]) {
      assert.throws(() => readComparisons(text, FIELDS), { code: 'InvalidProperty' }, text);
    }
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          readComparisons(text, FIELDS);
        } catch (error) {
          assert.ok(error instanceof StackmeterError && error.code === 'InvalidProperty');
        }
      }),
    );
  });

  it('takes no time that grows with the square of a hostile text', () => {
    const hostile = `usageStart ge ${"'' ".repeat(600)}`;
    assert.throws(() => readComparisons(hostile, FIELDS), { code: 'InvalidProperty' });
  });
});

describe('a range that is narrowed', () => {
  const holds: Readonly<Record<Operator, (value: number, bound: number) => boolean>> = {
    eq: (value, bound) => value === bound,
    lt: (value, bound) => value < bound,
    le: (value, bound) => value <= bound,
    gt: (value, bound) => value > bound,
    ge: (value, bound) => value >= bound,
  };

  it('holds just the numbers for which the comparison holds', () => {
    const small = fc.integer({ min: -50, max: 50 });
    fc.assert(
      fc.property(
        small,
        small,
        fc.constantFrom(...OPERATORS),
        fc.integer({ min: -500, max: 500 }),
        fc.record({
          scale: fc.integer({ min: 1, max: 9 }),
          offset: fc.integer({ min: 0, max: 9 }),
        }),
        (first, last, operator, bound, line) => {
          const kept = narrow({ first, last }, operator, bound, line);
          for (let n = -60; n <= 60; n++) {
            const wanted =
              n >= first && n <= last && holds[operator](line.scale * n + line.offset, bound);
            assert.equal(n >= kept.first && n <= kept.last, wanted, String(n));
          }
        },
      ),
    );
  });
});
