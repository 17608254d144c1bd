import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { Decimal } from '../../kernel/index.ts';
import { HOUR_US, spreadOverHours } from './spread.ts';

const decimal = (text: string): Decimal => Decimal.parse(text)!;
const texts = (parts: ReturnType<typeof spreadOverHours>): string[] =>
  parts.map((part) => part.quantity.toText());

test('a record inside one hour stays whole', () => {
  const [part, ...rest] = spreadOverHours(HOUR_US * 5, HOUR_US * 6, decimal('0.3'));
  assert.equal(rest.length, 0);
  assert.deepEqual([part!.usageHour, part!.quantity.toText()], [5, '0.3']);
});

test('a record over two half hours is halved', () => {
  const parts = spreadOverHours(HOUR_US * 5.5, HOUR_US * 6.5, decimal('1'));
  assert.deepEqual(texts(parts), ['0.5', '0.5']);
});

test('what does not divide goes to the largest remainders, the earlier first', () => {
  const parts = spreadOverHours(0, HOUR_US * 3, decimal('1'));
  assert.deepEqual(texts(parts), ['0.333333333334', '0.333333333333', '0.333333333333']);
});

test('conserved: the parts of any record add up to it, in adjoining hours', () => {
  const record = fc.record({
    start: fc.integer({ min: 0, max: 2_000_000_000 }),
    length: fc.integer({ min: 1, max: 31 * 24 * 3600 }),
    unscaled: fc.bigInt({ min: 0n, max: 10n ** 30n - 1n }),
    scale: fc.integer({ min: 0, max: 30 }),
  });
  fc.assert(
    fc.property(record, ({ start, length, unscaled, scale }) => {
      const quantity = Decimal.fromBigInt(unscaled, scale);
      const parts = spreadOverHours(start * 1e6, (start + length) * 1e6, quantity);
      const sum = parts.reduce((total, part) => total.add(part.quantity), Decimal.zero);
      assert.equal(sum.toText(), quantity.toText());
      assert.equal(parts[0]!.startUs, start * 1e6);
      assert.equal(parts.at(-1)!.endUs, (start + length) * 1e6);
      for (let i = 1; i < parts.length; i++) {
        assert.equal(parts[i]!.startUs, parts[i - 1]!.endUs);
        assert.equal(parts[i]!.usageHour, parts[i - 1]!.usageHour + 1);
      }
      assert.ok(parts.every((part) => !part.quantity.isNegative()));
    }),
    { numRuns: 1000 },
  );
});
