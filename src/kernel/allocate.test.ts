import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { allocate } from './allocate.ts';
import { Decimal } from './decimal.ts';

const runs = { numRuns: 2000 };

const total = fc
  .tuple(fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), fc.nat(10))
  .map(([unscaled, scale]) => Decimal.fromBigInt(unscaled, scale));

const weights = fc
  .array(fc.oneof(fc.bigInt(0n, 5n), fc.bigInt(0n, 10n ** 18n)), { minLength: 1, maxLength: 40 })
  .filter((list) => list.some((weight) => weight > 0n));

const scale = fc.integer({ min: 10, max: 14 });

function sum(numbers: readonly Decimal[]): Decimal {
  return numbers.reduce((left, right) => left.add(right), Decimal.zero);
}

function texts(text: string, parts: readonly bigint[], places: number): string[] {
  const number = Decimal.parse(text);
  assert.ok(number !== undefined);
  return allocate(number, parts, places).map((share) => share.toText());
}

describe('allocate', () => {
  it('conserves the total exactly', () => {
    fc.assert(
      fc.property(total, weights, scale, (amount, list, places) => {
        const shares = allocate(amount, list, places);
        assert.equal(shares.length, list.length);
        assert.ok(sum(shares).equals(amount));
      }),
      runs,
    );
  });

  it('keeps every share within one unit of its exact proportion, and zero weights at zero', () => {
    fc.assert(
      fc.property(total, weights, scale, (amount, list, places) => {
        const all = list.reduce((left, right) => left + right, 0n);
        const units = amount.unscaledAt(places);
        allocate(amount, list, places).forEach((share, position) => {
          const weight = list[position] ?? 0n;
          const error = share.unscaledAt(places) * all - units * weight;
          assert.ok(-all < error && error < all);
          if (weight === 0n) assert.ok(share.isZero());
        });
      }),
      runs,
    );
  });

  it('splits a negative total like its opposite', () => {
    fc.assert(
      fc.property(total, weights, scale, (amount, list, places) => {
        const opposite = allocate(amount.negate(), list, places).map((share) => share.negate());
        assert.deepEqual(allocate(amount, list, places), opposite);
      }),
      runs,
    );
  });

  it('gives equal weights shares that differ by one unit at most, the larger ones first', () => {
    assert.deepEqual(texts('100', [1n, 1n, 1n], 2), ['33.34', '33.33', '33.33']);
    assert.deepEqual(texts('0.05', [1n, 1n, 1n], 2), ['0.02', '0.02', '0.01']);
    assert.deepEqual(texts('-0.01', [1n, 1n], 2), ['-0.01', '0']);
  });

  it('gives the units that are left to the largest remainders', () => {
    assert.deepEqual(texts('1', [1n, 2n, 3n], 1), ['0.2', '0.3', '0.5']);
    assert.deepEqual(texts('10', [0n, 3n, 4n], 0), ['0', '4', '6']);
    assert.deepEqual(texts('0', [5n, 1n], 3), ['0', '0']);
  });

  it('refuses weights without a sum, negative weights, and a scale below that of the total', () => {
    assert.throws(() => texts('1', [], 2), RangeError);
    assert.throws(() => texts('1', [0n, 0n], 2), RangeError);
    assert.throws(() => texts('1', [2n, -1n], 2), RangeError);
    assert.throws(() => texts('1.005', [1n], 2), RangeError);
  });
});
